import { wilsonInterval } from "../statistics/mod.ts";
import { BINS, confidenceBin } from "./probability_scores.ts";

/** The rows whose predicted class has a probability within one bin. */
export interface ReliabilityBin {
  /** The lower end of the bin. */
  readonly from: number;
  /** The upper end, which belongs to the bin. */
  readonly to: number;
  /** The rows in it, at least one. */
  readonly rows: number;
  /** The mean probability of their predicted class. */
  readonly confidence: number;
  /** The share of them that was predicted right. */
  readonly accuracy: number;
  /** The lower end of Wilson's 95 % interval of the accuracy. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/**
 * The reliability of probabilities: rows are divided by the probability of the predicted class, and each
 * bin's mean probability stands beside its accuracy. Both are equal where probabilities are what they
 * say. The bins are those of the calibration error; empty ones are left out. A. Niculescu-Mizil and R.
 * Caruana, "Predicting good probabilities with supervised learning", 2005,
 * https://doi.org/10.1145/1102351.1102430.
 *
 * @param probabilities Length rows × classes, row by row.
 * @param labels The true classes, from 0.
 *
 * @example Usage
 * ```ts
 * import { reliabilityBins } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const [bin] = reliabilityBins([0.75, 0.25, 0.25, 0.75], [0, 0], 2);
 * assert.equal(bin.rows, 2);
 * assert.equal(bin.confidence, 0.75);
 * assert.equal(bin.accuracy, 0.5);
 * ```
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ReliabilityBin[] {
  const sums = Array.from({ length: BINS }, () => ({ rows: 0, confidence: 0, right: 0 }));
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[row * classes + c] > probabilities[row * classes + best]) best = c;
    }
    const confidence = probabilities[row * classes + best];
    const sum = sums[confidenceBin(confidence)];
    sum.rows++;
    sum.confidence += confidence;
    if (best === labels[row]) sum.right++;
  }
  return sums.flatMap(({ rows, confidence, right }, bin) => {
    if (rows === 0) return [];
    const { estimate: accuracy, low, high } = wilsonInterval(right, rows);
    const ends = { from: bin / BINS, to: (bin + 1) / BINS };
    return [{ ...ends, rows, confidence: confidence / rows, accuracy, low, high }];
  });
}
