/**
 * Many runs: studies, processes that train side by side, Slurm.
 *
 * @module
 */
export * from "./executor.ts";
export * from "./last_epoch.ts";
export { HELD_STATUS } from "./process_executor.ts";
export * from "./slurm.ts";
export type { SlurmTask } from "./slurm_queue.ts";
export * from "./slurm_script.ts";
export * from "./study.ts";
export * from "./sweep.ts";
export {
  type Attempt,
  attemptRun,
  type RunState,
  runState,
  type SweepTask,
  sweepTasks,
} from "./sweep_run.ts";
