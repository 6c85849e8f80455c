import type { Pattern } from "../sparse/mod.ts";

/** The connections of a layer, or blocks of G of them, by their magnitudes. */
export interface FlowLayer extends Pattern {
  /** G. */
  readonly blockSize: number;
  /** One per entry, from 0. */
  readonly magnitudes: Float64Array;
}

/**
 * Computes the synaptic flow through every entry. A path leads from the first layer to the last, and its
 * flow is the product of the magnitudes along it. The flow through an entry is the sum over all paths
 * through it. H. Tanaka et al., "Pruning neural networks without any data by iteratively conserving
 * synaptic flow", NeurIPS 2020, https://arxiv.org/abs/2006.05467. Takes two passes over the entries.
 *
 * @param layers Consecutive layers, at least one.
 * @returns Per layer, the flow of every entry. Each layer has the same sum.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { synapticFlow } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const layer = (positions: number[], shape: [number, number], magnitudes: number[]) => ({
 *   ...patternFromPositions(Float64Array.from(positions), shape),
 *   ...{ blockSize: 1, magnitudes: Float64Array.from(magnitudes) },
 * });
 * // Two inputs lead by 2 and 3 to one neuron, and it by 5 to the end.
 * const flow = synapticFlow([layer([0, 1], [1, 2], [2, 3]), layer([0], [1, 1], [5])]);
 * assert.deepEqual(flow.map((own) => [...own]), [[10, 15], [25]]);
 * ```
 */
export function synapticFlow(layers: readonly FlowLayer[]): Float64Array[] {
  // Forward: the flow that reaches each input. Then backward: the flow that leaves each output.
  const reaching = [new Float64Array(layers[0].shape[1]).fill(1)];
  for (const { shape: [rows], indptr, indices, blockSize, magnitudes } of layers) {
    const inputs = reaching[reaching.length - 1];
    const outputs = new Float64Array(rows * blockSize);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let k = indptr[row]; k < indptr[row + 1]; k++) sum += magnitudes[k] * inputs[indices[k]];
      outputs.fill(sum, row * blockSize, (row + 1) * blockSize);
    }
    reaching.push(outputs);
  }
  const flows: Float64Array[] = [];
  let leaving = new Float64Array(reaching[layers.length].length).fill(1);
  for (let l = layers.length - 1; l >= 0; l--) {
    const { shape: [rows, columns], indptr, indices, blockSize, magnitudes } = layers[l];
    const flow = new Float64Array(magnitudes.length);
    const before = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      let out = 0;
      for (let g = 0; g < blockSize; g++) out += leaving[row * blockSize + g];
      for (let k = indptr[row]; k < indptr[row + 1]; k++) {
        flow[k] = magnitudes[k] * out * reaching[l][indices[k]];
        before[indices[k]] += magnitudes[k] * out;
      }
    }
    flows.unshift(flow);
    leaving = before;
  }
  return flows;
}
