import { type ColumnPlan, targetArray } from "./column_plan.ts";
import type { FeatureCells } from "./feature_cells.ts";
import type { ProgressListener } from "./file_pieces.ts";

/** Takes a table's header, labels and other cells while it is read. */
export interface RowsHandler {
  /** The target column, or `null` for none. */
  readonly target: string | null;
  /**
   * Gives every column its role. `null` ends the reading after the header.
   *
   * @param where The beginning of a message about the header.
   */
  plan(names: readonly string[], where: string): ColumnPlan | null;
  /**
   * The code of a label. NaN leaves the row out.
   *
   * @param where The beginning of a message about the cell.
   * @param isQuoted `true` if the format says that the text is none of the words for a missing value.
   */
  label(text: string, where: () => string, isQuoted?: boolean): number;
  /**
   * Takes a row whose target is missing: NaN leaves it out.
   *
   * @param found The cell, for messages.
   */
  missingTarget(found: string, where: () => string): number;
  /** The target's numbers are not written plainly: `1.204` may be none of them, or another than it seems. */
  readonly isTargetNotated?: boolean | undefined;
  /** The number of a target's cell. NaN leaves the row out. */
  number(text: string, where: () => string): number;
  /** Makes numbers of the features' cells that are not plain numbers. */
  readonly cells: FeatureCells;
  /**
   * Takes the rows in place of a table in memory, whose `features` are empty then. Left out: the table is in
   * memory.
   */
  readonly openBlocks?: ((plan: ColumnPlan) => RowBlocks) | undefined;
  /** Beside `openBlocks`: a file that cannot be read row by row is read as a whole, and not refused. */
  readonly mayBeWhole?: boolean | undefined;
}

/** A table that was read. */
export interface TableRows {
  /** The columns' names. */
  readonly header: readonly string[];
  /** The columns' roles, or `null` where reading ended after the header. */
  readonly plan: ColumnPlan | null;
  /** The number of rows, without those left out. */
  readonly rows: number;
  /** Length rows × features, row after row. */
  readonly features: Float32Array;
  /** Length rows: the codes of classes (0 without a target), or the numbers to predict. */
  readonly targets: Int32Array | Float32Array;
  /** Sentences on what was not taken as usual, for people. */
  readonly remarks?: readonly string[] | undefined;
}

/** Rows that are read one after the other, however many come. */
export interface RowBlocks {
  /** The number of rows so far. */
  readonly rows: number;
  /** Takes the features of the row that is being read, from `offset` on. */
  readonly block: Float32Array;
  /** The place of that row's first feature in `block`. */
  readonly offset: number;
  /** Ends the row. A NaN as its target leaves the row out. */
  add(target: number): void;
  /** The whole table. The blocks are given up. */
  join(): TableRows;
}

/** Reads a file of one format. */
export type TableReader = (
  path: string,
  handler: RowsHandler,
  onProgress: ProgressListener | undefined,
) => Promise<TableRows>;

/**
 * The table of rows that are all in memory.
 *
 * @param features Length rows × features. The array is reused.
 * @param targets Length rows. NaN leaves the row out.
 */
export function tableRows(
  plan: ColumnPlan,
  features: Float32Array,
  targets: Float64Array,
): TableRows {
  const width = plan.featureNames.length;
  let rows = 0;
  for (let row = 0; row < targets.length; row++) {
    if (Number.isNaN(targets[row])) continue;
    if (rows < row) {
      features.copyWithin(rows * width, row * width, (row + 1) * width);
      targets[rows] = targets[row];
    }
    rows++;
  }
  const kept = targetArray(plan)(rows);
  kept.set(targets.subarray(0, rows));
  const all = rows < targets.length ? features.slice(0, rows * width) : features;
  return { header: plan.names, plan, rows, features: all, targets: kept };
}

/** A table's header alone. */
export function headerOnly(header: readonly string[]): TableRows {
  const features = new Float32Array(0);
  return { header, plan: null, rows: 0, features, targets: new Int32Array(0) };
}
