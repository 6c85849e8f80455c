import { wilsonInterval } from "../statistics/mod.ts";
import { BINS, confidenceBin } from "./probability_scores.ts";

/** The rows whose predicted class has a probability within one bin. */
export interface ReliabilityBin {
  /** The lower end of the bin. */
  readonly from: number;
  /** The upper end, which belongs to the bin. */
  readonly to: number;
  /** The number of rows in the bin, at least one. */
  readonly rows: number;
  /** The mean probability of the rows' predicted classes. */
  readonly confidence: number;
  /** The share of the rows that were predicted correctly. */
  readonly accuracy: number;
  /** The lower end of Wilson's 95 % interval of the accuracy; `null` if rows have weights. */
  readonly low: number | null;
  /** The upper end of this interval. */
  readonly high: number | null;
}

/**
 * Computes a reliability diagram. Rows are divided into bins by the probability of their predicted class.
 * Each bin has its mean probability and its accuracy, which are equal for calibrated probabilities. The
 * bins are those of the calibration error. Bins without rows, and bins whose rows all have weight 0, are
 * left out. A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised learning",
 * 2005, https://doi.org/10.1145/1102351.1102430.
 *
 * @param probabilities Length rows × classes, row by row.
 * @param labels The true classes, from 0.
 * @param weights The weights of the rows in both means. Left out: all equal.
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
  weights?: ArrayLike<number>,
): ReliabilityBin[] {
  const sums = reliabilitySums(classes);
  sums.add(probabilities, labels, weights);
  return sums.bins();
}

/** The bins of probabilities for rows that arrive in several parts. */
export interface ReliabilitySums {
  /** Adds rows. */
  add(
    probabilities: ArrayLike<number>,
    labels: ArrayLike<number>,
    weights?: ArrayLike<number>,
  ): void;
  /** The bins of all rows so far. */
  bins(): ReliabilityBin[];
}

/** Begins the sums behind {@linkcode reliabilityBins}. */
export function reliabilitySums(classes: number): ReliabilitySums {
  const none = { rows: 0, weight: 0, confidence: 0, right: 0 };
  const sums = Array.from({ length: BINS }, () => ({ ...none }));
  let isWeighted = false;
  return {
    add(probabilities, labels, weights) {
      isWeighted ||= weights !== undefined;
      for (let row = 0; row < labels.length; row++) {
        let best = 0;
        for (let c = 1; c < classes; c++) {
          if (probabilities[row * classes + c] > probabilities[row * classes + best]) best = c;
        }
        const confidence = probabilities[row * classes + best];
        const sum = sums[confidenceBin(confidence)];
        const weight = weights?.[row] ?? 1;
        sum.rows++;
        sum.weight += weight;
        sum.confidence += weight * confidence;
        if (best === labels[row]) sum.right += weight;
      }
    },
    bins: () =>
      sums.flatMap(({ rows, weight, confidence, right }, bin) => {
        if (weight === 0) return [];
        // Wilson's interval counts rows.
        const { low, high } = isWeighted ? { low: null, high: null } : wilsonInterval(right, rows);
        const ends = { from: bin / BINS, to: (bin + 1) / BINS };
        const means = { confidence: confidence / weight, accuracy: right / weight };
        return [{ ...ends, rows, ...means, low, high }];
      }),
  };
}
