import { type Better, requireScoreTable } from "./score_table.ts";

/**
 * Counts the datasets on which each method is best: the paper's "BPM". Methods that tie for the best
 * share the dataset equally: 2.33 means two wins and a tie of three. The counts add up to the number
 * of datasets. Scores tie only if they are equal, so round them first.
 *
 * @param scores Datasets × methods; NaN where a method was not run.
 * @param better The kind of score that wins.
 * @returns One count per method.
 * @throws {TypeError} If the rows differ in length.
 * @throws {RangeError} If there is no dataset, no method, or a dataset without any score.
 *
 * @example Usage
 * ```ts
 * import { winCounts } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(winCounts([[71, 72, 70], [60, 64, 64], [55, 50, NaN]]), [1, 1.5, 0.5]);
 * ```
 */
export function winCounts(
  scores: readonly ArrayLike<number>[],
  better: Better = "higher",
): number[] {
  const methods = requireScoreTable(scores, "count wins", 1);
  const counts = new Array<number>(methods).fill(0);
  scores.forEach((row, dataset) => {
    const found = Array.from(row).filter((score) => !Number.isNaN(score));
    if (found.length === 0) {
      throw new RangeError(`Cannot count wins: dataset ${dataset} has no score, need at least one`);
    }
    const best = better === "higher" ? Math.max(...found) : Math.min(...found);
    const share = 1 / found.filter((score) => score === best).length;
    for (let method = 0; method < methods; method++) {
      if (row[method] === best) counts[method] += share;
    }
  });
  return counts;
}
