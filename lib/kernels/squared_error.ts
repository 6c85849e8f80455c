import { checkFloats, checkLoss } from "./check_arguments.ts";
import type { FloatArray } from "./float_array.ts";

/**
 * Computes the gradient of the squared error of a network's one output: dz = 2 (z − y) for the first
 * `batch` columns and 0 in the padding. Adds the summed squared errors to `result[0]`. All back ends use
 * this loop: one row takes hardly any time.
 */
export function squaredError(
  batch: number,
  stride: number,
  z: FloatArray,
  targets: FloatArray,
  dz: FloatArray,
  result: Float64Array,
  weights: FloatArray | null = null,
): void {
  checkLoss("compute squaredError", 1, batch, stride, z, dz, result, weights);
  checkFloats("compute squaredError", "targets", targets, batch);
  let loss = 0;
  for (let b = 0; b < batch; b++) {
    const difference = z[b] - targets[b];
    const weight = weights === null ? 1 : weights[b];
    dz[b] = weight * (2 * difference);
    loss += weight * (difference * difference);
  }
  dz.fill(0, batch, stride);
  result[0] += loss;
}
