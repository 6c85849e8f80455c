/**
 * Reads tables of numbers and labels from files: comma-separated values, ARFF, NumPy's NPY and NPZ,
 * Parquet.
 *
 * @module
 */

import { sortClasses } from "./classes.ts";
import { planColumns } from "./csv_columns.ts";
import type { Dataset } from "./dataset.ts";
import { pathOf, type ReadProgress } from "./file_pieces.ts";
import { quoted, quotedList, quotedPath } from "./naming.ts";
import { tableReader } from "./table_formats.ts";
import type { RowsHandler } from "./table_rows.ts";

export type { ReadProgress } from "./file_pieces.ts";

/** What to read from a table of features and labels. */
export interface ReadDatasetOptions {
  /** The name of the column that holds the class labels. */
  readonly target: string;
  /**
   * The feature columns, in the order wanted (those of a trained model, say). Other columns are
   * ignored. Default: every column but the target, in the file's order.
   */
  readonly featureNames?: readonly string[] | undefined;
  /** The classes a row may have (those of a trained model, say). Default: the ones in the file. */
  readonly classes?: readonly string[] | undefined;
  /**
   * What to do with a row whose class is not among `classes`: refuse the file, or leave the row
   * out and count it. Default: `"error"`.
   */
  readonly unknownClass?: "error" | "skip" | undefined;
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** A class that was found in a table and is not among those asked for. */
export interface UnknownClass {
  /** The label as it is written in the file. */
  readonly label: string;
  /** How many rows have it. */
  readonly rows: number;
}

/** A table that was read, and what of it was not used. */
export interface ReadDatasetResult {
  /** The rows. */
  readonly dataset: Dataset;
  /** The columns that are neither features nor the target, in the file's order. */
  readonly ignoredColumns: readonly string[];
  /** The classes whose rows were left out (with `unknownClass: "skip"` only). */
  readonly unknownClasses: readonly UnknownClass[];
}

/** What to read from a table of features. */
export interface ReadFeaturesOptions {
  /** The feature columns, in the order wanted. They may be in any order in the file. */
  readonly featureNames: readonly string[];
  /** Called after every piece of the file. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** Features that were read, and what of the table was not used. */
export interface ReadFeaturesResult {
  /** Length rows × columns, row after row. */
  readonly features: Float32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns: the length of `featureNames`. */
  readonly columns: number;
  /** The other columns of the file, in its order. */
  readonly ignoredColumns: readonly string[];
}

/**
 * Reads a table with labels. Every feature is a finite number that a 32-bit float can hold; labels
 * may be any text. The end of the file's name says its format:
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
 * @param file A path, or a `file:` URL.
 * @throws {SyntaxError} If the content cannot be parsed: text or a missing value in a feature, rows
 * of unequal length, repeated or missing column names, an open quote, no UTF-8, broken gzip data.
 * @throws {RangeError} If there are no rows, or one class only (without `classes`), a label is not
 * among `classes`, or a number is infinite or too large for a 32-bit float.
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
  file: string | URL,
  options: ReadDatasetOptions,
): Promise<ReadDatasetResult> {
  const path = pathOf(file);
  const { target, featureNames, unknownClass = "error", onProgress } = options;
  const given = options.classes;
  const codes = new Map<string, number>();
  if (given !== undefined) {
    given.forEach((label, code) => codes.set(label, code));
    if (given.length === 0 || codes.size !== given.length) {
      throw new TypeError(
        `Cannot read ${quotedPath(path)}: found the classes ${quotedList(given) || "(none)"}, ` +
          `need at least one, each once`,
      );
    }
  }
  const unknown = new Map<string, number>();

  const handler: RowsHandler = {
    target,
    plan: (names, where) =>
      planColumns(names, { target, featureNames: featureNames ?? null }, where),
    label(text, where) {
      const code = codes.get(text);
      if (code !== undefined) return code;
      if (given === undefined) {
        codes.set(text, codes.size);
        return codes.size - 1;
      }
      if (unknownClass === "skip") {
        unknown.set(text, (unknown.get(text) ?? 0) + 1);
        return -1;
      }
      throw new RangeError(
        `${where()}: found the class ${quoted(text)}, need one of ${quotedList(given)}`,
      );
    },
  };
  const reader = await tableReader(path)(path, handler, onProgress);
  if (reader.rows === 0) throw noRows(path, unknown.size > 0);
  const { featureNames: names, ignoredColumns } = reader.columns!;

  if (given === undefined && codes.size === 1) {
    throw new RangeError(
      `Cannot learn from ${quotedPath(path)}, column ${quoted(target)}: ` +
        `found the one class ${quotedList([...codes.keys()])}, need at least two`,
    );
  }
  const { features, labels } = reader.take();
  const classes = given === undefined ? sortClasses(codes.keys()) : [...given];
  if (given === undefined) {
    const sorted = new Map(classes.map((label, code) => [label, code]));
    const renumbered = Int32Array.from(codes.keys(), (label) => sorted.get(label)!);
    for (let row = 0; row < labels.length; row++) labels[row] = renumbered[labels[row]];
  }
  return {
    dataset: {
      features,
      rows: reader.rows,
      columns: names.length,
      featureNames: [...names],
      labels,
      classes,
      target,
      source: path,
    },
    ignoredColumns,
    unknownClasses: Array.from(unknown, ([label, rows]) => ({ label, rows })),
  };
}

/**
 * Reads the features of a table, for prediction. A target column may be there or not: like every
 * column that is not among the features it is ignored, and named in the result. The format, the
 * permissions and the errors are those of {@linkcode readDataset}.
 *
 * @param file A path, or a `file:` URL.
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
  file: string | URL,
  options: ReadFeaturesOptions,
): Promise<ReadFeaturesResult> {
  const path = pathOf(file);
  const { featureNames, onProgress } = options;
  const handler: RowsHandler = {
    target: null,
    plan: (names, where) => planColumns(names, { target: null, featureNames }, where),
    label: () => 0,
  };
  const reader = await tableReader(path)(path, handler, onProgress);
  if (reader.rows === 0) throw noRows(path, false);
  const { ignoredColumns } = reader.columns!;
  const { features } = reader.take();
  return { features, rows: reader.rows, columns: featureNames.length, ignoredColumns };
}

/**
 * Reads the column names of a table, and no more of the file than that takes.
 *
 * @param file A path, or a `file:` URL.
 * @throws {SyntaxError} If the file is empty or its header row cannot be parsed.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * @example
 * ```ts
 * import { builtinDatasetPath, readHeader } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const names = await readHeader(builtinDatasetPath("segment"));
 * assert.equal(names.at(-1), "class");
 * ```
 */
export async function readHeader(file: string | URL): Promise<string[]> {
  const path = pathOf(file);
  const handler: RowsHandler = { target: null, plan: () => null, label: () => 0 };
  const reader = await tableReader(path)(path, handler, undefined);
  return [...reader.header!];
}

function noRows(path: string, skipped: boolean): RangeError {
  return new RangeError(
    `Cannot read ${quotedPath(path)}: found ${
      skipped ? "no row of a known class" : "a header only"
    }, ` +
      `need at least one row`,
  );
}
