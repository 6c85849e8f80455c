/**
 * Many runs: studies, processes that train side by side, Slurm.
 *
 * @module
 */
export type { Executor, ExecutorContext, SweepEvent } from "./executor.ts";
export { lastEpoch } from "./last_epoch.ts";
export { HELD_STATUS } from "./process_executor.ts";
export { shellWord } from "./shell_word.ts";
export {
  cancelOnSlurm,
  type ProgramRunner,
  type SlurmOptions,
  type SlurmRun,
  slurmStatus,
  type SlurmSubmission,
  submitToSlurm,
  waitForSlurm,
} from "./slurm.ts";
export type { SlurmTask } from "./slurm_queue.ts";
export { type SlurmResources, type SlurmScript, slurmScript } from "./slurm_script.ts";
export {
  readStudy,
  type Study,
  studyConfigs,
  type StudyOptions,
  type StudySettings,
} from "./study.ts";
export {
  epochsOf,
  sweep,
  type SweepOptions,
  type SweepSummary,
  type Unfinished,
  unfinishedRuns,
} from "./sweep.ts";
export {
  type Attempt,
  attemptRun,
  type AttemptStatus,
  type RunFailure,
  type RunState,
  runState,
  type SweepTask,
  sweepTasks,
} from "./sweep_run.ts";
