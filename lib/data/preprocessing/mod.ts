/**
 * Preprocessing: from raw columns to a network's inputs. It is fitted to training rows only.
 *
 * @module
 */
export { type CoarseColumn, coarseColumns } from "./coarse_columns.ts";
export { columnInputs } from "./column_inputs.ts";
export { type ColumnSummary, summarizeColumns } from "./column_summary.ts";
export { missingCounts } from "./missing_values.ts";
export {
  fitOneHot,
  inputOf,
  MOST_INPUTS,
  type OneHotColumn,
  oneHotOf,
  RARE_ROWS,
} from "./one_hot.ts";
export * from "./preprocessing.ts";
export {
  BEYOND,
  isByRank,
  quantilesByRank,
  quantileToNormal,
  type RankScaling,
} from "./quantile_scaling.ts";
export {
  applyScaling,
  fitScaling,
  type FittedScaling,
  type Scaling,
  SCALINGS,
  validateScaling,
} from "./scaling.ts";
export * from "./target_scaling.ts";
export * from "./unusual_values.ts";
