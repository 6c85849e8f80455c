import { chiSquareUpperTail } from "./distributions.ts";
import { requireFinite } from "./finite.ts";
import { rank } from "./ranks.ts";
import { type Better, requireScoreTable } from "./score_table.ts";

/** The result of a Friedman test. */
export interface FriedmanResult {
  /** Friedman's chi-square, corrected for ties. */
  readonly statistic: number;
  /** The approximate probability of a statistic this great or greater if the methods do not differ. */
  readonly pValue: number;
  /** The number of methods less one. */
  readonly degreesOfFreedom: number;
  /** One per method: its mean rank over the datasets, from 1 for always the best. */
  readonly meanRanks: readonly number[];
  /** The number of datasets. */
  readonly datasets: number;
}

/**
 * Tests whether methods differ over many datasets: Friedman, "The use of ranks to avoid
 * the assumption of normality implicit in the analysis of variance" (1937), with the chi-square
 * approximation. Demšar, "Statistical comparisons of classifiers over multiple data sets" (2006),
 * trusts it for more than ten datasets and five methods. Where every dataset ties all methods, the
 * statistic is 0.
 *
 * @param scores Datasets × methods.
 * @param better The kind of score that gets rank 1.
 * @throws {TypeError} If the rows differ in length.
 * @throws {RangeError} If there is no dataset, there are fewer than three methods, or a score is not
 * finite.
 *
 * @example Usage
 * ```ts
 * import { friedman } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const { statistic, meanRanks } = friedman([[0.9, 0.8, 0.7], [0.6, 0.5, 0.5], [0.7, 0.8, 0.6]]);
 * assert.deepEqual(meanRanks.map((rank) => rank.toFixed(2)), ["1.33", "1.83", "2.83"]);
 * assert.equal(statistic.toFixed(3), "3.818");
 * ```
 */
export function friedman(
  scores: readonly ArrayLike<number>[],
  better: Better = "higher",
): FriedmanResult {
  const intent = "compare methods over datasets";
  const methods = requireScoreTable(scores, intent, 3);
  const datasets = scores.length;
  const sums = new Float64Array(methods);
  let ties = 0;
  scores.forEach((row, dataset) => {
    requireFinite(row, `${intent}, dataset ${dataset}`, methods);
    const ranked = rank(better === "higher" ? Float64Array.from(row, (score) => -score) : row);
    ranked.ranks.forEach((place, method) => sums[method] += place);
    ties += ranked.ties;
  });

  // The deviations of the rank sums from their mean, not 12 Σ R² less a great number: no digits cancel.
  const centre = datasets * (methods + 1) / 2;
  const squares = sums.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const untied = 1 - ties / (methods * (methods ** 2 - 1) * datasets);
  const statistic = squares === 0
    ? 0
    : 12 * squares / (datasets * methods * (methods + 1)) / untied;
  return {
    statistic,
    pValue: chiSquareUpperTail(statistic, methods - 1),
    degreesOfFreedom: methods - 1,
    meanRanks: Array.from(sums, (sum) => sum / datasets),
    datasets,
  };
}
