/**
 * The steps from a raw row to inputs in 32-bit floats, as in an exported program. No product is added to
 * anything, so a compiler that fuses products and sums gives the same bits.
 *
 * @module
 */
import { quoted } from "../../messages.ts";
import type { CategoryInputs, ColumnScaling, ExportPlan, MissingInput } from "../plan.ts";
import { quantileToNormal } from "../../data/preprocessing/mod.ts";
import { neighbourFloat, roundToEven } from "./float32.ts";
import { type QuantileKnots, quantileKnots, SCORE_UNITS } from "./quantile_knots.ts";

/** The scaling of a column, as an exported program does it. */
export type ScalingStep =
  | { readonly kind: "none" }
  /**
   * ((x − high) − low) × factor. Two floats hold the centre, because one float has too few digits for a
   * small width.
   */
  | {
    readonly kind: "linear";
    readonly high: number;
    readonly low: number;
    readonly factor: number;
  }
  /**
   * The whole table of quantiles in 32-bit floats, and the rounding rest of each. `null`: the rests do not
   * change the map.
   */
  | {
    readonly kind: "quantiles";
    readonly quantiles: Float32Array;
    readonly rests: Float32Array | null;
    /** The share of rows that is taken to lie beyond either extreme, where the map ends. */
    readonly beyond: number;
    /** The map itself. */
    readonly map: (x: number) => number;
  }
  /** A broken line instead of the table. */
  | { readonly kind: "knots"; readonly knots: QuantileKnots };

/** A column of numbers, as a program reads it. */
export interface NumberStep {
  /** The raw column. */
  readonly column: number;
  /** The number that replaces a missing one; `null` if missing numbers are refused. */
  readonly median: number | null;
  /** The scaling. It is of the same kind in all columns. */
  readonly scaling: ScalingStep;
}

/** The steps from a raw row to inputs: first those of the numbers, in order. */
export interface InputSteps {
  /** Scaled numbers are limited to ± this bound; `null`: there is no limit. */
  readonly bound: number | null;
  /** The number of inputs. */
  readonly inputs: number;
  /** The columns of numbers. Input i belongs to the i-th of them. */
  readonly numbers: readonly NumberStep[];
  /** The inputs that mark missing values. */
  readonly missing: readonly MissingInput[];
  /** The columns of categories. */
  readonly categories: readonly CategoryInputs[];
}

/** Beyond these, a difference or a quotient may not fit a 32-bit float. */
const [NARROWEST, FARTHEST] = [1e-30, 1e37];

/** A smaller part of the centre than this changes a scaled number by less than rounding. */
const NO_REST = 2 ** -22;

/**
 * Makes the steps to a folded plan's inputs.
 *
 * @param quantileError The largest error of a quantile scaling; 0 keeps the whole table.
 * @param bound Limits numbers on a linear scale to ± this bound.
 * @throws {RangeError} If a column's numbers are too large or too close for 32-bit floats.
 */
export function inputSteps(
  plan: ExportPlan,
  quantileError: number,
  bound: number | null = null,
): InputSteps {
  const { inputs, missing, categories } = plan;
  const numbers = plan.numbers.map(({ column, median, scaling }): NumberStep => {
    const step = scalingStep(scaling, quantileError);
    const isFinite = median === null || step?.kind !== "linear" ||
      Number.isFinite(linearly(step, median));
    if (step !== null && isFinite) return { column, median, scaling: step };
    throw new RangeError(
      `Cannot export the model: found numbers in column ${quoted(plan.columns[column])} that are ` +
        `larger than ${FARTHEST}, or whose scale is below ${NARROWEST}, need others for 32-bit floats`,
    );
  });
  const isLinear = numbers.some(({ scaling }) => scaling.kind === "linear");
  return { bound: isLinear ? bound : null, inputs, numbers, missing, categories };
}

/** A scaling as an exported program does it; `null` if it cannot. */
function scalingStep(scaling: ColumnScaling, quantileError: number): ScalingStep | null {
  if (scaling.kind === "none") return { kind: "none" };
  if (scaling.kind === "zero") return { kind: "linear", high: 0, low: 0, factor: 0 };
  if (scaling.kind === "linear") {
    const { centre, width } = scaling;
    if (Math.abs(centre) > FARTHEST || width > FARTHEST || width < NARROWEST) return null;
    const high = Math.fround(centre);
    const low = Math.fround(centre - high);
    const isNothing = Math.abs(low) <= NO_REST * width;
    return { kind: "linear", high, low: isNothing ? 0 : low, factor: Math.fround(1 / width) };
  }
  const { quantiles, beyond } = scaling;
  const [first, last] = [quantiles[0], quantiles[quantiles.length - 1]];
  if (Math.max(-first, last) > FARTHEST || last - first < NARROWEST) return null;
  if (quantileError === 0) return quantileTable(quantiles, beyond);
  const made = knotsOf.get(quantiles) ?? new Map<number, QuantileKnots>();
  const knots = made.get(quantileError) ?? quantileKnots(quantiles, beyond, quantileError);
  knotsOf.set(quantiles, made.set(quantileError, knots));
  return { kind: "knots", knots };
}

/**
 * Knots by column and error. They are kept, because a search for a size needs the same ones again and
 * again.
 */
const knotsOf = new WeakMap<Float64Array, Map<number, QuantileKnots>>();

/** The error below which a table in 32 bits counts as exact. */
const SAME = 1e-5;

/** A whole table. If quantiles are close together, one float for each has too few digits. */
function quantileTable(quantiles: Float64Array, beyond: number): ScalingStep {
  const table = Float32Array.from(quantiles);
  const points = Float32Array.from(
    new Set(table),
    (x, k) => k % 2 === 0 ? x : neighbourFloat(x, k % 4 === 1 ? 1 : -1),
  );
  const [exact, rounded] = [quantiles, Float64Array.from(table)]
    .map((own) => quantileToNormal(own, beyond));
  const isSame = points.every((x) => Math.abs(exact(x) - rounded(x)) <= SAME);
  const rests = isSame ? null : Float32Array.from(quantiles, (quantile, k) => quantile - table[k]);
  return { kind: "quantiles", quantiles: table, rests, beyond, map: exact };
}

/**
 * Computes the inputs of one raw row with the same bits as a program in C. The exception are whole tables
 * of quantiles, whose map needs a logarithm.
 *
 * @param row Length columns; NaN is a missing value.
 * @returns The inputs, or 1 + the first column whose value cannot be used.
 */
export function rowInputs(
  { bound, inputs, numbers, missing, categories }: InputSteps,
  row: ArrayLike<number>,
): Float32Array | number {
  const found = new Float32Array(inputs);
  for (let i = 0; i < numbers.length; i++) {
    const { column, median, scaling } = numbers[i];
    let x = Math.fround(row[column]);
    if (Number.isNaN(x) && median !== null) x = median;
    if (!Number.isFinite(x)) return column + 1;
    if (scaling.kind === "linear") {
      x = linearly(scaling, x);
    } else if (scaling.kind === "knots") x = scoreOnLine(scaling.knots, x);
    else if (scaling.kind === "quantiles") x = Math.fround(scaling.map(x));
    if (!Number.isFinite(x)) return column + 1;
    found[i] = bound === null ? x : Math.max(-bound, Math.min(bound, x));
  }
  for (const { column, input } of missing) {
    if (!Number.isNaN(row[column]) && !Number.isFinite(Math.fround(row[column]))) return column + 1;
    found[input] = Number.isNaN(row[column]) ? 1 : 0;
  }
  for (const { column, inputs, other } of categories) {
    const code = row[column];
    if (Number.isNaN(code)) continue;
    if (!Number.isFinite(Math.fround(code))) return column + 1;
    const input = inputs[code] ?? other;
    if (input >= 0) found[input] = 1;
  }
  return found;
}

/** Scales a number linearly, in 32-bit floats. */
export function linearly(
  { high, low, factor }: ScalingStep & { readonly kind: "linear" },
  x: number,
): number {
  return Math.fround(Math.fround(Math.fround(x - high) - low) * factor);
}

/** The normal score of a number on a broken line. */
export function scoreOnLine({ x, z }: QuantileKnots, number: number): number {
  const last = x.length - 1;
  if (number <= x[0]) return z[0] / SCORE_UNITS;
  if (number >= x[last]) return z[last] / SCORE_UNITS;
  let [from, to] = [0, last];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (x[middle] <= number) from = middle;
    else to = middle;
  }
  const part = Math.fround(Math.fround(number - x[from]) / Math.fround(x[to] - x[from]));
  const step = (z[to] - z[from]) * roundToEven(part * 2 ** 15);
  return (z[from] + Math.floor(step / 2 ** 15)) / SCORE_UNITS;
}
