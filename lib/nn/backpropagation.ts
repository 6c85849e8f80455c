import { type FloatArray, strideOf } from "../kernels/mod.ts";
import { type Dropout, forward } from "./forward.ts";
import { lossGradient } from "./loss.ts";
import type { Network } from "./network.ts";
import { addRepulsion, type Repulsion } from "./repulsion.ts";
import type { Workspace } from "./workspace.ts";

/** The options of one forward and backward pass. */
export interface BackpropagationOptions {
  /** The share of every label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** If `true`, `workspace.weights` holds the weight of every sample in the loss. Left out: `false`. */
  readonly weighted?: boolean;
  /** The dropout of hidden layers. Left out: no dropout. */
  readonly dropout?: Dropout;
  /**
   * The probabilities to learn instead of the labels, laid out as the outputs. Left out: the labels are
   * learned.
   */
  readonly soft?: FloatArray | undefined;
  /** Outputs that the network is driven away from. Left out: none. */
  readonly repulsion?: Repulsion | undefined;
}

/**
 * Runs the batch in the workspace forward and the gradient of its loss backward. It changes no weight.
 * The inputs of the layers stay in `workspace.outputs`; loss and correct samples are added to
 * `workspace.result`.
 *
 * @param batch The number of samples: columns of the input that are used.
 * @param gradients Per layer, the array that receives the gradient of its pre-activations: rows ×
 * stride. Layers may share arrays, but neighbours may not.
 * @param onLayer Called for every layer from the last to the first, as soon as its own gradient and
 * that of the layer below are known. It may change the layer's weights.
 */
export function backpropagate(
  network: Network,
  workspace: Workspace,
  batch: number,
  gradients: readonly FloatArray[],
  options: BackpropagationOptions,
  onLayer: (l: number) => void = () => {},
): void {
  const { kernels, layers } = network;
  const { labelSmoothing, weighted = false, dropout = { threshold: 0, key: () => 0 } } = options;
  const { repulsion, soft } = options;
  const stride = strideOf(batch);
  const logits = forward(network, workspace, batch, dropout);
  const last = layers.length - 1;
  lossGradient(network, workspace, batch, logits, labelSmoothing, weighted, gradients[last], soft);
  if (repulsion !== undefined) {
    addRepulsion(network, workspace, batch, logits, repulsion, weighted, gradients[last]);
  }
  for (let l = last; l >= 0; l--) {
    const layer = layers[l];
    if (l > 0) {
      const factor = workspace.factors[l - 1];
      if (layer.kind === "sparse") {
        kernels.sparseBackward(layer, gradients[l], factor, gradients[l - 1], stride);
      } else {
        kernels.denseBackward(layer, gradients[l], factor, gradients[l - 1], stride);
      }
    }
    onLayer(l);
  }
}
