/**
 * Predictions of rows whose truth is known, in a few numbers: the baseline that they have to beat, where
 * they go wrong, and how far their probabilities can be believed.
 *
 * @module
 */
import { quantile, wilsonInterval } from "../statistics/mod.ts";
import {
  type ClassScores,
  classScores,
  confusionMatrix,
  type MeanClassScores,
  meanClassScores,
} from "./class_scores.ts";
import { mostProbable } from "./prediction.ts";
import { type RegressionErrors, regressionErrors } from "./regression_errors.ts";
import { type ReliabilityBin, reliabilityBins } from "./reliability.ts";

/** Predicted classes beside the true ones. */
export interface ClassAssessment {
  /** The classes, in the order of the confusion matrix. */
  readonly classes: readonly string[];
  /** Wilson's 95 % interval of the accuracy over these rows. */
  readonly interval: { readonly low: number; readonly high: number };
  /** The most frequent class of these rows, and the accuracy of predicting it for all of them. */
  readonly baseline: { readonly class: string; readonly accuracy: number };
  /** Counts of rows: a row for every true class, a column for every predicted one. */
  readonly confusion: readonly (readonly number[])[];
  /** The scores of every class. */
  readonly byClass: readonly ClassScores[];
  /** Their means, every class counted once. */
  readonly mean: MeanClassScores;
  /** The reliability diagram: bins of the predicted class's probability. */
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * Judges predicted probabilities by the true classes.
 *
 * @param probabilities Length rows × classes, row by row; at least one row.
 * @param labels The true classes, from 0.
 * @param classes The names of the classes.
 *
 * @example Usage
 * ```ts
 * import { assessClasses } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const probabilities = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8);
 * const { baseline, confusion } = assessClasses(probabilities, Int32Array.of(0, 1, 1), ["no", "yes"]);
 * assert.deepEqual(baseline, { class: "yes", accuracy: 2 / 3 });
 * assert.deepEqual(confusion, [[1, 0], [1, 1]]);
 * ```
 */
export function assessClasses(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: readonly string[],
): ClassAssessment {
  const rows = labels.length;
  const predicted = mostProbable(probabilities, classes.length);
  const confusion = confusionMatrix(predicted, labels, classes.length);
  const byClass = classScores(confusion);
  const right = confusion.reduce((sum, own, c) => sum + own[c], 0);
  const { low, high } = wilsonInterval(right, rows);
  const most = byClass.reduce((best, own, c) => own.rows > byClass[best].rows ? c : best, 0);
  return {
    classes: [...classes],
    interval: { low, high },
    baseline: { class: classes[most], accuracy: byClass[most].rows / rows },
    confusion,
    byClass,
    mean: meanClassScores(byClass),
    reliability: reliabilityBins(probabilities, labels, classes.length),
  };
}

/** Predicted numbers beside the true ones. */
export interface NumberAssessment {
  /** The errors of predicting the training rows' mean for every row. */
  readonly baseline: RegressionErrors;
  /** Quantiles of the residuals, true less predicted, from the least (0) to the greatest (1). */
  readonly residuals: readonly { readonly share: number; readonly residual: number }[];
  /** Rows for a picture, at most 300, as far apart as they can be: their true and predicted number. */
  readonly sample: readonly (readonly [target: number, predicted: number])[];
}

/** The shares of the residuals' quantiles. */
const SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** More points than this lie on each other in a picture. */
const MOST_POINTS = 300;

/**
 * Judges predicted numbers by the true ones.
 *
 * @param predicted Length rows; at least one row.
 * @param targets The true numbers.
 * @param mean The mean of the training rows' targets.
 *
 * @example Usage
 * ```ts
 * import { assessNumbers } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const { baseline, residuals } = assessNumbers([1, 2, 5], [1, 2, 3], 2);
 * assert.equal(baseline.mae, 2 / 3);
 * assert.deepEqual(residuals[0], { share: 0, residual: -2 });
 * ```
 */
export function assessNumbers(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
  mean: number,
): NumberAssessment {
  const rows = targets.length;
  const residuals = Float64Array.from(targets, (target, row) => target - predicted[row]);
  const points = Math.min(rows, MOST_POINTS);
  return {
    baseline: regressionErrors(new Float64Array(rows).fill(mean), targets),
    residuals: SHARES.map((share) => ({ share, residual: quantile(residuals, share) })),
    sample: Array.from({ length: points }, (_, point) => {
      const row = Math.floor(point * rows / points);
      return [targets[row], predicted[row]] as const;
    }),
  };
}
