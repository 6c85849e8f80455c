import type { Attempt, SweepTask } from "./sweep_run.ts";

/** What a sweep tells while it goes on. */
export type SweepEvent =
  /** What there is to do, once, before the first run. */
  | {
    readonly type: "plan";
    readonly total: number;
    readonly finished: number;
    readonly pending: readonly SweepTask[];
  }
  /** A run is being carried out. */
  | {
    readonly type: "start";
    readonly task: SweepTask;
    /** Epochs that an earlier attempt has done, as far as is known. */
    readonly epoch: number;
  }
  /** How far a run is. */
  | {
    readonly type: "progress";
    readonly task: SweepTask;
    /** Epochs done. */
    readonly epoch: number;
    /** Epochs in all. */
    readonly epochs: number;
  }
  /** An attempt at a run has ended. */
  | { readonly type: "end"; readonly task: SweepTask; readonly attempt: Attempt }
  /** Nothing is left but runs that other processes are at. */
  | { readonly type: "waiting"; readonly tasks: readonly SweepTask[] };

/** What an executor is given beside the runs. */
export interface ExecutorContext {
  /** The sweep's folder. */
  readonly folder: string;
  /** Asks for all runs to stop at a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens; `start`, `progress` and `end` of every run. */
  readonly onEvent: (event: SweepEvent) => void;
}

/**
 * Carries out runs, here or elsewhere, and resolves when it has done what it can. What became of every
 * run is read from its folder, not from the executor.
 */
export type Executor = (tasks: readonly SweepTask[], context: ExecutorContext) => Promise<void>;
