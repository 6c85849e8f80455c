/**
 * Changes the number of connections of a sparse layer while its network is trained.
 *
 * @module
 */
import type { Arena, PerWeight } from "../kernels/mod.ts";
import { indexTranspose, type SparseLayer } from "./layer.ts";
import type { Network } from "./network.ts";
import type { StoredSparseLayer } from "./stored_layer.ts";

/**
 * Replaces a sparse layer of a network in training by one with another number of connections, in the
 * same arena. Biases and their state stay. The memory of the old connections is freed.
 *
 * @param l The layer's number, from 0 at the input.
 * @param nnz The new number of entries: connections, or blocks of G connections each.
 * @param fill Writes row starts, input neurons, weights and optimiser state into the new layer, whose
 * arrays are 0 at first. The old layer can still be read, except its row starts: both layers share that
 * array.
 *
 * @example Usage
 * ```ts
 * import { initialLayers, openNetwork, replaceConnections } from "@sparsemble/sparsemble/nn";
 * import { wasmKernels } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * const settings = { initializer: "he-uniform", fan: "dense", seed: 1 } as const;
 * const layers = initialLayers({ sizes: [4, 3, 2], epsilon: 2, ...settings });
 * const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "direct" } as const;
 * using network = openNetwork(wasmKernels(), layers, { kind: "relu" }, sgd);
 * replaceConnections(network, 0, 1, ({ indptr, indices, weights }) => {
 *   indptr.set([0, 1, 1, 1]);
 *   indices[0] = 2;
 *   weights[0] = 0.5;
 * });
 * assert.deepEqual([...network.layers[0].weights], [0.5]);
 * ```
 */
export function replaceConnections(
  network: Network,
  l: number,
  nnz: number,
  fill: (layer: SparseLayer) => void,
): void {
  const { arena } = network;
  const old = network.layers[l] as SparseLayer;
  const { blockSize } = old;
  const weights = () => arena.floats(nnz * blockSize);
  const perWeight = ({ bias }: PerWeight) => ({ weights: weights(), bias });
  const indexed = blockSize === 1 ? nnz : 0;
  const layer: SparseLayer = {
    ...old,
    weights: weights(),
    indices: arena.integers(nnz),
    state: old.state.map(perWeight),
    gradient: perWeight(old.gradient!),
    transpose: {
      indptr: old.transpose.indptr,
      rows: arena.integers(indexed),
      entries: arena.integers(indexed),
      weights: arena.floats(indexed),
    },
  };
  fill(layer);
  indexTranspose(layer);
  (network.layers as SparseLayer[])[l] = layer;
  releaseConnections(old, arena);
}

/** Writes a stored layer's connections and weights into a network in training of the same sizes. */
export function restoreConnections(
  network: Network,
  l: number,
  stored: StoredSparseLayer,
): void {
  const write = (layer: SparseLayer) => {
    layer.indptr.set(stored.indptr);
    layer.indices.set(stored.indices);
    layer.weights.set(stored.data);
  };
  const layer = network.layers[l] as SparseLayer;
  if (layer.indices.length !== stored.indices.length) {
    replaceConnections(network, l, stored.indices.length, write);
  } else {
    write(layer);
    indexTranspose(layer);
  }
}

function releaseConnections(layer: SparseLayer, arena: Arena): void {
  const { weights, indices, state, gradient, transpose } = layer;
  const perWeight = [...state, gradient!].map((slot) => slot.weights);
  const index = [transpose.rows, transpose.entries, transpose.weights];
  for (const array of [weights, indices, ...perWeight, ...index]) arena.release(array);
}
