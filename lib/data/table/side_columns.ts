import { quoted, quotedPath } from "../../messages.ts";
import { isDecimal } from "./cell_number.ts";
import { columnHint } from "./column_plan.ts";
import type { Dataset } from "./dataset.ts";

/** A column that is not a feature: weights, groups or times of rows. */
export interface SideColumn {
  /** Length rows: numbers, NaN if missing; or places among the categories, −1 if there is none. */
  readonly values: Float32Array;
  /** The column's categories; `null` for numbers. */
  readonly categories: readonly string[] | null;
}

/**
 * Takes a column out of the features.
 *
 * @throws {TypeError} If there is no such column, or it is the only one.
 */
export function takeColumn(
  dataset: Dataset,
  name: string,
): { readonly dataset: Dataset; readonly column: SideColumn } {
  const { rows, columns, features, featureNames, categories, notations, source } = dataset;
  const place = featureNames.indexOf(name);
  if (place < 0 || columns === 1) {
    const begin = `Cannot read ${quotedPath(source)}: found no`;
    throw new TypeError(
      place < 0
        ? `${begin} column ${quoted(name)}${columnHint(name, featureNames)}`
        : `${begin} other feature than ${quoted(name)}, need one`,
    );
  }
  const values = new Float32Array(rows);
  const others = new Float32Array(rows * (columns - 1));
  for (let row = 0; row < rows; row++) {
    const own = features.subarray(row * columns, (row + 1) * columns);
    values[row] = own[place];
    others.set(own.subarray(0, place), row * (columns - 1));
    others.set(own.subarray(place + 1), row * (columns - 1) + place);
  }
  const without = <Item>(list: readonly Item[]) => list.toSpliced(place, 1);
  const left = {
    ...dataset,
    features: others,
    columns: columns - 1,
    featureNames: without(featureNames),
    categories: categories && without(categories),
    notations: notations && without(notations),
  };
  return { dataset: left, column: { values, categories: categories?.[place] ?? null } };
}

/** The weights in a column, and the first row without a valid weight. */
export interface WeightColumn {
  /** Length rows. */
  readonly weights: Float32Array;
  /**
   * The first row, from 0, without a valid weight, and the end of a message about it. `null`: all are
   * valid.
   */
  readonly wrong: { readonly row: number; readonly message: string } | null;
}

/** Reads the weights of rows from a column. Text, missing, negative and infinite values are not valid. */
export function weightsIn({ values, categories }: SideColumn): WeightColumn {
  const textOf = (row: number) => categories?.[values[row]];
  // A column with text in some cells holds categories, so its numbers are texts too.
  const weights = categories === null ? values : values.map((_, row) => {
    const text = textOf(row) ?? "";
    return isDecimal(text) ? Number(text) : NaN;
  });
  const row = weights.findIndex((weight) => !isRowWeight(weight));
  if (row < 0) return { weights, wrong: null };
  const text = textOf(row);
  const found = text === undefined ? weightFound(weights[row]) : quoted(text);
  return { weights, wrong: { row, message: `found ${found}, ${NEED_WEIGHT}` } };
}

/** The end of the message about a value that is not a weight. */
const NEED_WEIGHT = "need a finite number from 0";

function isRowWeight(weight: number): boolean {
  return weight >= 0 && weight < Infinity;
}

function weightFound(weight: number): string {
  // Seven digits, as the number was written. A 32-bit float would show more.
  return Number.isNaN(weight) ? "no weight" : `the weight ${Number(weight.toPrecision(7))}`;
}

/**
 * Checks the weights of rows.
 *
 * @param begin The beginning of the error.
 * @throws {RangeError} If a weight is negative or not finite, or all are 0.
 */
export function checkRowWeights(weights: Float32Array, begin: string): void {
  const row = weights.findIndex((weight) => !isRowWeight(weight));
  if (row >= 0) {
    throw new RangeError(
      `${begin}: found ${weightFound(weights[row])} in row ${row}, ${NEED_WEIGHT}`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError(`${begin}: found the weight 0 in all rows, need one above 0`);
  }
}
