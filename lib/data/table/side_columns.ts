import { quoted, quotedPath } from "../../messages.ts";
import type { Dataset } from "./dataset.ts";

/** A column that is no feature: weights, groups or times of rows. */
export interface SideColumn {
  /** Length rows: numbers, or places among the categories; NaN or −1 where there is none. */
  readonly values: Float32Array;
  /** The column's categories; `null` for numbers. */
  readonly categories: readonly string[] | null;
}

/**
 * Takes a column out of the features.
 *
 * @throws {TypeError} If there is none of that name, or no other.
 */
export function takeColumn(
  dataset: Dataset,
  name: string,
): { readonly dataset: Dataset; readonly column: SideColumn } {
  const { rows, columns, features, featureNames, categories, notations, source } = dataset;
  const place = featureNames.indexOf(name);
  if (place < 0 || columns === 1) {
    throw new TypeError(
      `Cannot read ${quotedPath(source)}: found ${
        place < 0 ? "no column" : "no other feature than"
      } ${quoted(name)}, need ${place < 0 ? "it" : "one"}`,
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

/**
 * Takes the column with the weights of rows out of the features.
 *
 * @throws {TypeError} If there is no such column.
 * @throws {RangeError} If a weight is missing, text, negative or not finite, or all are 0.
 */
export function withWeights(dataset: Dataset, name: string): Dataset {
  const { dataset: others, column: { values, categories } } = takeColumn(dataset, name);
  const begin = `Cannot read ${quotedPath(dataset.source)}, column ${quoted(name)}`;
  if (categories !== null) {
    throw new RangeError(`${begin}: found text, need the weight of every row, a number from 0`);
  }
  checkRowWeights(values, begin);
  return { ...others, weights: values };
}

/**
 * Checks the weights of rows.
 *
 * @param begin The beginning of the error.
 * @throws {RangeError} If one is negative or not finite, or all are 0.
 */
export function checkRowWeights(weights: Float32Array, begin: string): void {
  const row = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (row >= 0) {
    const found = Number.isNaN(weights[row]) ? "no weight" : `the weight ${weights[row]}`;
    throw new RangeError(`${begin}: found ${found} in row ${row}, need a finite number from 0`);
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError(`${begin}: found the weight 0 in all rows, need one above 0`);
  }
}
