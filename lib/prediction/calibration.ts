/**
 * Calibration of an ensemble's probabilities by a temperature T: the members' mean probabilities are
 * raised to the power of 1 / T and normalised. T is fitted to rows that were held out from members. The
 * order of the classes does not change, so predictions do not either.
 *
 * C. Guo et al., "On calibration of modern neural networks", 2017, https://arxiv.org/abs/1706.04599.
 *
 * @module
 */
import { LEAST_PROBABILITY } from "./probability_scores.ts";

/** The highest temperature. The lowest is its inverse. */
const HOTTEST = 20;

/** The number of iterations: enough for all digits by Newton's method, or for seven by bisection. */
const ITERATIONS = 40;

/**
 * Raises probabilities to the power of 1 / T and normalises them.
 *
 * @param probabilities Length rows × classes, row by row.
 * @param temperature T: below 1 raises high probabilities, above 1 lowers them.
 *
 * @example Usage
 * ```ts
 * import { withTemperature } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const [p] = withTemperature(Float32Array.of(0.75, 0.25), 2, 0.5);
 * assert.equal(p, Math.fround(0.9));
 * ```
 */
export function withTemperature(
  probabilities: Float32Array,
  classes: number,
  temperature: number,
): Float32Array {
  const scaled = new Float32Array(probabilities.length);
  for (let from = 0; from < probabilities.length; from += classes) {
    const row = probabilities.subarray(from, from + classes);
    const most = row.reduce((most, p) => Math.max(most, p), LEAST_PROBABILITY);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += power(row[c], most, temperature);
    for (let c = 0; c < classes; c++) scaled[from + c] = power(row[c], most, temperature) / sum;
  }
  return scaled;
}

function power(p: number, most: number, temperature: number): number {
  return Math.exp((Math.log(Math.max(p, LEAST_PROBABILITY)) - Math.log(most)) / temperature);
}

/**
 * Finds the temperature from 1/20 to 20 with the least cross-entropy. With n rows, a row's true class has
 * the target probability (n + 1) / (n + 2), and the other classes share the rest. Without this, a few
 * rows that are all predicted correctly would give the lowest temperature. J. Platt, "Probabilistic
 * outputs for support vector machines", 1999.
 *
 * @param ensembles Probabilities of one or several ensembles for the same rows, each of length rows ×
 * classes. The sum of their cross-entropies is minimised.
 * @param labels The true classes, from 0.
 * @param weights The weights of the rows. Left out: all equal.
 *
 * @example Usage
 * ```ts
 * import { fitTemperature } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * // One row with target probability 2 / 3 and prediction 0.8: 0.8 ^ (1 / 2) / 0.2 ^ (1 / 2) is 2.
 * const temperature = fitTemperature([[0.8, 0.2]], [0], 2);
 * assert.ok(Math.abs(temperature - 2) < 1e-6);
 * ```
 */
export function fitTemperature(
  ensembles: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): number {
  const logarithms = ensembles.map((probabilities) =>
    Float64Array.from(probabilities, (p) => Math.log(Math.max(p, LEAST_PROBABILITY)))
  );
  // The cross-entropy is convex in β = 1 / T. Newton's method stays between a β at which it falls and
  // one at which it rises.
  let [beta, falls, rises] = [1, 1 / HOTTEST, HOTTEST];
  for (let i = 0; i < ITERATIONS; i++) {
    const { slope, curvature } = derivatives(logarithms, labels, classes, beta, weights);
    if (slope === 0) break;
    if (slope < 0) falls = beta;
    else rises = beta;
    const step = beta - slope / curvature;
    const next = step > falls && step < rises ? step : Math.sqrt(falls * rises);
    const moved = Math.abs(next - beta);
    beta = next;
    if (moved <= 1e-12 * beta) break;
  }
  return 1 / beta;
}

/** The first two derivatives of the cross-entropy with respect to β, with Platt's target probabilities. */
function derivatives(
  ensembles: readonly Float64Array[],
  labels: ArrayLike<number>,
  classes: number,
  beta: number,
  weights?: ArrayLike<number>,
): { slope: number; curvature: number } {
  let [slope, curvature] = [0, 0];
  const doubt = 1 / (labels.length + 2);
  for (const logarithms of ensembles) {
    for (let row = 0; row < labels.length; row++) {
      const from = row * classes;
      let most = -Infinity;
      for (let c = 0; c < classes; c++) most = Math.max(most, logarithms[from + c]);
      let [total, first, second, sum] = [0, 0, 0, 0];
      for (let c = 0; c < classes; c++) {
        // Relative to the greatest logarithm, so that the variance loses no digits.
        const logarithm = logarithms[from + c] - most;
        const weight = Math.exp(beta * logarithm);
        total += weight;
        first += weight * logarithm;
        second += weight * logarithm * logarithm;
        sum += logarithm;
      }
      const mean = first / total;
      const own = logarithms[from + labels[row]] - most;
      const weight = weights?.[row] ?? 1;
      slope += weight * (mean - (1 - doubt) * own - doubt * (sum - own) / (classes - 1));
      curvature += weight * (second / total - mean * mean);
    }
  }
  return { slope, curvature };
}

/**
 * Finds the temperature of an ensemble, if only some of its members were trained without the rows. The mean
 * of more members is less confident and needs a lower temperature: about a + b / m for m members, with a ≥
 * 0. If the ensemble has more members than `outputs`, the temperature is extrapolated from those of all
 * `outputs` and of half of them. If it has fewer, `outputs` is divided into groups of the ensemble's size,
 * and their common temperature is returned.
 *
 * @param outputs The probabilities of every member trained without the rows: length rows × classes.
 * @param members The number of members in the ensemble.
 * @param weights The weights of the rows. Left out: all equal.
 */
export function ensembleTemperature(
  outputs: readonly Float32Array[],
  labels: ArrayLike<number>,
  classes: number,
  members: number,
  weights?: ArrayLike<number>,
): number {
  const count = outputs.length;
  if (members < count) {
    const groups = Array.from(
      { length: Math.floor(count / members) },
      (_, group) => meanOf(outputs.slice(group * members, (group + 1) * members)),
    );
    return fitTemperature(groups, labels, classes, weights);
  }
  const all = fitTemperature([meanOf(outputs)], labels, classes, weights);
  if (count === members || count === 1) return all;
  const size = Math.floor(count / 2);
  const halves = [outputs.slice(0, size), outputs.slice(size, 2 * size)].map(meanOf);
  const half = fitTemperature(halves, labels, classes, weights);
  const extrapolated = all - (half - all) / (1 / size - 1 / count) * (1 / count - 1 / members);
  return Math.min(HOTTEST, Math.max(all * count / members, extrapolated));
}

function meanOf(outputs: readonly Float32Array[]): Float64Array {
  return Float64Array.from(
    outputs[0],
    (_, i) => outputs.reduce((sum, output) => sum + output[i], 0) / outputs.length,
  );
}
