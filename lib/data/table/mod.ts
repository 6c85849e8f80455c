/**
 * The table in memory, and the parts that readers of all formats share: columns, cells, rows.
 *
 * @module
 */
export { finiteFloat, isDecimal, textFloat } from "./cell_number.ts";
export { sortClasses } from "./classes.ts";
export { type ColumnPlan, IGNORED, NUMBER_TARGET, planColumns, TARGET } from "./column_plan.ts";
export type { Dataset } from "./dataset.ts";
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
  type ReadProgress,
} from "./file_pieces.ts";
export { type ArraysOfDataset, datasetFromArrays } from "./from_arrays.ts";
export { type RowBlocks, rowBlocks } from "./row_blocks.ts";
export { selectRows, type Split, splitDataset } from "./split.ts";
export {
  headerOnly,
  type RowsHandler,
  type TableReader,
  type TableRows,
  tableRows,
} from "./table_rows.ts";
export { textLines } from "./text_lines.ts";
