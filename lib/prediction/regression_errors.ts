/** Errors of predicted numbers. */
export interface RegressionErrors {
  /** The root of the mean squared error, in the unit of the target. */
  readonly rmse: number;
  /** The mean absolute error, in the unit of the target. */
  readonly mae: number;
  /**
   * R², the explained share of the targets' variance: 1 is perfect, 0 is as good as their mean. If all
   * targets are equal, R² is 1 for a perfect prediction and 0 for any other.
   */
  readonly r2: number;
}

/**
 * Computes the errors of predicted numbers, as scikit-learn defines them.
 *
 * @param predicted Length rows: one prediction per target.
 * @param weights The weights of the rows in all means. Left out: all equal.
 *
 * @example Usage
 * ```ts
 * import { regressionErrors } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const { mae, r2 } = regressionErrors(Float32Array.of(1, 2, 5), Float32Array.of(1, 2, 3));
 * assert.equal(mae, 2 / 3);
 * assert.equal(r2, 1 - 4 / 2);
 * ```
 */
export function regressionErrors(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights?: ArrayLike<number>,
): RegressionErrors {
  const sums = errorSums();
  sums.add(predicted, targets, weights);
  return sums.errors(targets, weights);
}

/** Errors of predictions for rows that arrive in several parts. */
export interface ErrorSums {
  /** Adds rows. */
  add(
    predicted: ArrayLike<number>,
    targets: ArrayLike<number>,
    weights?: ArrayLike<number>,
  ): void;
  /**
   * The errors of all rows so far.
   *
   * @param targets The targets of all rows so far. R² needs their variance.
   */
  errors(targets: ArrayLike<number>, weights?: ArrayLike<number>): RegressionErrors;
}

/** Begins the sums behind {@linkcode regressionErrors}. */
export function errorSums(): ErrorSums {
  let [squares, absolute, sum, total] = [0, 0, 0, 0];
  return {
    add(predicted, targets, weights) {
      for (let row = 0; row < targets.length; row++) {
        const weight = weights?.[row] ?? 1;
        const error = predicted[row] - targets[row];
        squares += weight * error * error;
        absolute += weight * Math.abs(error);
        sum += weight * targets[row];
        total += weight;
      }
    },
    errors(targets, weights) {
      let variance = 0;
      for (let row = 0; row < targets.length; row++) {
        variance += (weights?.[row] ?? 1) * (targets[row] - sum / total) ** 2;
      }
      return {
        rmse: Math.sqrt(squares / total),
        mae: absolute / total,
        r2: variance > 0 ? 1 - squares / variance : squares === 0 ? 1 : 0,
      };
    },
  };
}
