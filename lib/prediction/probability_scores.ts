/** Scores of predicted probabilities. Lower is better. */
export interface ProbabilityScores {
  /** The mean of −ln p of the true class: the cross-entropy, in nats. */
  readonly logLoss: number;
  /** The mean over rows of Σ (p − y)² over classes: y is 1 for the true class and 0 for the others. */
  readonly brier: number;
  /**
   * The expected calibration error. Rows are divided by the probability of the predicted class into 15
   * bins of equal width. The error is the mean of |mean probability − accuracy| over bins, by rows.
   */
  readonly calibrationError: number;
}

/** Lower probabilities are raised to this one, so logarithms are finite; scikit-learn does the same. */
export const LEAST_PROBABILITY: number = Number.EPSILON;

/** The number of bins of Guo et al. (2017). */
export const BINS = 15;

/** The bin of a probability, from 0. The upper end of a bin belongs to it. */
export function confidenceBin(confidence: number): number {
  return Math.min(BINS, Math.max(1, Math.ceil(confidence * BINS))) - 1;
}

/**
 * Scores predicted probabilities. The Brier score is the original one, from 0 to 2 (G. W. Brier, 1950).
 * Calibration error: C. Guo et al., "On calibration of modern neural networks", 2017,
 * https://arxiv.org/abs/1706.04599.
 *
 * @param probabilities Length rows × classes, row by row.
 * @param labels The true classes, from 0.
 * @param least In the log loss, lower probabilities are raised to this one.
 * @param weights The weights of the rows in all means. Left out: all equal.
 * @throws {TypeError} If the lengths do not fit.
 *
 * @example Usage
 * ```ts
 * import { scoreProbabilities } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const { logLoss, brier } = scoreProbabilities([0.5, 0.5, 0.75, 0.25], Int32Array.of(0, 0), 2);
 * assert.equal(logLoss, -(Math.log(0.5) + Math.log(0.75)) / 2);
 * assert.equal(brier, (0.25 + 0.25 + 0.0625 + 0.0625) / 2);
 * ```
 */
export function scoreProbabilities(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  least: number = LEAST_PROBABILITY,
  weights?: ArrayLike<number>,
): ProbabilityScores {
  const sums = probabilitySums(classes, least);
  sums.add(probabilities, labels, weights);
  return sums.scores();
}

/** Scores of probabilities for rows that arrive in several parts. */
export interface ProbabilitySums {
  /** Adds rows. */
  add(
    probabilities: ArrayLike<number>,
    labels: ArrayLike<number>,
    weights?: ArrayLike<number>,
  ): void;
  /** The scores of all rows so far. They equal those of the same rows in one part, bit for bit. */
  scores(): ProbabilityScores;
}

/** Begins the sums behind {@linkcode scoreProbabilities}. */
export function probabilitySums(
  classes: number,
  least: number = LEAST_PROBABILITY,
): ProbabilitySums {
  let [loss, squares, sum] = [0, 0, 0];
  const surplus = new Float64Array(BINS);
  return {
    add(probabilities, labels, weights) {
      const rows = labels.length;
      if (probabilities.length !== rows * classes) {
        throw new TypeError(
          `Cannot score probabilities: found ${probabilities.length} of them for ${rows} rows and ` +
            `${classes} classes, need ${rows * classes}`,
        );
      }
      for (let row = 0; row < rows; row++) {
        const weight = weights?.[row] ?? 1;
        sum += weight;
        let best = 0;
        for (let c = 0; c < classes; c++) {
          const p = probabilities[row * classes + c];
          squares += weight * (p - (c === labels[row] ? 1 : 0)) ** 2;
          if (p > probabilities[row * classes + best]) best = c;
        }
        loss -= weight * Math.log(Math.max(probabilities[row * classes + labels[row]], least));
        const confidence = probabilities[row * classes + best];
        surplus[confidenceBin(confidence)] += weight *
          (confidence - (best === labels[row] ? 1 : 0));
      }
    },
    scores: () => ({
      logLoss: loss / sum,
      brier: squares / sum,
      calibrationError: surplus.reduce((total, one) => total + Math.abs(one), 0) / sum,
    }),
  };
}
