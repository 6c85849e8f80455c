import { type FloatArray, type Gate, strideOf } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/** The gate of the output layer: logits pass unchanged. */
const IDENTITY: Gate = { slope: 1, dropThreshold: 0, dropKey: 0 };

/**
 * Sends the workspace's input through the network, without dropout, and leaves the logits in the
 * last of `workspace.outputs`.
 *
 * @param batch How many columns of the input hold samples.
 */
export function forward(network: Network, workspace: Workspace, batch: number): FloatArray {
  return forwardGated(network, workspace, batch, (hidden) => ({
    slope: slopeOf(network.activation, hidden),
    dropThreshold: 0,
    dropKey: 0,
  }), false);
}

/**
 * The forward pass with a gate of the caller's choice for every hidden layer.
 *
 * @param gateOf Is given the hidden layer's number, counted from 1; layers with an activation of their own
 * are none.
 */
export function forwardGated(
  network: Network,
  workspace: Workspace,
  batch: number,
  gateOf: (hiddenLayer: number) => Gate,
  keepFactors: boolean,
): FloatArray {
  const { kernels, layers } = network;
  const stride = strideOf(batch);
  let x = workspace.input;
  let number = 0;
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l];
    const hidden = l < layers.length - 1;
    const factor = hidden && keepFactors ? workspace.factors[l] : null;
    const out = workspace.outputs[l];
    if (layer.kind === "sparse" && layer.activation !== undefined) {
      kernels.sparseForward(layer, x, out, null, IDENTITY, stride);
      kernels[layer.activation](layer.rows, out, factor, stride);
      x = out;
      continue;
    }
    const gate = hidden ? gateOf(++number) : IDENTITY;
    if (layer.kind === "sparse") kernels.sparseForward(layer, x, out, factor, gate, stride);
    else kernels.denseForward(layer, x, out, factor, gate, stride);
    x = out;
  }
  return x;
}
