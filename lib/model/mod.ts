/**
 * The trained model: its content, its file, its predictions and its score.
 *
 * @module
 */
export * from "./inspection.ts";
export { describeTensors, type FileKind, kindOf, readDescription } from "./description.ts";
export {
  checkNoneLeft,
  describeMembers,
  hasBlocks,
  hasVotes,
  type LayerDescription,
  type MemberDescription,
  membersFromTensors,
  membersToTensors,
  takeFinite,
  takeMembers,
  takeTensor,
} from "./member_tensors.ts";
export {
  type ColumnImportance,
  type Importance,
  importance,
  type ImportanceOptions,
  inputShares,
  requireRepeats,
} from "./importance.ts";
export * from "./intervals.ts";
export * from "./model.ts";
export { decodeModel, encodeModel, load, save } from "./model_file.ts";
export {
  openPredictor,
  predict,
  type Predictor,
  predictProba,
  predictValues,
} from "./predictor.ts";
export {
  describePreprocessing,
  type PreprocessingDescription,
  readPreprocessing,
  takePreprocessing,
} from "./preprocessing_tensors.ts";
export {
  modelLabels,
  type RegressionScore,
  runningClassScore,
  runningNumberScore,
  type RunningScore,
  type Score,
  score,
  scoreMembers,
  scoreRegression,
} from "./score.ts";
