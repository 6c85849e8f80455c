import { foundValue, requireOptions, requireText, requireTexts } from "../../arguments.ts";
import { sortClasses } from "./classes.ts";
import type { Dataset } from "./dataset.ts";
import { requireMissingRule } from "./cell_number.ts";
import { checkRowWeights } from "./side_columns.ts";
import { plural, quoted, quotedList } from "../../messages.ts";

/** A number, a category, or a missing value (`null`, `undefined` or NaN). */
type Cell = number | string | null | undefined;

/** Rows and labels to make a {@linkcode Dataset} of. */
export interface ArraysOfDataset {
  /**
   * One array per row, or all rows in one array of numbers, row after row (with `columns`). A column with a
   * text in any row is a column of categories; a number in it stands for its decimal text.
   */
  readonly features:
    | readonly ArrayLike<number | string | null | undefined>[]
    | Float32Array
    | Float64Array;
  /** The number of columns, if `features` is one array. */
  readonly columns?: number | undefined;
  /** The class of every row. A number stands for its decimal text. Excludes `targets`. */
  readonly labels?: ArrayLike<string | number> | undefined;
  /** The number to predict for every row, instead of `labels`. */
  readonly targets?: ArrayLike<number> | undefined;
  /** The weight of every row in training and in scores, not negative. Left out: all equal. */
  readonly weights?: ArrayLike<number> | undefined;
  /**
   * The treatment of missing values (`null`, `undefined`, NaN). `"keep"` and `"median"` keep them, and
   * training replaces them by the median. `"error"` refuses them. Default: `"keep"`.
   */
  readonly missing?: "keep" | "median" | "error" | undefined;
  /** The columns' names. Default: `x0`, `x1` and so on. */
  readonly featureNames?: readonly string[] | undefined;
  /** The classes, in order. Default: the labels that occur, sorted; then there must be at least two. */
  readonly classes?: readonly string[] | undefined;
  /** The target's name. Default: `"class"`. */
  readonly target?: string | undefined;
  /** The rows' origin. Default: `"arrays"`. */
  readonly source?: string | undefined;
}

/** An entry for every property of {@linkcode ArraysOfDataset}. */
const ENTRIES: Readonly<Record<keyof ArraysOfDataset, true>> = {
  features: true,
  columns: true,
  labels: true,
  targets: true,
  weights: true,
  missing: true,
  featureNames: true,
  classes: true,
  target: true,
  source: true,
};

/**
 * Makes a data set from arrays. The numbers are copied and rounded to 32-bit floats.
 *
 * @throws {TypeError} If lengths do not fit together, a name or class occurs twice, a property is unknown,
 * or not exactly one of `labels` and `targets` is given.
 * @throws {RangeError} If there are no rows or columns, a number is not finite as a 32-bit float, a
 * label is not among `classes`, or there is only one class (without `classes`).
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: [[0, 1], [2, 3], [4, 5]],
 *   labels: ["no", "yes", "no"],
 * });
 * assert.deepEqual(dataset.classes, ["no", "yes"]);
 * assert.deepEqual([...dataset.labels], [0, 1, 0]);
 * ```
 */
export function datasetFromArrays(arrays: ArraysOfDataset): Dataset {
  requireOptions("make a data set", arrays, ENTRIES);
  const { labels: given, targets: numbers, source = "arrays", missing = "keep" } = arrays;
  const { target = numbers === undefined ? "class" : "target" } = arrays;
  const begin = "Cannot make a data set";
  requireTexts("make a data set", arrays.featureNames, "featureNames");
  requireTexts("make a data set", arrays.classes, "classes");
  requireText("make a data set", target, "the target's name");
  if ((given === undefined) === (numbers === undefined)) {
    throw new TypeError(
      `${begin}: found ${
        given === undefined ? "neither labels nor" : "both labels and"
      } targets, need one`,
    );
  }
  requireMissingRule(missing);
  const rows = (given ?? numbers!).length;
  if (rows === 0) throw new RangeError(`${begin}: found no labels, need at least one row`);

  const cells = flatten(arrays, rows, begin);
  const { columns } = cells;
  const { features, categories } = encode(cells);
  const featureNames = arrays.featureNames === undefined
    ? Array.from({ length: columns }, (_, column) => `x${column}`)
    : [...arrays.featureNames];
  if (featureNames.length !== columns) {
    throw new TypeError(
      `${begin}: found ${featureNames.length} feature names, need one for each of ${columns} columns`,
    );
  }
  refuseRepeated(featureNames, "feature name", begin);
  for (let i = 0; i < features.length; i++) {
    if (Number.isFinite(features[i])) continue;
    const cell = cells.cells[i];
    if (missing !== "error" && isMissingCell(cell)) continue;
    throw new RangeError(
      `${begin}: found a number that is not finite as a 32-bit float in row ` +
        `${Math.floor(i / columns)}, column ${
          quoted(featureNames[i % columns])
        }, need a finite one`,
    );
  }

  const table = {
    features,
    rows,
    columns,
    featureNames,
    categories,
    weights: weightsOf(arrays.weights, rows, begin),
    target,
    source,
  };
  if (numbers !== undefined) {
    const targets = Float32Array.from(numbers);
    const bad = targets.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new RangeError(
        `${begin}: found the target ${numbers[bad]} in row ${bad}, need a finite 32-bit float`,
      );
    }
    return { ...table, labels: new Int32Array(rows), classes: [], targets };
  }
  const { labels, classes } = encodeLabels(given!, arrays.classes, begin);
  return { ...table, labels, classes };
}

function weightsOf(
  given: ArrayLike<number> | undefined,
  rows: number,
  begin: string,
): Float32Array | undefined {
  if (given === undefined) return undefined;
  if (given.length !== rows) {
    throw new TypeError(
      `${begin}: found ${given.length} weights, need one for each of ${rows} rows`,
    );
  }
  const weights = Float32Array.from(given);
  checkRowWeights(weights, begin);
  return weights;
}

/** The codes of labels, and the classes that the codes stand for. */
function encodeLabels(
  given: ArrayLike<string | number>,
  wanted: readonly string[] | undefined,
  begin: string,
): Pick<Dataset, "labels" | "classes"> {
  const texts = Array.from(given, (label: unknown, row) => {
    if (typeof label === "object" && label !== null) {
      throw new TypeError(
        `${begin}: found ${foundValue(label)} as the label of row ${row}, need a text or a number`,
      );
    }
    if (label !== null && label !== undefined && !Number.isNaN(label)) return String(label);
    throw new RangeError(`${begin}: found no label in row ${row}, need a class`);
  });
  const classes = wanted === undefined ? sortClasses(texts) : [...wanted];
  refuseRepeated(classes, "class", begin);
  if (wanted === undefined && classes.length < 2) {
    throw new RangeError(
      `${begin}: found the one class ${quotedList(classes)}, need at least two`,
    );
  }
  const codes = new Map(classes.map((label, code) => [label, code]));
  const labels = new Int32Array(texts.length);
  texts.forEach((text, row) => {
    const code = codes.get(text);
    if (code === undefined) {
      throw new RangeError(
        `${begin}: found the class ${quoted(text)} in row ${row}, need one of ${
          quotedList(classes)
        }`,
      );
    }
    labels[row] = code;
  });
  return { labels, classes };
}

/** The cells of all rows, in one list. */
interface Cells {
  readonly cells: ArrayLike<Cell>;
  readonly columns: number;
}

function flatten({ features, columns }: ArraysOfDataset, rows: number, begin: string): Cells {
  if (ArrayBuffer.isView(features)) {
    if (columns === undefined || !Number.isSafeInteger(columns) || columns < 1) {
      throw new RangeError(`${begin}: found columns ${columns}, need a whole number from 1`);
    }
    if (features.length !== rows * columns) {
      throw new TypeError(
        `${begin}: found ${features.length} numbers, need ${rows} rows × ${columns} columns`,
      );
    }
    return { cells: features, columns };
  }
  if (features.length !== rows) {
    throw new TypeError(
      `${begin}: found ${features.length} rows, need one for each of ${rows} labels`,
    );
  }
  features.forEach((row: unknown, index) => {
    if (Array.isArray(row) || ArrayBuffer.isView(row)) return;
    throw new TypeError(
      `${begin}: found ${foundValue(row)} as row ${index}, need a list of its cells`,
    );
  });
  const width = columns ?? features[0].length;
  if (width === 0) throw new RangeError(`${begin}: found no columns, need at least one`);
  const cells: Cell[] = new Array(rows * width);
  features.forEach((row, index) => {
    if (row.length !== width) {
      throw new TypeError(
        `${begin}: found ${plural(row.length, "number")} in row ${index}, need ${width}`,
      );
    }
    for (let column = 0; column < width; column++) cells[index * width + column] = row[column];
  });
  return { cells, columns: width };
}

/** Converts cells to numbers. Columns with a text in them become codes. */
function encode({ cells, columns }: Cells): Pick<Dataset, "features" | "categories"> {
  const texts = new Map<number, Map<string, number>>();
  for (let i = 0; i < cells.length; i++) {
    if (typeof cells[i] === "string" && !texts.has(i % columns)) texts.set(i % columns, new Map());
  }
  if (texts.size === 0) {
    return {
      features: Float32Array.from(cells, (cell) => isMissingCell(cell) ? NaN : Number(cell)),
    };
  }
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (!isMissingCell(cell)) texts.get(i % columns)?.set(String(cell), 0);
  }
  const categories = Array.from({ length: columns }, (_, column) => {
    const found = texts.get(column);
    if (found === undefined) return null;
    const sorted = sortClasses(found.keys());
    sorted.forEach((category, code) => found.set(category, code));
    return sorted;
  });
  const features = Float32Array.from(cells, (cell, i) => {
    if (isMissingCell(cell)) return NaN;
    return texts.get(i % columns)?.get(String(cell)) ?? Number(cell);
  });
  return { features, categories };
}

function isMissingCell(cell: Cell): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}

function refuseRepeated(names: readonly string[], kind: string, begin: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new TypeError(`${begin}: found the ${kind} ${quoted(name)} twice, need every one once`);
    }
    seen.add(name);
  }
}
