/**
 * Raw rows: the inputs of a model before preprocessing.
 *
 * @module
 */
import type { Preprocessing } from "../data/preprocessing/mod.ts";
import { type Dataset, OTHER_CATEGORY } from "../data/table/mod.ts";
import { quoted } from "../messages.ts";

/**
 * Raw rows, with features in the order of the model's feature names. Either one array per row, with
 * numbers, categories (a number stands for its decimal text), and `null` or NaN for missing values. Or
 * all numbers row by row, with categories as indices into `model.preprocessing.categorical`.
 */
export type RawRows = Float32Array | readonly (readonly (number | string | null)[])[];

/**
 * Converts raw rows to numbers, row by row.
 *
 * @throws {TypeError} If a row has the wrong length, or a cell is text in a column of numbers.
 * @throws {RangeError} If a number is not finite, unless it is a missing value of a model with medians.
 */
export function rawFeatures(
  preprocessing: Preprocessing,
  rows: RawRows,
): { features: Float32Array; count: number } {
  const columns = preprocessing.featureNames.length;
  if (rows instanceof Float32Array) {
    if (rows.length % columns !== 0) {
      throw new TypeError(
        `Cannot predict: found ${rows.length} numbers, need a multiple of ${columns}, ` +
          `the number of features`,
      );
    }
    checkFinite(rows, preprocessing);
    return { features: rows, count: rows.length / columns };
  }
  rows.forEach((row, r) => {
    if (row.length !== columns) {
      throw new TypeError(
        `Cannot predict: found ${row.length} numbers in row ${r}, need ${columns}`,
      );
    }
  });
  const codes = (preprocessing.categorical ?? []).map(({ column, categories }) =>
    [column, new Map(categories.map((category, code) => [category, code]))] as const
  );
  const codesOf = new Map(codes);
  const features = Float32Array.from(rows.flat(), (cell, i) => {
    if (cell === null || Number.isNaN(cell)) return NaN;
    const column = i % columns;
    const own = codesOf.get(column);
    if (own !== undefined) return own.get(String(cell).trim()) ?? OTHER_CATEGORY;
    if (typeof cell === "number") return cell;
    throw new TypeError(
      `Cannot predict: found ${quoted(cell)} in row ${
        Math.floor(i / columns)
      }, column ${column}, ` +
        `need a number`,
    );
  });
  checkFinite(features, preprocessing);
  return { features, count: rows.length };
}

/**
 * The features of a data set with its categories as the model's codes.
 *
 * @throws {TypeError} If a column has categories for the model and numbers here, or the reverse.
 */
export function modelFeatures(preprocessing: Preprocessing, dataset: Dataset): Float32Array {
  const { rows, columns, categories } = dataset;
  let { features } = dataset;
  const encoded = new Set((preprocessing.categorical ?? []).map(({ column }) => column));
  const text = (categories ?? []).findIndex((own, column) => own !== null && !encoded.has(column));
  const wrongKind = (column: number, found: string, need: string) => {
    const name = quoted(preprocessing.featureNames[column]);
    const begin = `Cannot use "${dataset.source}"`;
    return new TypeError(`${begin}: found ${found} in column ${name}, need ${need}`);
  };
  if (text >= 0) throw wrongKind(text, "categories", "numbers");
  for (const column of preprocessing.categorical ?? []) {
    const own = categories?.[column.column] ?? null;
    if (own === null) throw wrongKind(column.column, "numbers", "categories");
    if (own.every((category, code) => column.categories[code] === category)) continue;
    const places = new Map(column.categories.map((category, code) => [category, code]));
    const codes = own.map((category) => places.get(category) ?? OTHER_CATEGORY);
    if (features === dataset.features) features = features.slice();
    for (let i = column.column; i < rows * columns; i += columns) {
      if (!Number.isNaN(features[i])) features[i] = codes[features[i]] ?? OTHER_CATEGORY;
    }
  }
  return features;
}

function checkFinite(features: Float32Array, { medians, featureNames }: Preprocessing): void {
  const columns = featureNames.length;
  // A missing value is NaN. If the model has medians, they replace it.
  const bad = features.findIndex((value) =>
    !Number.isFinite(value) && !(Number.isNaN(value) && medians !== undefined)
  );
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / columns), bad % columns];
  throw new RangeError(
    `Cannot predict: found ${features[bad]} in row ${row}, column ${column}, need finite numbers`,
  );
}
