/**
 * Reads tables of numbers and labels from files: comma-separated values, ARFF, NumPy's NPY and NPZ,
 * Parquet.
 *
 * @module
 */
import {
  type ColumnRequest,
  type Dataset,
  type FeatureCells,
  featureCells,
  labelCodes,
  namedColumns,
  type Notation,
  notationText,
  pathOf,
  planColumns,
  type ReadProgress,
  type RowsHandler,
  type TableReader,
  withWeights,
} from "../table/mod.ts";
import { quoted, quotedPath, shown } from "../../messages.ts";
import { readArffTable } from "./arff.ts";
import { readCsvBytes, readCsvTable } from "./csv.ts";
import { readNpyTable } from "./npy_table.ts";
import { readNpzTable } from "./npz_table.ts";
import { readParquetTable } from "./parquet.ts";

/** The readers of formats other than CSV, by the end of the file's name. */
const READERS: readonly (readonly [ending: RegExp, reader: TableReader])[] = [
  [/\.arff(\.gz)?$/i, readArffTable],
  [/\.npy$/i, readNpyTable],
  [/\.npz$/i, readNpzTable],
  [/\.(parquet|pq)$/i, readParquetTable],
];

/** A table: a path, a `file:` URL, or the bytes of a CSV file, which may be compressed. */
export type TableSource = string | URL | Uint8Array;

/** The cells that feature columns may have beside numbers. */
export interface ReadCellsOptions {
  /**
   * Missing values (an empty cell, `NA`, `N/A`, `NaN`, `null`, `none`, `?`) become NaN (`"keep"`, or
   * `"median"`, as training replaces them by the median), or are refused (`"error"`). Default: `"keep"`.
   */
  readonly missing?: "keep" | "median" | "error" | undefined;
  /**
   * The columns of categories: their cells become codes, the place among the column's categories. A
   * record says which categories there may be (those of a trained model, say; others get the code
   * −1); a list takes what the file has, at most 65,536 a column. `"auto"` takes every column with
   * text in it, at most 1000 categories a column; where it holds more than 20 different numbers too,
   * the text is taken for a mistake. An empty list refuses text. Default: `"auto"`.
   */
  readonly categorical?: readonly string[] | Readonly<Record<string, readonly string[]>> | "auto";
  /**
   * The columns whose numbers are not written plainly, such as `$9,728` or `2024-01-05` (those of a
   * trained model, say). With `categorical: "auto"` others are found, where all cells of a column are
   * written so; the file is read twice then.
   */
  readonly notations?: ReadonlyMap<string, Notation> | undefined;
}

/** The parts of a table of features and labels that are wanted. */
export interface ReadDatasetOptions extends ReadCellsOptions {
  /** The name of the column that holds the class labels, or the numbers to predict. */
  readonly target: string;
  /** Classification has a target of classes, regression one of numbers. Default: classification. */
  readonly task?: "classification" | "regression" | undefined;
  /**
   * The feature columns, in the order wanted (those of a trained model, say). Other columns are
   * ignored. Default: every column but the target, in the file's order.
   */
  readonly featureNames?: readonly string[] | undefined;
  /** Columns that are to be ignored. */
  readonly ignore?: readonly string[] | undefined;
  /** The classes a row may have (those of a trained model, say). Default: the ones in the file. */
  readonly classes?: readonly string[] | undefined;
  /**
   * Rows whose class is not among `classes` are refused (`"error"`), or left out and counted
   * (`"skip"`). Default: `"error"`.
   */
  readonly unknownClass?: "error" | "skip" | undefined;
  /**
   * Rows without a target (an empty cell, `?`, `NA`, `NaN`, `null`) are refused (`"error"`), or left out
   * and counted (`"skip"`). Default: `"error"`.
   */
  readonly missingTarget?: "error" | "skip" | undefined;
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** The column of a table with the weights of its rows. */
export interface WeightsOption {
  /**
   * The column with the weight of every row in training and in scores: a number from 0. It is no feature.
   * Left out: all rows weigh the same.
   */
  readonly weights?: string | undefined;
}

/** A class that was found in a table and is not among those asked for. */
export interface UnknownClass {
  /** The label as it is written in the file. */
  readonly label: string;
  /** The number of its rows. */
  readonly rows: number;
}

/** A table that was read, and its parts that were not used. */
export interface ReadDatasetResult {
  /** The rows. */
  readonly dataset: Dataset;
  /** The columns that are neither features nor the target, in the file's order. */
  readonly ignoredColumns: readonly string[];
  /** The classes whose rows were left out (with `unknownClass: "skip"` only). */
  readonly unknownClasses: readonly UnknownClass[];
  /** Sentences on what was not taken as it is written, for people. */
  readonly remarks: readonly string[];
}

/** The parts of a table of features that are wanted. */
export interface ReadFeaturesOptions extends ReadCellsOptions {
  /** The feature columns, in the order wanted. They may be in any order in the file. */
  readonly featureNames: readonly string[];
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Features that were read, and the columns that were not used. */
export interface ReadFeaturesResult {
  /** Length rows × columns, row after row; NaN where a value is missing. */
  readonly features: Float32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns: the length of `featureNames`. */
  readonly columns: number;
  /** For every column, its categories, or `null` for numbers. `undefined` where all hold numbers. */
  readonly categories?: readonly (readonly string[] | null)[] | undefined;
  /** The other columns of the file, in its order. */
  readonly ignoredColumns: readonly string[];
  /** Sentences on what was not taken as it is written, for people. */
  readonly remarks: readonly string[];
}

/**
 * Reads a table with labels, as training does: features are finite numbers that a 32-bit float can hold,
 * missing values, or categories where there is text; labels may be any text, or numbers for regression. Labels
 * that differ only by blanks around them, or by `.0` behind a whole number, are one class.
 * The end of the file's name says its format:
 *
 * - `.csv`, `.csv.gz` and any other: comma-separated values with a header row (RFC 4180, UTF-8, either
 *   line ending, a byte order mark allowed).
 * - `.arff`, `.arff.gz`: Weka's and OpenML's format. Features are numeric attributes, or nominal ones
 *   of numbers. Sparse rows are refused.
 * - `.npy`: a NumPy matrix of numbers or booleans, and the labels in the file beside it: `X.npy` and
 *   `y.npy`, `x_train.npy` and `y_train.npy`, `features.npy` and `labels.npy`, `data.npy` and
 *   `target.npy`. The columns are called `x0`, `x1` and so on, the target by the word that differs
 *   (`y`); a column of the matrix may be the target as well.
 * - `.npz`: an archive of NumPy arrays. The target names the array of labels, such as `y`, `y_train`,
 *   `labels` or `arr_1`; its partner (`X` or `x`, `X_train`, `features`, `arr_0`) has the features.
 *   An array `feature_names` names the columns.
 * - `.parquet`, `.pq`: numbers and booleans are features; Snappy, gzip, zstd, Brotli or no compression.
 *   The library for it is loaded on first use.
 *
 * NumPy's integers and booleans are labels as Python writes them (`3`, `True`); one-hot labels are the
 * places of their ones, from 0.
 *
 * The file is read in pieces. Memory is that of the numbers (twice at the end, when they are
 * joined) and of one piece: of Parquet, a column of a row group. Needs permission to read the file.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {SyntaxError} If the content cannot be parsed: text or a missing value in a feature, rows
 * of unequal length, repeated or missing column names, an open quote, no UTF-8, broken gzip data.
 * @throws {RangeError} If there are no rows, or one class only (without `classes`), a label is not
 * among `classes`, a number is infinite or too large for a 32-bit float, or there are too many
 * categories.
 * @throws {TypeError} If a wanted column is missing, or `classes` or `featureNames` are no valid
 * lists.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * Messages name the file, the line (of the uncompressed text, from 1) or, where a format has no lines,
 * the row (from 0), the column and the value.
 *
 * @example The built-in data set
 * ```ts
 * import { builtinDatasetPath, readDataset } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
 * assert.equal(dataset.rows, 2310);
 * assert.equal(dataset.columns, 19);
 * assert.equal(dataset.classes[0], "brickface");
 * ```
 */
export async function readDataset(
  file: TableSource,
  options: ReadDatasetOptions & WeightsOption,
): Promise<ReadDatasetResult> {
  if (options.weights !== undefined) {
    const { weights, featureNames, ignore, ...others } = options;
    const read = await readDataset(file, {
      ...others,
      featureNames: featureNames && [...featureNames, weights],
      ignore: ignore?.filter((name) => name !== weights),
    });
    return { ...read, dataset: withWeights(read.dataset, weights) };
  }
  const path = nameOf(file);
  const { target, task, ignore, featureNames: wanted = null } = options;
  const columns = { target, task, featureNames: wanted, ignore };
  const table = await readTable(file, columns, options, () => labelCodes(path, options));
  const { labels, notations, rows, features, targets, categories, featureNames, ignoredColumns } =
    table;
  if (rows === 0) throw noRows(path, labels.isIncomplete);

  const ofTask = targets instanceof Float32Array
    ? { labels: new Int32Array(rows), classes: [], targets }
    : { labels: targets, classes: labels.sort(targets) };
  const dataset: Dataset = {
    features,
    rows,
    columns: featureNames.length,
    featureNames: [...featureNames],
    categories,
    notations,
    ...ofTask,
    target,
    source: path,
  };
  const unknownClasses = Array.from(labels.unknown, ([label, rows]) => ({ label, rows }));
  return {
    dataset,
    ignoredColumns,
    unknownClasses,
    remarks: [...table.remarks, ...labels.remarks()],
  };
}

/**
 * Reads the features of a table, for prediction. A target column may be there or not: like every
 * column that is not among the features it is ignored, and named in the result. The format, the
 * permissions and the errors are those of {@linkcode readDataset}.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {RangeError} If there are no rows, or a number is out of range.
 * @throws {TypeError} If a feature column is missing.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * @example Two columns, in another order than the file's
 * ```ts
 * import { builtinDatasetPath, readFeatures } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const table = await readFeatures(builtinDatasetPath("segment"), {
 *   featureNames: ["hue-mean", "region-centroid-col"],
 * });
 * assert.equal(table.columns, 2);
 * assert.equal(table.features[1], 38);
 * assert.equal(table.ignoredColumns.length, 18);
 * ```
 */
export async function readFeatures(
  file: TableSource,
  options: ReadFeaturesOptions,
): Promise<ReadFeaturesResult> {
  const path = nameOf(file);
  const { featureNames } = options;
  const table = await readTable(file, { target: null, featureNames }, options, () => NO_TARGET);
  const { rows, features, categories, ignoredColumns } = table;
  if (rows === 0) throw noRows(path, false);
  return {
    features,
    rows,
    columns: featureNames.length,
    categories,
    ignoredColumns,
    remarks: table.remarks,
  };
}

/** The targets of a table that is read without them. */
const NO_TARGET = { label: () => 0, missingTarget: () => 0 };

/** Reads the wanted columns of a table. */
async function readTable<Labels extends Pick<RowsHandler, "label" | "missingTarget">>(
  file: TableSource,
  wanted: ColumnRequest,
  options: ReadDatasetOptions | ReadFeaturesOptions,
  newLabels: () => Labels,
) {
  const read = async (known: ReadonlyMap<string, Notation> | undefined) => {
    const labels = newLabels();
    const cells = cellsFor({ ...options, notations: known });
    const plan = (names: readonly string[], where: string) => {
      const plan = planColumns(names, wanted, where);
      cells.begin(plan.featureNames, where);
      return plan;
    };
    const { label, missingTarget } = labels;
    const handler = { target: wanted.target, plan, label, missingTarget, cells };
    const table = await tableReader(file)(nameOf(file), handler, options.onProgress);
    return { labels, cells, table, plan: table.plan! };
  };
  let last = await read(options.notations);
  const { found } = last.cells;
  const known = new Map([...options.notations ?? [], ...found]);
  if (found.size > 0) last = await read(known);
  const { labels, cells, plan, table: { rows, features, targets } } = last;
  const remarks = [
    ...plan.unnamedColumns.map((name) => `A column without a name is called ${quoted(name)}`),
    ...Array.from(found, ([name, own]) => `Column ${quoted(name)} is read as ${notationText(own)}`),
  ];
  const notations = known.size === 0
    ? undefined
    : plan.featureNames.map((name) => known.get(name) ?? null);
  const categories = cells.finish(features, rows);
  return { ...plan, labels, rows, features, targets, categories, notations, remarks };
}

/** The reader of a file, by the end of its name. A file of any other name is read as CSV. */
function tableReader(file: TableSource): TableReader {
  if (file instanceof Uint8Array) return (name, handler) => readCsvBytes(file, name, handler);
  const path = pathOf(file);
  return READERS.find(([ending]) => ending.test(path))?.[1] ?? readCsvTable;
}

/** A table's path, or another name for messages. */
function nameOf(file: TableSource): string {
  return file instanceof Uint8Array ? "standard input" : pathOf(file);
}

function cellsFor(
  { missing = "keep", categorical = "auto", notations }: ReadCellsOptions,
): FeatureCells {
  if (!["keep", "median", "error"].includes(missing)) {
    throw new TypeError(
      `Cannot read a table: found ${shown(missing)} as missing, need "keep", "median" or "error"`,
    );
  }
  const auto = categorical === "auto";
  const named = new Map<string, readonly string[] | null>();
  if (isList(categorical)) { for (const name of categorical) named.set(name, null); }
  else if (!auto) { for (const entry of Object.entries(categorical)) named.set(...entry); }
  return featureCells({ missing: missing !== "error", auto, categorical: named, notations });
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

/**
 * Reads the column names of a table, and no more of the file than that takes.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {SyntaxError} If the file is empty or its header row cannot be parsed.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * @example
 * ```ts
 * import { builtinDatasetPath } from "@sparsemble/sparsemble";
 * import { readHeader } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const names = await readHeader(builtinDatasetPath("segment"));
 * assert.equal(names.at(-1), "class");
 * ```
 */
export async function readHeader(file: TableSource): Promise<string[]> {
  const cells = cellsFor({});
  const handler: RowsHandler = { target: null, plan: () => null, ...NO_TARGET, cells };
  const { header } = await tableReader(file)(nameOf(file), handler, undefined);
  return namedColumns(header);
}

function noRows(path: string, skipped: boolean): RangeError {
  const found = skipped ? "no row with a known target" : "a header only";
  return new RangeError(`Cannot read ${quotedPath(path)}: found ${found}, need at least one row`);
}
