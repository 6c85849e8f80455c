import { normalQuantile } from "./normal_quantile.ts";
import { normalUpperTail } from "./distributions.ts";
import { requireFinite } from "./finite.ts";

/** The result of a Shapiro–Wilk test. */
export interface ShapiroWilkResult {
  /** W, at most 1: close to 1 where the values look normal. */
  readonly statistic: number;
  /** The probability of a W this small or smaller if the values are normal. */
  readonly pValue: number;
}

/** Royston's corrections of the two outermost weights: polynomials in 1 / √n, constant first. */
const OUTERMOST = [0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056];
const SECOND = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];

/** Mean and log standard deviation of the transformed W: in n up to 11, in ln n from 12. */
const SMALL_LIMIT = [-2.273, 0.459];
const SMALL_MEAN = [0.5440, -0.39978, 0.025054, -0.0006714];
const SMALL_SPREAD = [1.3822, -0.77857, 0.062767, -0.0020322];
const LARGE_MEAN = [-1.5861, -0.31082, -0.083751, 0.0038915];
const LARGE_SPREAD = [-0.4803, -0.082676, 0.0030302];

/** The p-value where W lies below the range of the algorithm. */
const LEAST_P = 1e-19;

/**
 * The Shapiro–Wilk test for normality: Royston, "Remark AS R94: A remark on algorithm AS 181: The
 * W-test for normality" (1995), without censoring. The p-value is an approximation made for up to
 * 5,000 values, exact for three.
 *
 * @param values At least three, in any order.
 * @throws {RangeError} If there are fewer, one is not finite, or all are equal.
 *
 * @example Usage
 * ```ts
 * import { shapiroWilk } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const { statistic, pValue } = shapiroWilk([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]);
 * assert.equal(statistic.toFixed(4), "0.7888");
 * assert.equal(pValue.toFixed(4), "0.0067");
 * ```
 */
export function shapiroWilk(values: ArrayLike<number>): ShapiroWilkResult {
  requireFinite(values, "test normality", 3);
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted[n >> 1];
  const range = sorted[n - 1] - sorted[0];
  if (range === 0) {
    throw new RangeError(
      `Cannot test normality: all ${n} values equal ${middle}, need two different`,
    );
  }
  // Centred and scaled first: neither a large offset nor a small range costs digits.
  const x = sorted.map((value) => (value - middle) / range);
  const complement = oneMinusW(x, weights(n));
  return { statistic: 1 - complement, pValue: significance(complement, n) };
}

/**
 * The weight of each ordered value in W: the expected normal order statistics, scaled. The two
 * outermost weights on either side are corrected.
 */
function weights(n: number): Float64Array {
  const a = new Float64Array(n);
  const half = n >> 1;
  if (n === 3) a[0] = -Math.SQRT1_2;
  else {
    let squares = 0;
    for (let i = 0; i < half; i++) {
      a[i] = normalQuantile((i + 1 - 0.375) / (n + 0.25));
      squares += 2 * a[i] ** 2;
    }
    const norm = Math.sqrt(squares);
    const root = 1 / Math.sqrt(n);
    const corrected = [a[0] / norm - polynomial(OUTERMOST, root)];
    if (n > 5) corrected.push(a[1] / norm - polynomial(SECOND, root));
    // The squares of all weights sum to 1. The other weights are scaled to the rest of this sum.
    let rest = squares;
    let room = 1;
    corrected.forEach((weight, i) => {
      rest -= 2 * a[i] ** 2;
      room -= 2 * weight ** 2;
    });
    const scale = Math.sqrt(rest / room);
    for (let i = 0; i < half; i++) a[i] = i < corrected.length ? corrected[i] : a[i] / scale;
  }
  for (let i = 0; i < half; i++) a[n - 1 - i] = -a[i];
  return a;
}

/** 1 − W, which the p-value needs. Subtracting W from 1 would lose its digits where it is small. */
function oneMinusW(x: Float64Array, a: Float64Array): number {
  const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
  let aa = 0;
  let xx = 0;
  let ax = 0;
  for (let i = 0; i < x.length; i++) {
    aa += a[i] * a[i];
    xx += (x[i] - centre) ** 2;
    ax += a[i] * (x[i] - centre);
  }
  const product = Math.sqrt(aa * xx);
  return (product - ax) * (product + ax) / (aa * xx);
}

function significance(complement: number, n: number): number {
  if (n === 3) {
    // W is at least 3/4; rounding must not push the arc cosine past its end.
    return Math.max(0, 1 - 6 / Math.PI * Math.acos(Math.sqrt(Math.max(0.75, 1 - complement))));
  }
  let y = Math.log(complement);
  if (n > 11) {
    const size = Math.log(n);
    return normalUpperTail(
      (y - polynomial(LARGE_MEAN, size)) / Math.exp(polynomial(LARGE_SPREAD, size)),
    );
  }
  const limit = polynomial(SMALL_LIMIT, n);
  if (y >= limit) return LEAST_P;
  y = -Math.log(limit - y);
  return normalUpperTail((y - polynomial(SMALL_MEAN, n)) / Math.exp(polynomial(SMALL_SPREAD, n)));
}

/** Horner's rule; the constant coefficient comes first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
