/** How far predicted numbers are from the true ones. */
export interface RegressionErrors {
  /** The root of the mean squared error, in the unit of the target. */
  readonly rmse: number;
  /** The mean absolute error, in the unit of the target. */
  readonly mae: number;
  /**
   * R², the share of the targets' variance that is explained: 1 is perfect, 0 as good as their mean. Of
   * targets that are all the same it is 1 if the prediction is perfect, and 0 otherwise.
   */
  readonly r2: number;
}

/**
 * The errors of predicted numbers, as scikit-learn defines them.
 *
 * @param predicted Length of `targets`.
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
): RegressionErrors {
  const rows = targets.length;
  let [squares, absolute, sum] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const error = predicted[row] - targets[row];
    squares += error * error;
    absolute += Math.abs(error);
    sum += targets[row];
  }
  let variance = 0;
  for (let row = 0; row < rows; row++) variance += (targets[row] - sum / rows) ** 2;
  return {
    rmse: Math.sqrt(squares / rows),
    mae: absolute / rows,
    r2: variance > 0 ? 1 - squares / variance : squares === 0 ? 1 : 0,
  };
}
