import { requireInteger } from "../messages.ts";
import { requireConfidence, requireFinite } from "./finite.ts";
import { studentizedRangeQuantile, studentizedRangeUpperTail } from "./studentized_range.ts";

/** The result of Nemenyi's test. */
export interface NemenyiResult {
  /** Two methods differ if their mean ranks are further apart than this. */
  readonly criticalDifference: number;
  /** Methods × methods: the p-value of every difference, adjusted for their number. */
  readonly pValues: readonly (readonly number[])[];
  /**
   * The bars of a critical-difference diagram: every largest set of two or more methods that do not
   * differ, by number and from the best mean rank to the worst.
   */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Finds the methods that differ after {@linkcode friedman}: Nemenyi, "Distribution-free multiple
 * comparisons" (1963), as in Demšar, "Statistical comparisons of classifiers over multiple data sets"
 * (2006). The studentized range is computed, not looked up: any number of methods and any confidence
 * will do.
 *
 * @param meanRanks One per method.
 * @param datasets The number of datasets behind the means.
 * @throws {RangeError} If there are fewer than two methods, a rank is not finite, `datasets` is no
 * integer from 1, or `confidence` is not between 0 and 1.
 *
 * @example Usage
 * ```ts
 * import { nemenyi } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * // Demšar's table 6: C4.5 and its variants on 14 datasets.
 * const { criticalDifference, groups } = nemenyi([3.143, 2.000, 2.893, 1.964], 14, 0.9);
 * assert.equal(criticalDifference.toFixed(2), "1.12");
 * assert.deepEqual(groups, [[3, 1, 2], [2, 0]]);
 * ```
 */
export function nemenyi(
  meanRanks: readonly number[],
  datasets: number,
  confidence: number = 0.95,
): NemenyiResult {
  const intent = "compare mean ranks";
  requireFinite(meanRanks, intent, 2);
  requireConfidence(confidence, intent);
  requireInteger(intent, datasets, "datasets", 1);
  const methods = meanRanks.length;
  // The standard deviation by which differences of mean ranks are divided to compare them with the
  // studentized range.
  const unit = Math.sqrt(methods * (methods + 1) / (12 * datasets));
  const criticalDifference = studentizedRangeQuantile(1 - confidence, methods) * unit;
  const pValues = meanRanks.map((one) =>
    meanRanks.map((other) => studentizedRangeUpperTail(Math.abs(one - other) / unit, methods))
  );
  return { criticalDifference, pValues, groups: groupsWithin(meanRanks, criticalDifference) };
}

function groupsWithin(meanRanks: readonly number[], span: number): number[][] {
  const order = meanRanks.map((_, method) => method).sort((a, b) => meanRanks[a] - meanRanks[b]);
  const groups: number[][] = [];
  let covered = 0;
  for (let start = 0; start < order.length; start++) {
    let end = start;
    while (end < order.length && meanRanks[order[end]] - meanRanks[order[start]] <= span) end++;
    // A set that ends no later than an earlier set is a part of it.
    if (end - start >= 2 && end > covered) groups.push(order.slice(start, end));
    covered = Math.max(covered, end);
  }
  return groups;
}
