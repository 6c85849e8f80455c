import { type FloatArray, strideOf } from "../kernels/mod.ts";
import type { Network } from "./network.ts";

/**
 * The activations of one batch and the arrays of its backward pass. Activations are features × stride;
 * arrays per sample have length stride.
 */
export interface Workspace {
  /** The largest batch. */
  readonly capacity: number;
  /** The network's input. */
  readonly input: FloatArray;
  /** The output of every layer; the last is the logits. */
  readonly outputs: readonly FloatArray[];
  /** For every hidden layer, the derivative of its output with respect to its pre-activation. */
  readonly factors: readonly FloatArray[];
  /** The predictions, or the gradient of the loss with respect to the logits: outputs × stride. */
  readonly predictions: FloatArray;
  /** Two buffers for the gradients of pre-activations, used in turn. */
  readonly gradients: readonly [FloatArray, FloatArray];
  /** The class of every sample. */
  readonly labels: Int32Array;
  /** The numbers to predict for every sample: outputs × stride. Empty for a classifier. */
  readonly targets: FloatArray;
  /** The weight of every sample in the loss. Used only if rows are weighted. */
  readonly weights: FloatArray;
  /** The summed loss, and the number of correctly classified samples. */
  readonly result: Float64Array;
  /** Scratch for the gradients of dense layers. */
  readonly transposed: FloatArray | null;
}

/**
 * Allocates a workspace in the network's own memory.
 *
 * @param capacity The largest batch.
 * @param training If `false`, the arrays of the backward pass are left empty.
 */
export function openWorkspace(network: Network, capacity: number, training: boolean): Workspace {
  const { arena, layers, output } = network;
  const stride = strideOf(capacity);
  const widest = Math.max(...layers.map((layer) => layer.rows));
  const { rows } = layers[layers.length - 1];
  const dense = layers.filter((layer) => layer.kind === "dense");
  const transposed = Math.max(0, ...dense.map((layer) => strideOf(layer.columns)));
  const gradient = () => arena.floats(training ? widest * stride : 0);
  return {
    capacity,
    input: arena.floats(layers[0].columns * stride),
    outputs: layers.map((layer) => arena.floats(layer.rows * stride)),
    factors: layers.slice(0, -1).map((layer) => arena.floats(training ? layer.rows * stride : 0)),
    predictions: arena.floats(rows * stride),
    gradients: [gradient(), gradient()],
    labels: arena.integers(stride),
    targets: arena.floats(output === "numbers" ? rows * stride : 0),
    weights: arena.floats(training ? stride : 0),
    result: arena.doubles(2),
    transposed: training && transposed > 0 ? arena.floats(transposed * stride) : null,
  };
}
