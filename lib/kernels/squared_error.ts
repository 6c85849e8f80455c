import { checkFloats, checkLoss } from "./check_arguments.ts";
import type { FloatArray } from "./float_array.ts";
import { PANEL } from "./kernels.ts";

/**
 * Computes the gradient of the squared errors of a network's outputs: dz = 2 (z − y) for the first `batch`
 * columns and 0 in the padding. Adds to `result[0]` the sum over the samples of their mean squared errors.
 * All back ends use this loop; its time is negligible.
 */
export function squaredError(
  outputs: number,
  batch: number,
  stride: number,
  z: FloatArray,
  targets: FloatArray,
  dz: FloatArray,
  result: Float64Array,
  weights: FloatArray | null = null,
): void {
  checkLoss("compute squaredError", outputs, batch, stride, z, dz, result, weights);
  checkFloats("compute squaredError", "targets", targets, outputs === 1 ? batch : outputs * stride);
  let loss = 0;
  for (let start = 0; start < stride; start += PANEL) {
    const width = Math.min(PANEL, stride - start);
    const used = Math.max(0, Math.min(width, batch - start));
    for (let output = 0; output < outputs; output++) {
      const from = start * outputs + output * width;
      for (let b = 0; b < used; b++) {
        const difference = z[from + b] - targets[from + b];
        const weight = weights === null ? 1 : weights[start + b];
        dz[from + b] = weight * (2 * difference);
        loss += weight * (difference * difference);
      }
      dz.fill(0, from + used, from + width);
    }
  }
  result[0] += loss / outputs;
}
