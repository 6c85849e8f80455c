/**
 * Summaries of predictions for rows with known targets: the baseline, the confusions, and the reliability
 * of the probabilities.
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
import { type ReliabilityBin, reliabilitySums } from "./reliability.ts";

/** Predicted classes beside the true ones. */
export interface ClassAssessment {
  /** The classes, in the order of the confusion matrix. */
  readonly classes: readonly string[];
  /** `true` if the rows have weights. All other numbers are then weighted. Left out without weights. */
  readonly weighted?: true | undefined;
  /** Wilson's 95 % interval of the accuracy over these rows; `null` if rows have weights. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** The most frequent class of these rows, and the accuracy of predicting it for all of them. */
  readonly baseline: { readonly class: string; readonly accuracy: number };
  /** Counts of rows, or sums of their weights: a row for every true class, a column for every predicted one. */
  readonly confusion: readonly (readonly number[])[];
  /** The scores of every class. */
  readonly byClass: readonly ClassScores[];
  /** Their means, every class counted once. */
  readonly mean: MeanClassScores;
  /** The reliability diagram: bins of the predicted class's probability. */
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * Compares predicted probabilities with the true classes.
 *
 * @param probabilities Length rows × classes, row by row; at least one row.
 * @param labels The true classes, from 0.
 * @param classes The names of the classes.
 * @param weights The weights of the rows, as scikit-learn's `sample_weight`. Left out: all equal.
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
  weights?: ArrayLike<number>,
): ClassAssessment {
  const sums = assessmentSums(classes);
  sums.add(probabilities, labels, weights);
  return sums.assessment();
}

/** An assessment of rows that arrive in several parts. */
export interface AssessmentSums {
  /** Adds rows. */
  add(probabilities: Float32Array, labels: Int32Array, weights?: ArrayLike<number>): void;
  /** The assessment of all rows so far. */
  assessment(): ClassAssessment;
}

/** Begins the sums behind {@linkcode assessClasses}. */
export function assessmentSums(classes: readonly string[]): AssessmentSums {
  const count = classes.length;
  const reliability = reliabilitySums(count);
  let confusion = confusionMatrix([], [], count);
  let isWeighted = false;
  return {
    add(probabilities, labels, weights) {
      isWeighted ||= weights !== undefined;
      const predicted = mostProbable(probabilities, count);
      confusion = confusionMatrix(predicted, labels, count, weights, confusion);
      reliability.add(probabilities, labels, weights);
    },
    assessment: () => classAssessment(classes, confusion, reliability.bins(), isWeighted),
  };
}

function classAssessment(
  classes: readonly string[],
  confusion: readonly (readonly number[])[],
  reliability: readonly ReliabilityBin[],
  isWeighted: boolean,
): ClassAssessment {
  const byClass = classScores(confusion);
  const rows = byClass.reduce((sum, own) => sum + own.rows, 0);
  const most = byClass.reduce((best, own, c) => own.rows > byClass[best].rows ? c : best, 0);
  return {
    classes: [...classes],
    weighted: isWeighted ? true : undefined,
    interval: isWeighted ? null : wilsonOf(confusion, rows),
    baseline: { class: classes[most], accuracy: byClass[most].rows / rows },
    confusion,
    byClass,
    mean: meanClassScores(byClass),
    reliability,
  };
}

function wilsonOf(confusion: readonly (readonly number[])[], rows: number) {
  const { low, high } = wilsonInterval(confusion.reduce((sum, own, c) => sum + own[c], 0), rows);
  return { low, high };
}

/** A comparison of predicted with true numbers. */
export interface NumberAssessment {
  /**
   * `true` if the rows have weights. The errors of the baseline are then weighted. Left out without
   * weights.
   */
  readonly weighted?: true | undefined;
  /** The errors of predicting the training rows' mean for every row. */
  readonly baseline: RegressionErrors;
  /**
   * Quantiles of the residuals (true − predicted), from the least (0) to the greatest (1). They are not
   * weighted.
   */
  readonly residuals: readonly { readonly share: number; readonly residual: number }[];
  /** At most 300 evenly spaced rows for a figure: their true and predicted numbers. */
  readonly sample: readonly (readonly [target: number, predicted: number])[];
}

/** The shares of the residuals' quantiles. */
const SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** The maximal number of points in a figure. More would overlap. */
const MOST_POINTS = 300;

/**
 * Compares predicted numbers with the true ones.
 *
 * @param predicted Length rows; at least one row.
 * @param targets The true numbers.
 * @param mean The mean of the training rows' targets.
 * @param weights The weights of the rows in the baseline's errors. Left out: all equal.
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
  weights?: ArrayLike<number>,
): NumberAssessment {
  const rows = targets.length;
  const residuals = Float64Array.from(targets, (target, row) => target - predicted[row]);
  const points = Math.min(rows, MOST_POINTS);
  return {
    weighted: weights === undefined ? undefined : true,
    baseline: regressionErrors(new Float64Array(rows).fill(mean), targets, weights),
    residuals: SHARES.map((share) => ({ share, residual: quantile(residuals, share) })),
    sample: Array.from({ length: points }, (_, point) => {
      const row = Math.floor(point * rows / points);
      return [targets[row], predicted[row]] as const;
    }),
  };
}
