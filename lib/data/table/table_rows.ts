import { type ColumnPlan, targetArray } from "./column_plan.ts";
import type { FeatureCells } from "./feature_cells.ts";
import type { ProgressListener } from "./file_pieces.ts";

/** Receives a table's header, labels and other cells while it is read. */
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
   * @param isQuoted `true` if the format marks the text as text, so that it is not a word for a missing
   * value.
   */
  label(text: string, where: () => string, isQuoted?: boolean): number;
  /**
   * The code of a row whose target is missing. NaN leaves the row out.
   *
   * @param found The cell, for messages.
   */
  missingTarget(found: string, where: () => string): number;
  /**
   * `true` if the target's numbers are not written plainly. Then `1.204` may stand for 1204, or for
   * nothing.
   */
  readonly isTargetNotated?: boolean | undefined;
  /** The number in a target's cell. NaN leaves the row out. */
  number(text: string, where: () => string): number;
  /** Converts the features' cells that are not plain numbers to numbers. */
  readonly cells: FeatureCells;
  /**
   * Opens the destination of the rows. The table's `features` are then empty. Left out: the rows stay in
   * memory.
   */
  readonly openBlocks?: ((plan: ColumnPlan) => RowBlocks) | undefined;
  /** With `openBlocks`: a file that cannot be read row by row is read as a whole instead of refused. */
  readonly mayBeWhole?: boolean | undefined;
}

/** A table that was read. */
export interface TableRows {
  /** The columns' names. */
  readonly header: readonly string[];
  /** The columns' roles, or `null` if reading ended after the header. */
  readonly plan: ColumnPlan | null;
  /** The number of rows, without those left out. */
  readonly rows: number;
  /** Length rows × features, row after row. */
  readonly features: Float32Array;
  /** Length rows: the codes of classes (0 without a target), or the numbers to predict. */
  readonly targets: Int32Array | Float32Array;
  /** Sentences for people about cells that were not taken as usual. */
  readonly remarks?: readonly string[] | undefined;
}

/** Collects rows that are read one after the other. Their number need not be known. */
export interface RowBlocks {
  /** The number of rows so far. */
  readonly rows: number;
  /** The array for the features of the current row. They begin at `offset`. */
  readonly block: Float32Array;
  /** The place of the current row's first feature in `block`. */
  readonly offset: number;
  /** Ends the row. A NaN as its target leaves the row out. */
  add(target: number): void;
  /** Returns the whole table. The blocks cannot be used afterwards. */
  join(): TableRows;
}

/** Reads a file of one format. */
export type TableReader = (
  path: string,
  handler: RowsHandler,
  onProgress: ProgressListener | undefined,
) => Promise<TableRows>;

/**
 * Makes a table of rows that are all in memory.
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
