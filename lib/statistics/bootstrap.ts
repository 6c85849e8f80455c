import { requireInteger } from "../messages.ts";
import type { Random } from "../random.ts";

/**
 * Computes a statistic on bootstrap samples of the rows (Efron, "Bootstrap methods: another look at the
 * jackknife", 1979). The statistic gets row numbers, so that values of the same row stay paired, such as
 * the answers of two models.
 *
 * @param rows The number of rows, which is also the size of every sample.
 * @param replicates The number of samples.
 * @param random The random numbers: `rows` draws per sample.
 * @param statistic Its argument holds the row numbers of a sample and is reused for the next one.
 * @returns Length `replicates`.
 * @throws {RangeError} If `rows` or `replicates` is no integer from 1.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { bootstrap, percentileInterval } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const heights = [171, 168, 190, 182, 175];
 * const greatest = (rows: Int32Array) => Math.max(...Array.from(rows, (row) => heights[row]));
 * const replicates = bootstrap(5, 1000, randomStream(1, "bootstrap"), greatest);
 * assert.equal(percentileInterval(190, replicates).high, 190);
 * ```
 */
export function bootstrap(
  rows: number,
  replicates: number,
  random: Random,
  statistic: (rows: Int32Array) => number,
): Float64Array {
  requireInteger("draw bootstrap samples", rows, "rows", 1);
  requireInteger("draw bootstrap samples", replicates, "replicates", 1);
  const drawn = new Int32Array(rows);
  return Float64Array.from({ length: replicates }, () => {
    for (let i = 0; i < rows; i++) drawn[i] = random.below(rows);
    return statistic(drawn);
  });
}

/**
 * Computes totals over bootstrap samples of the rows, the same rows for every model, as for Table 5 of
 * the paper. Totals of zeros and ones are whole numbers: ties between two models are exact, where
 * rounded means might differ.
 *
 * @param values One array per model, a value per row: 1 if the model is right, 0 if not.
 * @param replicates The number of samples.
 * @param random The random numbers, which are drawn as in {@linkcode bootstrap}.
 * @returns One array per model, of length `replicates`.
 * @throws {TypeError} If the models have different numbers of rows.
 * @throws {RangeError} If there is no model, no row, or `replicates` is no integer from 1.
 */
export function bootstrapTotals(
  values: readonly ArrayLike<number>[],
  replicates: number,
  random: Random,
): Float64Array[] {
  if (values.length === 0) {
    throw new RangeError("Cannot draw bootstrap samples: found no models, need at least one");
  }
  const rows = values[0].length;
  for (const { length } of values) {
    if (length !== rows) {
      throw new TypeError(
        `Cannot draw bootstrap samples: found models with ${rows} and ${length} rows, ` +
          "need equally many",
      );
    }
  }
  requireInteger("draw bootstrap samples", replicates, "replicates", 1);
  const totals = values.map(() => new Float64Array(replicates));
  let replicate = 0;
  bootstrap(rows, replicates, random, (drawn) => {
    for (let model = 0; model < values.length; model++) {
      let total = 0;
      for (let i = 0; i < rows; i++) total += values[model][drawn[i]];
      totals[model][replicate] = total;
    }
    return replicate++;
  });
  return totals;
}

/**
 * Computes a statistic on bootstrap samples of the runs. A sample of a task has as many runs as the task,
 * drawn from the runs of that task (the stratified bootstrap of Agarwal et al., "Deep reinforcement
 * learning at the edge of the statistical precipice", 2021). So the replicates show the variation between
 * seeds on these tasks, and not between tasks.
 *
 * @param scores Tasks × runs.
 * @param statistic Its argument holds a sample of the scores, tasks × runs.
 * @returns Length `replicates`.
 * @throws {RangeError} If a task has no runs, or `replicates` is no integer from 1.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { bootstrapRuns, mean } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const scores = [[0.70, 0.72, 0.73], [0.61, 0.60, 0.64]];
 * const replicates = bootstrapRuns(scores, 1000, randomStream(1), (sample) => mean(sample.map(mean)));
 * assert.ok(replicates.every((replicate) => replicate > 0.64 && replicate < 0.69));
 * ```
 */
export function bootstrapRuns(
  scores: readonly ArrayLike<number>[],
  replicates: number,
  random: Random,
  statistic: (sample: readonly Float64Array[]) => number,
): Float64Array {
  requireInteger("draw bootstrap samples", replicates, "replicates", 1);
  scores.forEach(({ length }, task) =>
    requireInteger("draw bootstrap samples", length, `runs of task ${task}`, 1)
  );
  const sampleOf = (runs: ArrayLike<number>) =>
    Float64Array.from(runs, () => runs[random.below(runs.length)]);
  return Float64Array.from({ length: replicates }, () => statistic(scores.map(sampleOf)));
}
