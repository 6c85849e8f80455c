import type { ColumnPlan } from "./column_plan.ts";
import type { ReadProgress } from "./file_pieces.ts";

/** What to do with a table's header and labels while it is read. */
export interface RowsHandler {
  /** The column of labels that is wanted, or `null` to take none. */
  readonly target: string | null;
  /**
   * Says what every column is for, or `null` to read nothing after the header. `where` is the
   * beginning of a message about the header.
   */
  plan(names: readonly string[], where: string): ColumnPlan | null;
  /** The number to store for a label, or −1 to leave the row out. `where()` names the cell. */
  label(text: string, where: () => string): number;
  /**
   * The number to store for a feature's cell that is no number, and for any cell of a column of
   * categories; `null` where it must be a number. Left out: it must. An empty text is a missing value.
   */
  cell?(feature: number, text: string, where: () => string): number | null;
}

/** A table that was read. */
export interface TableRows {
  /** The number of rows that were not left out. */
  readonly rows: number;
  /** The columns' names, or `null` where there were none. */
  readonly header: readonly string[] | null;
  /** What the columns are for, or `null` where no more than the names was wanted. */
  readonly columns: ColumnPlan | null;
  /** The features, row after row, and labels (0 without a target). Call it once. */
  take(): { features: Float32Array; labels: Int32Array };
}

/** Reads a file of one format. */
export type TableReader = (
  path: string,
  handler: RowsHandler,
  onProgress: ((progress: ReadProgress) => void) | undefined,
) => Promise<TableRows>;

/** Rows of numbers in one array, and a label for each. */
export interface LabelledRows {
  /** Length rows × width. */
  features: Float32Array;
  /** Length rows; −1 marks a row that is to be left out. */
  labels: Int32Array;
}

/** The rows without those that are marked to be left out. The arrays are reused. */
export function withoutMarked(
  { features, labels }: LabelledRows,
  width: number,
): LabelledRows {
  let kept = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] < 0) continue;
    if (kept < row) {
      features.copyWithin(kept * width, row * width, (row + 1) * width);
      labels[kept] = labels[row];
    }
    kept++;
  }
  if (kept === labels.length) return { features, labels };
  return { features: features.slice(0, kept * width), labels: labels.slice(0, kept) };
}

/** A finished table. */
export function tableRows(plan: ColumnPlan, all: LabelledRows): TableRows {
  const kept = withoutMarked(all, plan.featureNames.length);
  return { rows: kept.labels.length, header: plan.names, columns: plan, take: () => kept };
}

/** No more than a table's header. */
export function headerOnly(names: readonly string[]): TableRows {
  return {
    rows: 0,
    header: names,
    columns: null,
    take: () => ({ features: new Float32Array(0), labels: new Int32Array(0) }),
  };
}
