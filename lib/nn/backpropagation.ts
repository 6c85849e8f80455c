import { type FloatArray, strideOf } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import { forwardGated } from "./forward.ts";
import { lossGradient } from "./loss.ts";
import type { Network } from "./network.ts";
import type { StepOptions } from "./training_step.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Sends the batch that stands in the workspace forward without dropout, and the gradient of its loss
 * back, and changes nothing: the inputs of the layers stay in `workspace.outputs`.
 *
 * @param batch How many columns hold samples.
 * @param gradients Per layer, where the gradient by its pre-activations goes: rows × stride.
 */
export function backpropagate(
  network: Network,
  workspace: Workspace,
  batch: number,
  gradients: readonly FloatArray[],
  options: Pick<StepOptions, "labelSmoothing" | "weighted">,
): void {
  const { kernels, layers, activation } = network;
  const stride = strideOf(batch);
  const logits = forwardGated(network, workspace, batch, (hiddenLayer) => ({
    slope: slopeOf(activation, hiddenLayer),
    dropThreshold: 0,
    dropKey: 0,
  }), true);
  const last = layers.length - 1;
  const { labelSmoothing, weighted = false } = options;
  lossGradient(network, workspace, batch, logits, labelSmoothing, weighted, gradients[last]);
  for (let l = last; l > 0; l--) {
    const layer = layers[l];
    const factor = workspace.factors[l - 1];
    if (layer.kind === "sparse") {
      kernels.sparseBackward(layer, gradients[l], factor, gradients[l - 1], stride);
    } else {
      kernels.denseBackward(layer, gradients[l], factor, gradients[l - 1], stride);
    }
  }
}
