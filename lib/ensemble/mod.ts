/**
 * Training ensembles: members from one training run or from independent ones, trials, checkpoints, `fit`.
 *
 * @module
 */
export {
  independentWithin,
  keepWithin,
  type PlannedProblem,
  preparePlanned,
  settingsWithin,
} from "./budget.ts";
export { TrainingDiverged } from "./divergence.ts";
export {
  distil,
  type DistilOptions,
  mixedRows,
  type StudentLesson,
  studentLesson,
  studentModel,
  studentSettings,
  type Teacher,
  teacherSettings,
} from "./distillation/mod.ts";
export { modelOf } from "./finished_model.ts";
export {
  fit,
  FIT_OPTIONS,
  type FitOptions,
  requireTraining,
  trainOn,
  trainPrepared,
} from "./fit.ts";
export { inheritedLayers } from "./lineage.ts";
export {
  checkCoverage,
  inputRows,
  type PreparedProblem,
  prepareProblem,
  type Problem,
} from "./problem.ts";
export type { Progress } from "./progress.ts";
export { balancedWeights, type MemberLesson, type RowWeights } from "./teaching/mod.ts";
export { StrategyError } from "../topology/mod.ts";
export {
  type AheadMember,
  isFiniteState,
  type MemberPlace,
  type NetworkState,
  type PlacedEvent,
  type SavedRun,
} from "./saved_run.ts";
export { freshLayers, type MemberPlan, type Plan, type Stage } from "./stage.ts";
export type { EpochUpdates, OwnArrays, SavedStrategy, StrategyMemory } from "./strategy_memory.ts";
export {
  hasIndependentMembers,
  type MembersAtATime,
  type MemberTask,
  type MemberWorkers,
  openMembersAtATime,
  type RunState,
  trainSideBySide,
  type WorkItem,
  type WorkMessage,
} from "./side_by_side/mod.ts";
export { stepFlops, train } from "./train.ts";
export {
  type ApartEpoch,
  averagedLayers,
  type FolderState,
  folderTeam,
  type FolderWork,
  type OpenTeam,
  openTeam,
  ownThread,
  retainValidUpdates,
  type Team,
  type TogetherOptions,
  trainTogether,
  type WorkerBatch,
  type WorkerGradient,
  workerThreads,
  workInFolder,
} from "./workers/mod.ts";
export {
  type Checkpoint,
  type CheckpointContext,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./training_checkpoint.ts";
export * from "./training_event.ts";
export { openRun, type OpenRunOptions, saveRun, type TrainingRun } from "./training_run.ts";
export * from "./trajectory.ts";
export {
  keptMembers,
  MIXTURE_PARTS,
  settingsOfMember,
  type Trials,
  type TrialScore,
  trialsOf,
} from "./trials.ts";
