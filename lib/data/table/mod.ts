/**
 * The table in memory, and the parts that the readers of all formats share: columns, cells, rows.
 *
 * @module
 */
export {
  finiteFloat,
  isDecimal,
  isMissing,
  MAX_BLANK_LINES,
  MAX_CELL_LENGTH,
  requireCellLength,
  shownMissing,
  textFloat,
} from "./cell_number.ts";
export * from "./classes.ts";
export {
  type ColumnPlan,
  type ColumnRequest,
  headerRemarks,
  IGNORED,
  namedColumns,
  NUMBER_TARGET,
  planColumns,
  planTexts,
  TARGET,
  targetArray,
} from "./column_plan.ts";
export * from "./dataset.ts";
export {
  CATEGORIES,
  type FeatureCells,
  featureCells,
  NUMBERS,
  OTHER_CATEGORY,
} from "./feature_cells.ts";
export {
  explainedReadError,
  filePieces,
  isSystemError,
  pathOf,
  PIECE_BYTES,
  type ProgressListener,
  type ReadProgress,
} from "./file_pieces.ts";
export { type Fold, groupFolds, stratifiedFolds, timeFolds, timesOf } from "./folds.ts";
export * from "./from_arrays.ts";
export * from "./from_table.ts";
export { labelCodes } from "./label_codes.ts";
export { labelText, storeValues, type ValueRows } from "./column_values.ts";
export {
  DATE_ORDERS,
  isDash,
  notatedNumber,
  type Notation,
  NOTATION_KINDS,
  notationsOf,
  notationText,
  validateNotation,
} from "./notation.ts";
export * from "./row_blocks.ts";
export { checkRowWeights, type SideColumn, takeColumn, weightsIn } from "./side_columns.ts";
export * from "./split.ts";
export * from "./table_passes.ts";
export * from "./table_rows.ts";
export { textLines } from "./text_lines.ts";
