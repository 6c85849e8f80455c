/**
 * One run and its folder: configuration, events, record, checkpoint, model.
 *
 * @module
 */
export type { TrainingHardwareCount } from "./flop_meter.ts";
export type { FoldConfig } from "./fold_data.ts";
export * from "./folds.ts";
export * from "./planned_flops.ts";
export { checkRecord } from "./record_schema.ts";
export * from "./run.ts";
export * from "./run_config.ts";
export {
  builtinData,
  catalogueData,
  dataDigest,
  dataPath,
  isMade,
  madeData,
  namesData,
  readRunData,
  type RunData,
  targetTask,
} from "./run_data.ts";
export {
  isFinished,
  readConfig,
  readJson,
  removeEmptyFolder,
  type RunFiles,
  runFiles,
} from "./run_folder.ts";
export * from "./run_hash.ts";
export * from "./run_history.ts";
export { type RunRecord, storedWeights, type TeamRecord } from "./run_record.ts";
export { readRunTest } from "./stream_data.ts";
export { type GivenStrategy, strategyToBegin } from "./run_strategy.ts";
export { type StrategyFile, strategyFile } from "./strategy_file.ts";
