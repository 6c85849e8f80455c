/**
 * Adam's second moments of connections that were just grown.
 *
 * Adam divides a step by the root of the mean squared gradient. Both running means begin at 0, and Adam
 * corrects this bias by the network's number of steps. A connection that grows late begins with zeros too,
 * but gets hardly any correction. With β₁ = 0.9 and β₂ = 0.999 its first step is 3 times the learning rate,
 * and its 15th step more than 6 times.
 *
 * @module
 */
import type { SparseLayer } from "./layer.ts";

/**
 * Sets the second moment of every grown connection to the mean over the surviving connections of its output
 * neuron. If none survived, it is the mean over the layer.
 *
 * Suppose that the gradient g of a grown connection is constant, and that ρ is |g| / the root of that mean.
 * Then the connection's step number k is the learning rate × (1 − β₁ᵏ) ρ / √(β₂ᵏ + (1 − β₂ᵏ) ρ²). For ρ ≤ 1
 * no step exceeds the learning rate, as in a fresh network.
 *
 * @param layer A layer in Adam's training, whose connections were moved.
 * @param growth The entry numbers of grown connections, or of blocks of them, ascending.
 * @returns The number of floating-point operations.
 *
 * @example Usage
 * ```ts
 * import { inheritSecondMoments, initialLayers, openNetwork } from "@sparsemble/sparsemble/nn";
 * import type { SparseLayer } from "@sparsemble/sparsemble/nn";
 * import { wasmKernels } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * const settings = { initializer: "he-uniform", fan: "dense", seed: 1 } as const;
 * const layers = initialLayers({ sizes: [40, 30, 2], epsilon: 2, ...settings });
 * const decay = { weightDecay: 0, decayStyle: "decoupled" } as const;
 * const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...decay } as const;
 * using network = openNetwork(wasmKernels(), layers, { kind: "relu" }, adam);
 * const layer = network.layers[0] as SparseLayer;
 * layer.state[1].weights.fill(0.25);
 * layer.state[1].weights[7] = 0;
 * inheritSecondMoments(layer, Int32Array.of(7));
 * assert.equal(layer.state[1].weights[7], 0.25);
 * ```
 */
export function inheritSecondMoments(layer: SparseLayer, growth: Int32Array): number {
  const { rows, blockSize, indptr, weights: { length: nnz } } = layer;
  if (growth.length === 0) return 0;
  const squares = layer.state[1].weights;
  const blockRows = rows / blockSize;
  const sums = new Float64Array(rows);
  const grown = new Int32Array(blockRows);
  let total = 0;
  for (let row = 0, next = 0; row < blockRows; row++) {
    const neuron = row * blockSize;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      if (growth[next] === entry) {
        next++;
        grown[row]++;
        continue;
      }
      for (let g = 0; g < blockSize; g++) sums[neuron + g] += squares[entry * blockSize + g];
    }
    for (let g = 0; g < blockSize; g++) total += sums[neuron + g];
  }
  const survivors = nnz - growth.length * blockSize;
  const ofLayer = survivors === 0 ? 0 : total / survivors;
  for (let row = 0, next = 0; row < blockRows; row++) {
    const survived = indptr[row + 1] - indptr[row] - grown[row];
    for (; growth[next] < indptr[row + 1]; next++) {
      for (let g = 0; g < blockSize; g++) {
        const mean = survived === 0 ? ofLayer : sums[row * blockSize + g] / survived;
        squares[growth[next] * blockSize + g] = mean;
      }
    }
  }
  // One addition per survivor. Per row one addition to the total, and one division.
  return survivors + 2 * rows;
}
