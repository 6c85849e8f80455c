import { type Dataset, notationText } from "../table/mod.ts";
import { quoted } from "../../messages.ts";
import { coarseColumns } from "./coarse_columns.ts";
import { fitOneHot, RARE_ROWS } from "./one_hot.ts";

/** A summary of how a column of a table is read. */
export interface ColumnSummary {
  /** The column's name. */
  readonly column: string;
  /** The kind of its cells: `numbers`, `3 categories`, `dates, in days since 2024-01-05`. */
  readonly kind: string;
  /** The number of inputs that it becomes, including the indicator of missing values. */
  readonly inputs: number;
  /** The number of missing values. */
  readonly missing: number;
  /**
   * The reason why the column contributes nothing, or should perhaps be left out; empty without such a
   * reason.
   */
  readonly remark: string;
}

/** The minimal number of rows for the remark that a column has a different whole number in every row. */
const FEWEST_ROWS = 20;

/**
 * Describes how the columns of a table are read, in their order.
 *
 * @param train The training rows.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { summarizeColumns } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const train = datasetFromArrays({ features: [[9, 1], [9, 3]], labels: [0, 1] });
 * const [first, second] = summarizeColumns(train);
 * assert.deepEqual([first.inputs, first.remark], [0, "it is 9 in all rows"]);
 * assert.deepEqual([second.inputs, second.remark], [1, ""]);
 * ```
 */
export function summarizeColumns(train: Dataset): ColumnSummary[] {
  const { features, rows, columns, featureNames, categories, notations } = train;
  const coarse = new Map(coarseColumns(train).map((one) => [one.column, one]));
  return featureNames.map((column, c) => {
    let [missing, first, varies, isWhole] = [0, NaN, false, true];
    for (let i = c; i < rows * columns; i += columns) {
      const value = features[i];
      if (Number.isNaN(value)) missing++;
      else if (Number.isNaN(first)) first = value;
      else varies ||= value !== first;
      isWhole &&= Number.isInteger(value);
    }
    const indicator = missing > 0 && missing < rows ? 1 : 0;
    const own = categories?.[c] ?? null;
    const notation = notations?.[c] ?? null;
    const inputs = own === null ? Number(varies) : fitOneHot(train, c).inputs;
    const kind = own !== null
      ? own.length === 1 ? "1 category" : `${own.length} categories`
      : notation === null
      ? "numbers"
      : notationText(notation);
    const isId = own === null && notation === null && isWhole && rows >= FEWEST_ROWS &&
      areDifferent(features, c, columns);
    const close = coarse.get(column);
    const remark = close !== undefined
      ? `it is too large for its differences: ${close.lowest} to ${close.highest}, where 32-bit floats ` +
        `are ${close.step} apart; subtract a constant from it to tell its values apart`
      : missing === rows
      ? "all its values are missing"
      : !varies
      ? `it is ${own === null ? first : quoted(own[first] ?? "")} in all rows${
        missing > 0 ? " that have one" : ""
      }`
      : looksLikeDates(own)
      ? "its texts look like dates: those written as 2024-01-05 are read as dates"
      : unitOf(own) !== undefined
      ? `its texts look like numbers with a unit, ${
        quoted(own![0])
      }: without it they are read as numbers`
      : inputs === 0
      ? `none of its texts is in ${RARE_ROWS} rows: it is an identifier, or text to be split into columns`
      : isId
      ? "it is another whole number in every row: leave it out (--ignore) if it only numbers the rows"
      : "";
    return { column, kind, inputs: inputs + indicator, missing, remark };
  });
}

/** Recognises dates in notations that are not read as dates, such as 5/1/2024 or 05.01.24. */
function looksLikeDates(texts: readonly string[] | null): boolean {
  const date = /^\d{1,2}([./-])\d{1,2}\1\d{2}(\d{2})?($|[ T])|^\d{4}\/\d{1,2}\/\d{1,2}($|[ T])/;
  return texts !== null && texts.length > 0 && texts.every((text) => date.test(text));
}

/** Returns the common unit of all texts, such as `kg` of `12 kg`; nothing if units differ. */
function unitOf(texts: readonly string[] | null): string | undefined {
  const units = new Set(
    texts?.map((text) => /^[+-]?\d+(?:[.,]\d+)?\s*(\p{L}{1,4}|°\p{L}?)$/u.exec(text)?.[1]),
  );
  return units.size === 1 && texts!.length >= FEWEST_MEASURES ? [...units][0] : undefined;
}

/** The minimal number of different texts for a unit. Fewer, such as `3 M`, may be names. */
const FEWEST_MEASURES = 10;

/** Returns `true` if all rows have different values in a column. */
function areDifferent(features: Float32Array, column: number, columns: number): boolean {
  const values = new Set<number>();
  for (let i = column; i < features.length; i += columns) {
    if (values.has(features[i])) return false;
    values.add(features[i]);
  }
  return true;
}
