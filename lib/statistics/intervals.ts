import { requireInteger } from "../messages.ts";
import { normalQuantile } from "./normal_quantile.ts";
import { studentTQuantile } from "./distributions.ts";
import { requireConfidence, requireFinite } from "./finite.ts";
import { mean, quantile, standardDeviation } from "./summary.ts";

/** An estimate with an interval. */
export interface Interval {
  /** The estimate, in the unit of the values. */
  readonly estimate: number;
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
  /** The share of such intervals that hold the true value, such as 0.95. */
  readonly confidence: number;
  /** The number of runs, rows or replicates behind the estimate. */
  readonly count: number;
}

/**
 * The mean over seeds, with Student's t interval for the mean over all seeds on the same data. It says
 * nothing about other data.
 *
 * @param values One result per seed, such as accuracies.
 * @throws {RangeError} If there are fewer than two values, one is not finite, or `confidence` is not
 * between 0 and 1.
 *
 * @example Usage
 * ```ts
 * import { tInterval } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const { estimate, low, high } = tInterval([72, 73, 74]);
 * assert.equal(estimate, 73);
 * assert.equal(low.toFixed(3), "70.516");
 * assert.equal(high.toFixed(3), "75.484");
 * ```
 */
export function tInterval(values: ArrayLike<number>, confidence: number = 0.95): Interval {
  requireFinite(values, "give an interval over seeds", 2);
  requireConfidence(confidence, "give an interval over seeds");
  const count = values.length;
  const estimate = mean(values);
  const half = studentTQuantile((1 - confidence) / 2, count - 1) * standardDeviation(values) /
    Math.sqrt(count);
  return { estimate, low: estimate - half, high: estimate + half, confidence, count };
}

/**
 * A share, such as the accuracy of one model on its test rows, with the score interval of Wilson,
 * "Probable inference, the law of succession, and statistical inference" (1927). Unlike the usual
 * normal one it stays within 0 and 1 and holds for few rows.
 *
 * @param successes The number of successes, such as rows predicted right.
 * @param trials The number of trials, such as all rows.
 * @throws {RangeError} If `trials` is no integer from 1, `successes` no integer from 0 to `trials`, or
 * `confidence` is not between 0 and 1.
 *
 * @example Usage
 * ```ts
 * import { wilsonInterval } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const { estimate, low, high } = wilsonInterval(9, 10);
 * assert.equal(estimate, 0.9);
 * assert.equal(low.toFixed(3), "0.596");
 * assert.equal(high.toFixed(3), "0.982");
 * ```
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence: number = 0.95,
): Interval {
  const intent = "give an interval of a share";
  requireConfidence(confidence, intent);
  requireInteger(intent, trials, "trials", 1);
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(
      `Cannot ${intent}: found ${successes} successes, need an integer from 0 to ${trials}`,
    );
  }
  const z = -normalQuantile((1 - confidence) / 2);
  const estimate = successes / trials;
  const centre = (successes + z * z / 2) / (trials + z * z);
  const half = z * Math.sqrt(successes * (trials - successes) / trials + z * z / 4) /
    (trials + z * z);
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === trials ? 1 : centre + half;
  return { estimate, low, high, confidence, count: trials };
}

/**
 * An estimate with the percentile interval of its bootstrap replicates (Efron, "Nonparametric
 * standard errors and confidence intervals", 1981).
 *
 * @param estimate The statistic on the rows as they are.
 * @param replicates The statistic on every bootstrap sample; a thousand or more for steady ends.
 * @throws {RangeError} If there is no replicate, one is not finite, or `confidence` is not between 0
 * and 1.
 */
export function percentileInterval(
  estimate: number,
  replicates: ArrayLike<number>,
  confidence: number = 0.95,
): Interval {
  requireFinite(replicates, "give a bootstrap interval", 1);
  requireConfidence(confidence, "give a bootstrap interval");
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantile(replicates, tail), quantile(replicates, 1 - tail)];
  return { estimate, low, high, confidence, count: replicates.length };
}
