import type { FloatArray } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/** Numbers that a kernel of the elements of an array takes at a time. */
const STRIDE = 16;

/**
 * Predicts one sample, without the padding of a batch. The answer is that of {@linkcode forward} to
 * rounding.
 *
 * @param sample Length inputs.
 * @returns The logits. They stand in the workspace: length outputs.
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
      // Neurons in place of samples: to the sine, one number is like another.
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
