/**
 * From raw columns to a network's inputs. All of it is learnt from training rows alone.
 *
 * @module
 */
export { missingCounts } from "./missing_values.ts";
export { fitOneHot, inputOf, type OneHotColumn } from "./one_hot.ts";
export {
  droppedColumns,
  fitPreprocessing,
  inputCount,
  preprocess,
  type Preprocessing,
  type PreprocessingOptions,
  rawColumns,
  type UnusualValues,
  unusualValues,
  validatePreprocessing,
} from "./preprocessing.ts";
export {
  applyScaling,
  fitScaling,
  type FittedScaling,
  type Scaling,
  SCALINGS,
  validateScaling,
} from "./scaling.ts";
export {
  fitTargetScaling,
  scaleTargets,
  type TargetScaling,
  unscaleTargets,
} from "./target_scaling.ts";
