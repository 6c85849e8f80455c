/**
 * Reads tables of numbers and labels from files: comma-separated values, ARFF, NumPy's NPY and NPZ,
 * IDX, MAT, Parquet.
 *
 * @module
 */
import { foundValue } from "../../arguments.ts";
import {
  cellsOf,
  datasetPasses,
  namedColumns,
  NO_TARGET,
  type ReadCellsOptions,
  type ReadDatasetOptions,
  type ReadDatasetResult,
  type ReadProgress,
  requireReading,
  requireRows,
  type RowsHandler,
  tablePasses,
  type TableRows,
  takeColumn,
} from "../table/mod.ts";
import { besideWeights, rowWeights, type WeightsOption } from "./row_weights.ts";
import { nameOf, tableReader, type TableSource } from "./table_reader.ts";

/** The parts of a table of features that are wanted. */
export interface ReadFeaturesOptions extends ReadCellsOptions {
  /** The feature columns, in the order wanted. They may be in any order in the file. */
  readonly featureNames: readonly string[];
  /** Feature columns that are not needed. They may be missing, are not read, and become NaN. */
  readonly unused?: readonly string[] | undefined;
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Features that were read, and the columns that were not used. */
export interface ReadFeaturesResult {
  /** Length rows × columns, row after row. A missing value is NaN. */
  readonly features: Float32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns: the length of `featureNames`. */
  readonly columns: number;
  /** For every column, its categories, or `null` for numbers. `undefined`: all columns hold numbers. */
  readonly categories?: readonly (readonly string[] | null)[] | undefined;
  /** The other columns of the file, in its order. */
  readonly ignoredColumns: readonly string[];
  /** Sentences for people about cells that were not taken as they are written. */
  readonly remarks: readonly string[];
}

/**
 * Reads a table with labels, as training does. Features are finite numbers that a 32-bit float can hold,
 * missing values, or categories in columns with text. Labels may be any text; for regression they are
 * numbers. Labels that differ only by blanks around them, or by `.0` after an integer, are one class. The
 * end of the file's name tells its format:
 *
 * - `.csv`, `.csv.gz`, `.tsv` and any other: comma-separated values with a header row (RFC 4180, UTF-8,
 *   either line ending, a byte order mark allowed). Semicolons, tabs or bars may also separate the cells;
 *   the header row tells which.
 * - `.arff`, `.arff.gz`: Weka's and OpenML's format. Features are numeric attributes, or nominal ones
 *   of numbers. Sparse rows are refused.
 * - `.npy`: a NumPy matrix of numbers or booleans, and the labels in the file beside it: `X.npy` and
 *   `y.npy`, `x_train.npy` and `y_train.npy`, `features.npy` and `labels.npy`, `data.npy` and
 *   `target.npy`. The columns are called `x0`, `x1` and so on, the target by the word that differs
 *   (`y`); a column of the matrix may be the target as well.
 * - `.npz`: an archive of NumPy arrays. The target names the array of labels, such as `y`, `y_train`,
 *   `labels` or `arr_1`; its partner (`X` or `x`, `X_train`, `features`, `arr_0`) has the features.
 *   An array `feature_names` names the columns.
 * - `.idx`, `-idx3-ubyte`, either with `.gz`: images in the format of MNIST, with one row of pixels per
 *   image, and the labels in the file beside it: `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`.
 *   The columns are `x0`, `x1` and so on, the target is `labels`.
 * - `.mat`: MATLAB's format, version 5. The target names the matrix of labels: `Y` goes with `X`, `gnd`
 *   with `fea`.
 * - `.parquet`, `.pq`: numbers and booleans are features; Snappy, gzip, zstd, Brotli or no compression.
 *   The library for it is loaded on first use.
 *
 * Integer and boolean labels of NumPy become texts as Python writes them (`3`, `True`). A one-hot label
 * becomes the place of its 1, from 0.
 *
 * The file is read in pieces. Memory holds the numbers (twice at the end, when they are joined) and one
 * piece. A piece of a Parquet file is a column of a row group. Needs permission to read the file.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {SyntaxError} If the content cannot be parsed: text or a missing value in a feature, rows
 * of unequal length, repeated or missing column names, an open quote, no UTF-8, broken gzip data.
 * @throws {RangeError} If there are no rows, or one class only (without `classes`), a label is not
 * among `classes`, a number is infinite or too large for a 32-bit float, or there are too many
 * categories.
 * @throws {TypeError} If a wanted column is missing, or `classes` or `featureNames` are not valid lists.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * Messages name the file, the line, the column and the value. Lines are counted from 1 in the uncompressed
 * text. In a format without lines, messages name the row, from 0.
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
  requireReading(options, "dataset", ["weights"]);
  const { weights } = options;
  if (weights !== undefined) {
    const read = await readDataset(file, besideWeights(nameOf(file), options, weights));
    const { dataset, column } = takeColumn(read.dataset, weights);
    const own = rowWeights(file, options, weights);
    const ofRows = own.take(column, 0);
    await own.check();
    return { ...read, dataset: { ...dataset, weights: ofRows! } };
  }
  const path = nameOf(file);
  const passes = datasetPasses(path, options);
  return await readPasses(file, passes, options.onProgress);
}

/**
 * Reads the features of a table, for prediction. Every other column is ignored and named in the result; so
 * the target column may be present or not. The format, the permissions and the errors are those of
 * {@linkcode readDataset}.
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
  requireReading(options, "cells", ["featureNames", "unused", "onProgress"]);
  const path = nameOf(file);
  const { featureNames } = options;
  if (!Array.isArray(featureNames)) {
    throw new TypeError(
      `Cannot read a table: found ${foundValue(featureNames)} as featureNames, need a list of ` +
        "columns' names",
    );
  }
  const wanted = { target: null, featureNames, unused: options.unused };
  const passes = tablePasses(wanted, options, () => NO_TARGET);
  const table = await readPasses(file, passes, options.onProgress);
  const { rows, features, categories, ignoredColumns } = table;
  requireRows(path, rows, false);
  return {
    features,
    rows,
    columns: featureNames.length,
    categories,
    ignoredColumns,
    remarks: table.remarks,
  };
}

/** The parts of a table without a target that are wanted. */
export interface ReadUnlabelledOptions extends ReadCellsOptions {
  /** Columns that are to be ignored. */
  readonly ignore?: readonly string[] | undefined;
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/**
 * Reads a table in which every column is a feature, without a target. The format, the permissions and the
 * errors are those of {@linkcode readDataset}.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {RangeError} If there are no rows, or a number is out of range.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * @example Usage
 * ```ts
 * import { builtinDatasetPath } from "@sparsemble/sparsemble";
 * import { readUnlabelled } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const path = builtinDatasetPath("segment");
 * const { dataset } = await readUnlabelled(path, { ignore: ["class"] });
 * assert.deepEqual([dataset.columns, dataset.classes.length], [19, 0]);
 * ```
 */
export async function readUnlabelled(
  file: TableSource,
  options: ReadUnlabelledOptions = {},
): Promise<Pick<ReadDatasetResult, "dataset" | "ignoredColumns" | "remarks">> {
  const source = nameOf(file);
  const wanted = { target: null, featureNames: null, ignore: options.ignore };
  const passes = tablePasses(wanted, options, () => NO_TARGET);
  const table = await readPasses(file, passes, options.onProgress);
  const { rows, features, featureNames, categories, notations, ignoredColumns, remarks } = table;
  requireRows(source, rows, false);
  const dataset = {
    ...{ features, rows, columns: featureNames.length, featureNames: [...featureNames] },
    ...{ categories, notations, labels: new Int32Array(rows), classes: [], target: "", source },
  };
  return { dataset, ignoredColumns, remarks };
}

/** Reads a file as often as its passes ask for it. */
async function readPasses<Result>(
  file: TableSource,
  passes: Generator<RowsHandler, Result, TableRows>,
  onProgress: ((progress: ReadProgress) => void) | undefined,
): Promise<Result> {
  const read = tableReader(file);
  let step = passes.next();
  while (!step.done) step = passes.next(await read(nameOf(file), step.value, onProgress));
  return step.value;
}

/**
 * Reads the column names of a table, and no pieces of the file after them.
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
  const cells = cellsOf({});
  const handler: RowsHandler = { target: null, plan: () => null, ...NO_TARGET, cells };
  const { header } = await tableReader(file)(nameOf(file), handler, undefined);
  return namedColumns(header);
}
