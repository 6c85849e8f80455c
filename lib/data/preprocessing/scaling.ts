import { BEYOND, fitQuantiles, isByRank, quantileToNormal } from "./quantile_scaling.ts";

/**
 * The scaling of features:
 * - `"none"`: as it is;
 * - `"min-max"`: the training rows fill [0, 1];
 * - `"standard"`: the training rows have mean 0 and variance 1 (of the population, divisor n);
 * - `"quantile"`: the training rows are normally distributed, by rank;
 * - `"bounded-quantile"`: the same, but within ±3, where `"quantile"` has its extremes at ±5.2.
 */
export type Scaling = "none" | "min-max" | "standard" | "quantile" | "bounded-quantile";

/** All scalings. */
export const SCALINGS: readonly Scaling[] = [
  "none",
  "min-max",
  "standard",
  "quantile",
  "bounded-quantile",
];

/**
 * A scaling fitted to training rows: a plain object, to be stored with a model. The parameters lie
 * column after column:
 *
 * | kind | parameters of a column |
 * | --- | --- |
 * | `none` | none |
 * | `min-max` | minimum, maximum |
 * | `standard` | mean, standard deviation |
 * | `quantile`, `bounded-quantile` | the same number of ascending quantiles, from the minimum to the maximum |
 *
 * A column that was constant in the training rows becomes 0 under every scaling except `none`, whatever its
 * later values.
 */
export interface FittedScaling {
  /** The scaling. */
  readonly kind: Scaling;
  /** The number of columns. */
  readonly columns: number;
  /** The parameters of all columns, equally many for each. */
  readonly parameters: Float64Array;
}

/**
 * Fits a scaling to the rows to learn from.
 *
 * @param features Length `rows` × `columns`, row after row.
 * @throws {RangeError} If there are no rows or columns, or the scaling is unknown.
 * @throws {TypeError} If the length of `features` is another.
 *
 * @example
 * ```ts
 * import { applyScaling, fitScaling } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const fitted = fitScaling(Float32Array.of(10, 20, 30), 3, 1, "min-max");
 * assert.deepEqual([...applyScaling(fitted, Float32Array.of(15, 40), 2)], [0.25, 1.5]);
 * ```
 */
export function fitScaling(
  features: Float32Array,
  rows: number,
  columns: number,
  scaling: Scaling,
): FittedScaling {
  if (!(rows >= 1 && columns >= 1)) {
    throw new RangeError(
      `Cannot fit a scaling: found ${rows} rows × ${columns} columns, need at least one of each`,
    );
  }
  requireLength("fit", features, rows, columns);
  requireKnown("fit", scaling);
  return { kind: scaling, columns, parameters: PARAMETERS[scaling](features, rows, columns) };
}

/** The parameters that a scaling takes from the training rows. */
const PARAMETERS = {
  none: () => new Float64Array(0),
  "min-max": extremes,
  standard: moments,
  quantile: fitQuantiles,
  "bounded-quantile": fitQuantiles,
};

/**
 * Scales rows, the training rows or others. Values beyond those of the training rows go beyond
 * [0, 1] with `"min-max"`; with `"quantile"` all values lie within ±5.2, with `"bounded-quantile"` within ±3.
 *
 * @param features Length `rows` × the columns that were fitted, row after row.
 * @returns A new array of the same length.
 * @throws {TypeError} If the length of `features` is another.
 */
export function applyScaling(
  fitted: FittedScaling,
  features: Float32Array,
  rows: number,
): Float32Array {
  const { kind, columns, parameters } = fitted;
  requireLength("apply", features, rows, columns);
  const scaled = Float32Array.from(features);
  if (kind === "none") return scaled;
  const each = parameters.length / columns;
  for (let column = 0; column < columns; column++) {
    const own = parameters.subarray(column * each, (column + 1) * each);
    const scale = isByRank(kind) ? quantileToNormal(own, BEYOND[kind]) : linear(kind, own);
    for (let i = column; i < scaled.length; i += columns) scaled[i] = scale(scaled[i]);
  }
  return scaled;
}

/**
 * Checks a fitted scaling that comes from outside, such as a model file.
 *
 * @throws {RangeError} If the kind is unknown, or a parameter is not finite or out of order.
 * @throws {TypeError} If the number of parameters does not fit the kind and the columns.
 */
export function validateScaling({ kind, columns, parameters }: FittedScaling): void {
  const begin = "Cannot use a scaling";
  requireKnown("use", kind);
  const each = parameters.length / columns;
  const fits = kind === "none"
    ? each === 0
    : isByRank(kind)
    ? each >= 1 && Number.isInteger(each)
    : each === 2;
  if (!Number.isSafeInteger(columns) || columns < 1 || !fits) {
    throw new TypeError(
      `${begin}: found ${parameters.length} parameters for ${columns} columns, need ${
        kind === "none" ? "none" : isByRank(kind) ? "equally many" : "2"
      } for each, and at least one column`,
    );
  }
  for (let i = 0; i < parameters.length; i++) {
    const first = i % each === 0;
    // A deviation is at least 0; maxima and quantiles follow what is before them.
    const least = first ? -Infinity : kind === "standard" ? 0 : parameters[i - 1];
    if (!Number.isFinite(parameters[i]) || parameters[i] < least) {
      throw new RangeError(
        `${begin}: found ${parameters[i]} as parameter ${i % each} of column ` +
          `${Math.floor(i / each)}, need a finite number${
            least > -Infinity ? ` from ${least}` : ""
          }`,
      );
    }
  }
}

function linear(
  kind: "min-max" | "standard",
  [first, second]: Float64Array,
): (x: number) => number {
  const width = kind === "min-max" ? second - first : second;
  return width === 0 ? () => 0 : (x) => (x - first) / width;
}

function extremes(features: Float32Array, rows: number, columns: number): Float64Array {
  const parameters = new Float64Array(2 * columns);
  for (let column = 0; column < columns; column++) {
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let i = column; i < rows * columns; i += columns) {
      if (features[i] < minimum) minimum = features[i];
      if (features[i] > maximum) maximum = features[i];
    }
    parameters[2 * column] = minimum;
    parameters[2 * column + 1] = maximum;
  }
  return parameters;
}

/**
 * Mean and standard deviation (of the population, divisor n) of every column, by Welford's recurrence: it
 * does not lose digits if the mean is large compared with the deviation.
 */
export function moments(features: Float32Array, rows: number, columns: number): Float64Array {
  const parameters = new Float64Array(2 * columns);
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const x = features[row * columns + column];
      const delta = x - mean;
      mean += delta / (row + 1);
      squares += delta * (x - mean);
    }
    parameters[2 * column] = mean;
    parameters[2 * column + 1] = Math.sqrt(squares / rows);
  }
  return parameters;
}

function requireKnown(verb: string, kind: Scaling): void {
  if (SCALINGS.includes(kind)) return;
  throw new RangeError(
    `Cannot ${verb} a scaling: found "${kind}", need one of "${SCALINGS.join('", "')}"`,
  );
}

function requireLength(verb: string, features: Float32Array, rows: number, columns: number): void {
  if (features.length !== rows * columns) {
    throw new TypeError(
      `Cannot ${verb} a scaling: found ${features.length} numbers, ` +
        `need ${rows} rows × ${columns} columns`,
    );
  }
}
