/**
 * Calibration of the ensemble's probabilities by a temperature (Guo et al., "On calibration of modern
 * neural networks", 2017): the members' mean probabilities are raised to the power of 1 / T and
 * normalised again. T is chosen on rows that were held out from members. It leaves the order of the
 * classes as it is, and so what is predicted.
 *
 * @module
 */
import { LEAST_PROBABILITY } from "./probability_scores.ts";

/** Temperatures are from its inverse to this. */
const HOTTEST = 20;

/** More than Newton's method has ever needed to the last digits, or bisection to seven of them. */
const ITERATIONS = 40;

/**
 * Probabilities to the power of 1 / T, normalised.
 *
 * @param probabilities Length rows × classes, row after row.
 * @param temperature T: below 1 makes the probable more probable, above 1 less.
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
 * The temperature with the least cross-entropy, within 1/20 and 20. Of n rows, each is taken to have its
 * true class with a probability of (n + 1) / (n + 2) and any of the others with the rest, as J. Platt
 * does in "Probabilistic outputs for support vector machines" (1999): that a few rows are all predicted
 * right does not show that nothing else can happen.
 *
 * @param ensembles Probabilities of one or several ensembles for the same rows, each of length rows ×
 * classes; the cross-entropy is that of all.
 * @param labels The true classes, from 0.
 *
 * @example Usage
 * ```ts
 * import { fitTemperature } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * // One row, taken to be right with 2 / 3 where 0.8 was said: 0.8 ^ (1 / 2) is to 0.2 ^ (1 / 2) as 2 to 1.
 * const temperature = fitTemperature([[0.8, 0.2]], [0], 2);
 * assert.ok(Math.abs(temperature - 2) < 1e-6);
 * ```
 */
export function fitTemperature(
  ensembles: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
): number {
  const logarithms = ensembles.map((probabilities) =>
    Float64Array.from(probabilities, (p) => Math.log(Math.max(p, LEAST_PROBABILITY)))
  );
  // The cross-entropy is convex in β = 1 / T: Newton's method, kept between where it falls and where
  // it rises.
  let [beta, falls, rises] = [1, 1 / HOTTEST, HOTTEST];
  for (let i = 0; i < ITERATIONS; i++) {
    const { slope, curvature } = derivatives(logarithms, labels, classes, beta);
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

/** The first and second derivative by β of the cross-entropy of exp(β ln p), normalised, with doubt. */
function derivatives(
  ensembles: readonly Float64Array[],
  labels: ArrayLike<number>,
  classes: number,
  beta: number,
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
        // Counted from the greatest, so that the variance loses no digits.
        const logarithm = logarithms[from + c] - most;
        const weight = Math.exp(beta * logarithm);
        total += weight;
        first += weight * logarithm;
        second += weight * logarithm * logarithm;
        sum += logarithm;
      }
      const mean = first / total;
      const own = logarithms[from + labels[row]] - most;
      slope += mean - (1 - doubt) * own - doubt * (sum - own) / (classes - 1);
      curvature += second / total - mean * mean;
    }
  }
  return { slope, curvature };
}

/**
 * The temperature of an ensemble some of whose members have not seen the rows. The more members are
 * averaged, the less sure of itself their mean is, and the lower its temperature: nearly a + b / m for m
 * members, a not below 0. So where the ensemble has members beside those, their temperature and that of
 * half of them tell the whole ensemble's.
 *
 * @param outputs Of each member that has not seen the rows, length rows × classes.
 * @param members How many members the ensemble has.
 */
export function ensembleTemperature(
  outputs: readonly Float32Array[],
  labels: ArrayLike<number>,
  classes: number,
  members: number,
): number {
  const count = outputs.length;
  const all = fitTemperature([meanOf(outputs)], labels, classes);
  if (count === members || count === 1) return all;
  const size = Math.floor(count / 2);
  const halves = [outputs.slice(0, size), outputs.slice(size, 2 * size)].map(meanOf);
  const half = fitTemperature(halves, labels, classes);
  const told = all - (half - all) / (1 / size - 1 / count) * (1 / count - 1 / members);
  return Math.min(HOTTEST, Math.max(all * count / members, told));
}

function meanOf(outputs: readonly Float32Array[]): Float64Array {
  return Float64Array.from(
    outputs[0],
    (_, i) => outputs.reduce((sum, output) => sum + output[i], 0) / outputs.length,
  );
}
