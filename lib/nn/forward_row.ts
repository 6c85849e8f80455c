import type { FloatArray } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/** The number of array elements that an elementwise kernel processes at a time. */
const STRIDE = 16;

/**
 * Predicts one sample, without the padding of a batch. The result equals that of {@linkcode forward} up to
 * rounding.
 *
 * @param sample Length inputs.
 * @returns Length outputs: the logits. The array belongs to the workspace, and the next call overwrites it.
 */
export function forwardRow(
  { kernels, layers, activation }: Network,
  { input, outputs }: Workspace,
  sample: FloatArray,
): FloatArray {
  input.set(sample);
  let x = input;
  let hiddenLayer = 0;
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l];
    const out = outputs[l];
    if (layer.kind === "sparse" && layer.activation !== undefined) {
      kernels.sparseRow(layer, x, out, 1);
      // The sine kernel works on rows of STRIDE samples. Here neurons take the place of samples.
      kernels[layer.activation](Math.ceil(layer.rows / STRIDE), out, null, STRIDE);
    } else {
      const slope = l < layers.length - 1 ? slopeOf(activation, ++hiddenLayer) : 1;
      if (layer.kind === "sparse") kernels.sparseRow(layer, x, out, slope);
      else kernels.denseRow(layer, x, out, slope);
    }
    x = out;
  }
  return x;
}
