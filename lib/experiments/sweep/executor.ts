import type { Attempt, SweepTask } from "./sweep_run.ts";

/** An event of a sweep. */
export type SweepEvent =
  /** The plan, once before the first run. */
  | {
    readonly type: "plan";
    readonly total: number;
    readonly finished: number;
    /** The number of all runs, including finished ones. */
    readonly tasks: readonly SweepTask[];
    readonly pending: readonly SweepTask[];
  }
  /** A run begins, at the last known epoch of an earlier attempt. */
  | { readonly type: "start"; readonly task: SweepTask; readonly epoch: number }
  /** The progress of a run: finished epochs, and all epochs. */
  | {
    readonly type: "progress";
    readonly task: SweepTask;
    readonly epoch: number;
    readonly epochs: number;
  }
  /** An attempt at a run has ended. */
  | { readonly type: "end"; readonly task: SweepTask; readonly attempt: Attempt }
  /** The only unfinished runs are held by other processes. */
  | { readonly type: "waiting"; readonly tasks: readonly SweepTask[] };

/** The context of an executor. */
export interface ExecutorContext {
  /** The sweep's folder. */
  readonly folder: string;
  /** Asks for all runs to stop at a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Called with `start`, `progress` and `end` of every run. */
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Carries out runs, on this machine or others. Resolves when it can do no more. The results are in the
 * folders of the runs.
 */
export type Executor = (tasks: readonly SweepTask[], context: ExecutorContext) => Promise<void>;
