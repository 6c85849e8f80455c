/**
 * The trained model: its content, its file, its predictions and its score.
 *
 * @module
 */
export { type Inspection, inspectModel, type LayerInspection, type Spread } from "./inspection.ts";
export { describeTensors, readDescription } from "./description.ts";
export {
  checkNoneLeft,
  describeMembers,
  type LayerDescription,
  type MemberDescription,
  membersFromTensors,
  membersToTensors,
  takeFinite,
  takeMembers,
} from "./member_tensors.ts";
export type { Model } from "./model.ts";
export { decodeModel, encodeModel, load, save } from "./model_file.ts";
export {
  openPredictor,
  predict,
  type Predictor,
  predictProba,
  predictValues,
} from "./predictor.ts";
export { type RegressionScore, type Score, score, scoreMembers, scoreRegression } from "./score.ts";
