import { type Dataset, type Notation, validateNotation } from "../table/mod.ts";
import { summarizeColumns } from "./column_summary.ts";
import { columnMedian, fillMissing, missingCounts } from "./missing_values.ts";
import { quoted } from "../../messages.ts";
import { fitOneHot, inputOf, type OneHotColumn, validateOneHot } from "./one_hot.ts";
import {
  applyScaling,
  fitScaling,
  type FittedScaling,
  type Scaling,
  SCALINGS,
  validateScaling,
} from "./scaling.ts";

/**
 * The preprocessing of a table's raw columns to a network's inputs. A plain object, stored with a model.
 *
 * The inputs are, in this order: the columns of numbers in `kept`, missing values filled in and all
 * scaled; for every column in `indicators`, 1 where its value is missing and 0 elsewhere; and the
 * inputs of every column in `categorical`.
 */
export interface Preprocessing {
  /** The raw feature columns, in the order {@linkcode preprocess} takes them. */
  readonly featureNames: readonly string[];
  /** The indices of the columns of numbers that become inputs, ascending. */
  readonly kept: Int32Array;
  /** The scaling of the kept columns. */
  readonly scaling: FittedScaling;
  /**
   * Length of `kept`: the median of the training rows, which replaces a missing value. Old models lack
   * medians and refuse missing values.
   */
  readonly medians?: Float32Array | undefined;
  /** The columns of which some, but not all values were missing in the training rows, ascending. */
  readonly indicators?: Int32Array | undefined;
  /** The columns of categories, ascending. */
  readonly categorical?: readonly OneHotColumn[] | undefined;
  /** The columns whose numbers have a notation of their own in tables, ascending, with this notation. */
  readonly notations?: readonly ColumnNotation[] | undefined;
}

/** The notation of a column's numbers. */
export interface ColumnNotation extends Notation {
  /** The raw column. */
  readonly column: number;
}

/** The preparation of features. */
export interface PreprocessingOptions {
  /** The scaling. */
  readonly scaling: Scaling;
}

/**
 * Fits the preprocessing to the training rows. Columns that are constant in them are dropped, the others
 * are scaled. Missing values (NaN) become the column's median, and a column with missing values gets an
 * indicator input. Each category becomes an input ({@linkcode OneHotColumn}).
 *
 * @throws {RangeError} If there are no rows, or every column is constant.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import {
 *   droppedColumns,
 *   fitPreprocessing,
 *   inputCount,
 *   preprocess,
 * } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const train = datasetFromArrays({
 *   features: [[9, 1], [9, 3]],
 *   labels: [0, 1],
 *   featureNames: ["pixels", "hue"],
 * });
 * const preprocessing = fitPreprocessing(train, { scaling: "min-max" });
 * assert.deepEqual(droppedColumns(preprocessing), ["pixels"]);
 * assert.equal(inputCount(preprocessing), 1);
 * assert.deepEqual([...preprocess(preprocessing, Float32Array.of(9, 2), 1, 2)], [0.5]);
 * ```
 */
export function fitPreprocessing(train: Dataset, options: PreprocessingOptions): Preprocessing {
  const { features, rows, columns, featureNames, categories } = train;
  const all = [...featureNames.keys()];
  const isCategorical = (column: number) => (categories?.[column] ?? null) !== null;
  const kept = all.filter((column) => !isCategorical(column) && varies(train, column));
  const missing = missingCounts(features, rows, columns);
  const indicators = all.filter((column) => missing[column] > 0 && missing[column] < rows);
  const categorical = all.filter(isCategorical).map((column) => fitOneHot(train, column));
  if (kept.length + indicators.length === 0 && categorical.every(({ inputs }) => inputs === 0)) {
    throw new RangeError(
      `Cannot learn from "${train.source}": found no feature that varies among ${rows} rows ` +
        `and ${columns} columns, need at least one` + reasons(train),
    );
  }
  const chosen = Int32Array.from(kept);
  const medians = Float32Array.from(
    kept,
    (column) => columnMedian(features, rows, columns, column),
  );
  const selected = selectColumns(features, rows, columns, chosen);
  fillMissing(selected, medians);
  return {
    featureNames: [...featureNames],
    kept: chosen,
    scaling: kept.length === 0
      ? { kind: options.scaling, columns: 0, parameters: new Float64Array(0) }
      : fitScaling(selected, rows, kept.length, options.scaling),
    medians,
    indicators: Int32Array.from(indicators),
    categorical,
    notations: train.notations?.flatMap((own, column) => own === null ? [] : [{ column, ...own }]),
  };
}

/** The reasons why no column can be used, for the first three columns. */
function reasons(train: Dataset): string {
  const shown = summarizeColumns(train).slice(0, 3)
    .map(({ column, remark }) => `${quoted(column)}: ${remark}`);
  return ` (${shown.join("; ")}${train.columns > 3 ? "; …" : ""})`;
}

/** Returns `true` for a column with two different values, not counting missing ones. */
function varies({ features, rows, columns }: Dataset, column: number): boolean {
  let first = NaN;
  for (let i = column; i < rows * columns; i += columns) {
    if (Number.isNaN(first)) first = features[i];
    else if (features[i] !== first && !Number.isNaN(features[i])) return true;
  }
  return false;
}

/**
 * The number of inputs that raw columns become.
 */
export function inputCount({ kept, indicators, categorical = [] }: Preprocessing): number {
  const ofCategories = categorical.reduce((sum, { inputs }) => sum + inputs, 0);
  return kept.length + (indicators?.length ?? 0) + ofCategories;
}

/**
 * Turns raw features into a network's inputs.
 *
 * @param features Length `rows` × `columns`, row after row, the columns as in
 * `preprocessing.featureNames`; NaN where a value is missing, and codes of categories as in
 * `preprocessing.categorical`.
 * @returns Length `rows` × {@linkcode inputCount}, row after row; a new array.
 * @throws {TypeError} If the number of columns or the length of `features` is another.
 * @throws {RangeError} If a value is missing, and the preprocessing knows no medians, or if a number is
 * too large for a 32-bit float when it is scaled.
 */
export function preprocess(
  preprocessing: Preprocessing,
  features: Float32Array,
  rows: number,
  columns: number,
): Float32Array {
  const { featureNames, kept, scaling, medians } = preprocessing;
  if (columns !== featureNames.length || features.length !== rows * columns) {
    throw new TypeError(
      `Cannot preprocess features: found ${features.length} numbers in ${rows} rows and ` +
        `${columns} columns, need ${rows} × ${featureNames.length}`,
    );
  }
  const selected = selectColumns(features, rows, columns, kept);
  if (medians !== undefined) fillMissing(selected, medians);
  else refuseMissing(preprocessing, selected);
  const numbers = kept.length === 0 ? selected : applyScaling(scaling, selected, rows);
  refuseInfinite(preprocessing, numbers, selected);
  const width = inputCount(preprocessing);
  return width === kept.length ? numbers : withOtherInputs(preprocessing, numbers, features, width);
}

function refuseMissing({ featureNames, kept }: Preprocessing, selected: Float32Array): void {
  const place = selected.findIndex(Number.isNaN);
  if (place < 0) return;
  throw new RangeError(
    `Cannot preprocess features: found a missing value in row ${
      Math.floor(place / kept.length)
    } (from 0), column ${quoted(featureNames[kept[place % kept.length]])}, need a number: ` +
      `the model is of a time when there were no medians`,
  );
}

/** Checks that scaled numbers fit a 32-bit float. Otherwise a network would make NaN of them. */
function refuseInfinite(
  { featureNames, kept }: Preprocessing,
  scaled: Float32Array,
  selected: Float32Array,
): void {
  for (let i = 0; i < scaled.length; i++) {
    if (Number.isFinite(scaled[i])) continue;
    const [row, column] = [Math.floor(i / kept.length), kept[i % kept.length]];
    const where = `row ${row} (from 0), column ${quoted(featureNames[column])}`;
    throw new RangeError(
      `Cannot preprocess features: found ${selected[i]} in ${where}, which is ${scaled[i]} when ` +
        `scaled, need a number nearer to those of the training rows`,
    );
  }
}

/** The scaled numbers of every row, followed by its indicators and the inputs of its categories. */
function withOtherInputs(
  { featureNames, kept, indicators = new Int32Array(0), categorical = [] }: Preprocessing,
  numbers: Float32Array,
  features: Float32Array,
  width: number,
): Float32Array {
  const columns = featureNames.length;
  const rows = features.length / columns;
  const inputs = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const raw = row * columns;
    let place = row * width;
    for (let k = row * kept.length; k < (row + 1) * kept.length; k++) inputs[place++] = numbers[k];
    for (const column of indicators) {
      inputs[place++] = Number.isNaN(features[raw + column]) ? 1 : 0;
    }
    for (const column of categorical) {
      const one = inputOf(column, features[raw + column.column]);
      if (one >= 0) inputs[place + one] = 1;
      place += column.inputs;
    }
  }
  return inputs;
}

/**
 * Returns the options with which `readDataset` and `readFeatures` read a raw table for a model: its
 * columns, their categories, the columns that contribute nothing and may be missing, and the rule for
 * missing values.
 */
export function rawColumns(preprocessing: Preprocessing): {
  featureNames: readonly string[];
  missing: "error" | "keep";
  categorical: Readonly<Record<string, readonly string[]>>;
  notations: ReadonlyMap<string, Notation>;
  unused: readonly string[];
} {
  const { featureNames, medians, categorical = [], notations = [] } = preprocessing;
  return {
    featureNames,
    missing: medians === undefined ? "error" : "keep",
    categorical: Object.fromEntries(
      categorical.map(({ column, categories }) => [featureNames[column], categories]),
    ),
    notations: new Map(notations.map(({ column, ...own }) => [featureNames[column], own])),
    unused: droppedColumns(preprocessing),
  };
}

/**
 * The names of the columns that were constant in the training rows and become no input.
 */
export function droppedColumns(preprocessing: Preprocessing): string[] {
  const { featureNames, kept, indicators = [], categorical = [] } = preprocessing;
  const encoded = categorical.filter(({ inputs }) => inputs > 0).map(({ column }) => column);
  const used = new Set([...kept, ...indicators, ...encoded]);
  return featureNames.filter((_, column) => !used.has(column));
}

/**
 * Checks a preprocessing that comes from outside, such as a model file: every invariant of its
 * arrays, so that {@linkcode preprocess} cannot read beyond them.
 *
 * @throws {TypeError} If lengths do not fit together or a name occurs twice.
 * @throws {RangeError} If an index is out of range or not ascending, the scaling is unknown, or a
 * parameter is not finite or out of order.
 */
export function validatePreprocessing(preprocessing: Preprocessing): void {
  const { featureNames, kept, scaling, medians, indicators, categorical = [] } = preprocessing;
  const begin = "Cannot use a preprocessing";
  if (new Set(featureNames).size !== featureNames.length) {
    throw new TypeError(`${begin}: found a feature name twice, need every one once`);
  }
  requireAscending(kept, "kept", featureNames.length);
  requireAscending(indicators ?? [], "indicator", featureNames.length);
  requireAscending(categorical.map(({ column }) => column), "categorical", featureNames.length);
  const { notations = [] } = preprocessing;
  requireAscending(notations.map(({ column }) => column), "notation", featureNames.length);
  notations.forEach(validateNotation);
  const numbers = new Set(kept);
  const encoded = categorical.find(({ column }) => numbers.has(column));
  if (encoded !== undefined) {
    throw new TypeError(
      `${begin}: found column ${encoded.column} kept and categorical, need one of the two`,
    );
  }
  categorical.forEach((column) => validateOneHot(column, featureNames[column.column]));
  if (inputCount(preprocessing) === 0 || scaling.columns !== kept.length) {
    throw new TypeError(
      `${begin}: found ${kept.length} kept columns and a scaling of ${scaling.columns}, ` +
        `need as many, and at least one`,
    );
  }
  if (
    medians !== undefined && (medians.length !== kept.length || !medians.every(Number.isFinite))
  ) {
    throw new TypeError(
      `${begin}: found ${medians.length} medians, need a finite one for each of ${kept.length} ` +
        `kept columns`,
    );
  }
  if (kept.length > 0) validateScaling(scaling);
  else if (scaling.parameters.length > 0 || !SCALINGS.includes(scaling.kind)) {
    throw new TypeError(
      `${begin}: found ${scaling.parameters.length} parameters of the scaling "${scaling.kind}", ` +
        `need none of a known one`,
    );
  }
}

function requireAscending(list: ArrayLike<number>, kind: string, columns: number): void {
  for (let k = 0; k < list.length; k++) {
    const least = k === 0 ? 0 : list[k - 1] + 1;
    if (!Number.isSafeInteger(list[k]) || list[k] < least || list[k] >= columns) {
      throw new RangeError(
        `Cannot use a preprocessing: found column ${list[k]} at position ${k} of the ${kind} ` +
          `columns, need ${least} to ${columns - 1}`,
      );
    }
  }
}

function selectColumns(
  features: Float32Array,
  rows: number,
  columns: number,
  kept: Int32Array,
): Float32Array {
  const selected = new Float32Array(rows * kept.length);
  for (let row = 0, k = 0; row < rows; row++) {
    for (const column of kept) selected[k++] = features[row * columns + column];
  }
  return selected;
}
