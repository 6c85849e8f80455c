import type { Attempt, SweepTask } from "./sweep_run.ts";

/** An event of a sweep. */
export type SweepEvent =
  /** The plan, once before the first run. */
  | {
    readonly type: "plan";
    readonly total: number;
    readonly finished: number;
    /** All runs, the finished ones too. */
    readonly tasks: readonly SweepTask[];
    readonly pending: readonly SweepTask[];
  }
  /** A run begins, at the epoch that an earlier attempt has reached as far as is known. */
  | { readonly type: "start"; readonly task: SweepTask; readonly epoch: number }
  /** The progress of a run: epochs done, and epochs in all. */
  | {
    readonly type: "progress";
    readonly task: SweepTask;
    readonly epoch: number;
    readonly epochs: number;
  }
  /** An attempt at a run has ended. */
  | { readonly type: "end"; readonly task: SweepTask; readonly attempt: Attempt }
  /** Nothing is left but runs that other processes are at. */
  | { readonly type: "waiting"; readonly tasks: readonly SweepTask[] };

/** The surroundings of an executor. */
export interface ExecutorContext {
  /** The sweep's folder. */
  readonly folder: string;
  /** Asks for all runs to stop at a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Hears `start`, `progress` and `end` of every run. */
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Carries out runs, here or elsewhere, and resolves when it has done what it can. The folders of the
 * runs tell the results.
 */
export type Executor = (tasks: readonly SweepTask[], context: ExecutorContext) => Promise<void>;
