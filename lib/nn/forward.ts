import { type FloatArray, type Gate, strideOf } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/** The gate of the output layer: logits pass unchanged. */
const IDENTITY: Gate = { slope: 1, dropThreshold: 0, dropKey: 0 };

/** Dropout in the hidden layers. */
export interface Dropout {
  /** The dropout rate × 65,536, rounded. 0 is no dropout. */
  readonly threshold: number;
  /** The key of a hidden layer's dropout bits; hidden layers are counted from 0. */
  readonly key: (hiddenLayer: number) => number;
}

/**
 * Runs the forward pass on the workspace's input. Every layer's output goes to `workspace.outputs`.
 *
 * @param batch The number of samples: columns of the input that are used.
 * @param dropout Given in training: the pass then also writes `workspace.factors`, which the backward
 * pass needs. Left out in prediction.
 * @returns The logits, the last of `workspace.outputs`: classes × stride.
 */
export function forward(
  { kernels, layers, activation }: Network,
  workspace: Workspace,
  batch: number,
  dropout?: Dropout,
): FloatArray {
  const stride = strideOf(batch);
  let x = workspace.input;
  let hiddenLayer = 0;
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l];
    const hidden = l < layers.length - 1;
    const factor = hidden && dropout !== undefined ? workspace.factors[l] : null;
    const out = workspace.outputs[l];
    if (layer.kind === "sparse" && layer.activation !== undefined) {
      // A layer with its own activation does not count as a hidden layer.
      kernels.sparseForward(layer, x, out, null, IDENTITY, stride);
      kernels[layer.activation](layer.rows, out, factor, stride);
    } else {
      const gate = hidden ? gateOf(activation, hiddenLayer++, dropout) : IDENTITY;
      if (layer.kind === "sparse") kernels.sparseForward(layer, x, out, factor, gate, stride);
      else kernels.denseForward(layer, x, out, factor, gate, stride);
    }
    x = out;
  }
  return x;
}

function gateOf(
  activation: Network["activation"],
  hiddenLayer: number,
  { threshold, key }: Dropout = { threshold: 0, key: () => 0 },
): Gate {
  return {
    slope: slopeOf(activation, hiddenLayer + 1),
    dropThreshold: threshold,
    dropKey: threshold > 0 ? key(hiddenLayer) : 0,
  };
}
