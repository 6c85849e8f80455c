/**
 * Raw rows: the inputs of a model before preprocessing.
 *
 * @module
 */
import { foundValue } from "../arguments.ts";
import { droppedColumns, type Preprocessing } from "../data/preprocessing/mod.ts";
import {
  type Dataset,
  isDash,
  isDecimal,
  isMissing,
  labelText,
  notatedNumber,
  type Notation,
  notationText,
  OTHER_CATEGORY,
} from "../data/table/mod.ts";
import { didYouMean, plural, quoted, quotedList } from "../messages.ts";

/** A cell of a raw row. `null`, `undefined` and NaN are missing values. */
export type RawCell = number | string | boolean | bigint | Date | null | undefined;

/**
 * Raw rows, in one of three forms:
 * - objects with the model's feature names as keys, in any order; other keys are ignored;
 * - one array per row, in the order of the model's feature names;
 * - a typed array of all numbers row by row, with categories as indices into
 *   `model.preprocessing.categorical`.
 *
 * A cell is a number, a category (a number means its decimal text), a text in the column's notation in the
 * training file (`"$9,728"`, `"2024-01-05"`, `"12 %"`), a date or a boolean.
 */
export type RawRows =
  | Float32Array
  | Float64Array
  | readonly (readonly RawCell[] | Float32Array | Float64Array)[]
  | readonly Readonly<Record<string, unknown>>[];

/**
 * Converts raw rows to numbers, row by row.
 *
 * @throws {TypeError} If a row has the wrong length, no row has a column that the model needs, or a cell
 * has the wrong type for its column.
 * @throws {RangeError} If a number is not finite, unless it is a missing value of a model with medians.
 */
export function rawFeatures(
  preprocessing: Preprocessing,
  rows: RawRows,
): { features: Float32Array; count: number } {
  const columns = preprocessing.featureNames.length;
  if (rows instanceof Float64Array) return rawFeatures(preprocessing, Float32Array.from(rows));
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
  requireRows(rows, columns);
  const lists = rows.every(isList)
    ? rows as readonly (readonly unknown[])[]
    : listsOf(preprocessing, rows);
  lists.forEach((row, r) => {
    if (row.length !== columns) {
      throw new TypeError(
        `Cannot predict: found ${plural(row.length, "number")} in row ${r}, need ${columns}`,
      );
    }
  });
  const numberOf = cellNumbers(preprocessing);
  const isPlain = numberOf.map((own) => own === plainNumber);
  const features = new Float32Array(rows.length * columns);
  for (let row = 0, i = 0; row < lists.length; row++) {
    const list = lists[row];
    for (let column = 0; column < columns; column++) {
      const cell = list[column];
      features[i++] = typeof cell === "number" && isPlain[column]
        ? cell
        : numberOf[column](cell, () => {
          return `Cannot predict row ${row}, column ${quoted(preprocessing.featureNames[column])}`;
        });
    }
  }
  checkFinite(features, preprocessing);
  return { features, count: rows.length };
}

/** Checks the form of raw rows. A single row outside a list is an error. */
function requireRows(rows: unknown, columns: number): void {
  const need = `need a list of rows, such as [[…]] or [{…}], or a Float32Array of ${columns} ` +
    "numbers a row";
  if (!Array.isArray(rows)) {
    throw new TypeError(`Cannot predict: found ${foundValue(rows)}, ${need}`);
  }
  const isCell = (row: unknown) => typeof row !== "object" || row === null;
  if (rows.length === 0 || !rows.every(isCell)) return;
  const word = rows.every((cell) => typeof cell === "number") ? "number" : "value";
  throw new TypeError(`Cannot predict: found a list of ${plural(rows.length, word)}, ${need}`);
}

function isList(row: unknown): row is readonly unknown[] {
  return Array.isArray(row) || row instanceof Float32Array || row instanceof Float64Array;
}

/** Converts rows that are objects to arrays in the order of the model's columns. */
function listsOf(preprocessing: Preprocessing, rows: readonly unknown[]): unknown[][] {
  const objects = rows.map((row, r) => {
    if (typeof row === "object" && row !== null && !isList(row)) {
      return row as Readonly<Record<string, unknown>>;
    }
    throw new TypeError(
      `Cannot predict: found ${foundValue(row)} as row ${r}, need a row as the others are`,
    );
  });
  const { featureNames } = preprocessing;
  const unused = new Set(droppedColumns(preprocessing));
  const lacking = featureNames.filter((name) =>
    !unused.has(name) && !objects.some((row) => name in row)
  );
  if (lacking.length > 0) {
    const keys = Object.keys(objects[0]);
    throw new TypeError(
      `Cannot predict ${plural(objects.length, "row")}: found none with ${
        quotedList(lacking)
      }, need ` +
        `${lacking.length === 1 ? "it" : "them"}, null where a value is missing` +
        didYouMean(lacking[0], keys),
    );
  }
  return objects.map((row) => featureNames.map((name) => row[name]));
}

/** Makes, for every column, a function that converts a cell to a number. */
function cellNumbers(
  { featureNames, categorical = [], notations = [] }: Preprocessing,
): ((cell: unknown, where: () => string) => number)[] {
  const numbers = featureNames.map(() => plainNumber);
  for (const { column, ...notation } of notations) numbers[column] = notatedBy(notation);
  for (const { column, categories } of categorical) numbers[column] = codeAmong(categories);
  return numbers;
}

function isNothing(cell: unknown): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function plainNumber(cell: unknown, where: () => string): number {
  if (isNothing(cell)) return NaN;
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint" || typeof cell === "boolean") return Number(cell);
  const text = labelText(cell, where);
  if (isDecimal(text)) return Number(text);
  if (isMissing(text.trim()) || isDash(text.trim())) return NaN;
  throw new TypeError(`${where()}: found ${quoted(text)}, need a number`);
}

function notatedBy(notation: Notation) {
  return (cell: unknown, where: () => string): number => {
    if (typeof cell !== "string" && !(cell instanceof Date)) return plainNumber(cell, where);
    const word = labelText(cell, where).trim();
    if (isMissing(word) || isDash(word)) return NaN;
    const number = notatedNumber(notation, word);
    if (!Number.isNaN(number)) return number;
    throw new TypeError(`${where()}: found ${quoted(word)}, need ${notationText(notation)}`);
  };
}

function codeAmong(categories: readonly string[]) {
  const codes = new Map(categories.map((category, code) => [category, code]));
  return (cell: unknown, where: () => string): number => {
    if (isNothing(cell)) return NaN;
    const word = labelText(cell, where).trim();
    return codes.get(word) ?? (isMissing(word) ? NaN : OTHER_CATEGORY);
  };
}

/**
 * Returns the features of a data set, with its categories converted to the model's codes.
 *
 * @throws {TypeError} If a column has categories in the model and numbers in the data set, or the reverse.
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

function checkFinite(features: Float32Array, preprocessing: Preprocessing): void {
  const { medians, featureNames } = preprocessing;
  const columns = featureNames.length;
  // A missing value is NaN. If the model has medians, they replace it. Dropped columns need no median.
  let unused: Set<string> | undefined;
  const isGood = (value: number, i: number) => {
    if (Number.isFinite(value)) return true;
    if (!Number.isNaN(value)) return false;
    unused ??= new Set(droppedColumns(preprocessing));
    return medians !== undefined || unused.has(featureNames[i % columns]);
  };
  let bad = 0;
  while (bad < features.length && isGood(features[bad], bad)) bad++;
  if (bad === features.length) return;
  const [row, column] = [Math.floor(bad / columns), bad % columns];
  throw new RangeError(
    `Cannot predict: found ${features[bad]} in row ${row}, column ${
      quoted(featureNames[column])
    }, need a number that is finite as a 32-bit float`,
  );
}
