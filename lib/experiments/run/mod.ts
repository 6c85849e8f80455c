/**
 * One run and its folder: configuration, events, record, checkpoint, model.
 *
 * @module
 */
export type { TrainingHardwareCount } from "./flop_meter.ts";
export { type PlannedFlops, plannedFlops, type TableSize } from "./planned_flops.ts";
export { resumeRun, type RunEvent, type RunOptions, type RunResult, startRun } from "./run.ts";
export { completeConfig, type DataConfig, type RunConfig, settingsOf } from "./run_config.ts";
export {
  builtinData,
  catalogueData,
  dataPath,
  namesData,
  readRunData,
  type RunData,
} from "./run_data.ts";
export {
  isFinished,
  readConfig,
  readJson,
  readText,
  type RunFiles,
  runFiles,
} from "./run_folder.ts";
export { runHash } from "./run_hash.ts";
export { readEpochs } from "./run_history.ts";
export { type RunRecord, storedWeights } from "./run_record.ts";
