import { requireFinite } from "./finite.ts";

/**
 * Estimates the probability that one method beats another. For every task it takes the share of all
 * pairs of runs in which the first scores higher; a tie counts half. The result is the mean over tasks
 * (Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", 2021).
 *
 * @param first Tasks × runs: the scores of the first method, higher is better.
 * @param second Tasks × runs, the same tasks; the number of runs may differ.
 * @returns From 0 to 1; 0.5 where neither is better.
 * @throws {RangeError} If there is no task, a task has no runs, or a score is not finite.
 * @throws {TypeError} If the numbers of tasks differ.
 *
 * @example Usage
 * ```ts
 * import { probabilityOfImprovement } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * assert.equal(probabilityOfImprovement([[0.73, 0.74]], [[0.71, 0.73]]), 0.875);
 * ```
 */
export function probabilityOfImprovement(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
): number {
  const intent = "compare two methods";
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot ${intent}: found ${first.length} and ${second.length} tasks, need equally many`,
    );
  }
  if (first.length === 0) {
    throw new RangeError(`Cannot ${intent}: found no tasks, need at least one`);
  }
  let sum = 0;
  for (let task = 0; task < first.length; task++) {
    requireFinite(first[task], `${intent} on task ${task}`, 1);
    requireFinite(second[task], `${intent} on task ${task}`, 1);
    sum += shareOfWins(first[task], second[task]);
  }
  return sum / first.length;
}

function shareOfWins(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let wins = 0;
  for (let i = 0; i < first.length; i++) {
    for (let j = 0; j < second.length; j++) {
      wins += first[i] > second[j] ? 1 : first[i] === second[j] ? 0.5 : 0;
    }
  }
  return wins / (first.length * second.length);
}
