import { blockSizeOf } from "../sparse/mod.ts";
import type { LayerTopology } from "./strategy.ts";

/**
 * Extends a pruning by the connections of neurons that it would make inactive. A neuron is inactive if it
 * has no incoming or no outgoing connection. In a layer of blocks, a block is removed if none of its
 * neurons has an outgoing connection. The outgoing connections of the last layer are not known, so its
 * neurons keep their inputs.
 *
 * @param layers Consecutive layers.
 * @param removed Per layer, the entry numbers that are pruned anyway, ascending.
 * @returns Per layer, all entry numbers to prune, ascending.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { withInactive } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const shape = [2, 2] as const;
 * const [first, second] = [0, 1].map((layer) => ({
 *   ...patternFromPositions(Float64Array.of(0, 3), shape),
 *   ...{ layer, layers: 3, weights: Float32Array.of(1, 1) },
 * }));
 * // Neuron 1 of the first layer loses its only input.
 * const all = withInactive([first, second], [Int32Array.of(1), new Int32Array(0)]);
 * assert.deepEqual(all.map((entries) => [...entries]), [[1], [1]]);
 * ```
 */
export function withInactive(
  layers: readonly LayerTopology[],
  removed: readonly Int32Array[],
): Int32Array[] {
  const gone = layers.map(({ indices }, l) => {
    const marks = new Uint8Array(indices.length);
    for (const entry of removed[l]) marks[entry] = 1;
    return marks;
  });
  // Backward first: a removed connection may leave the neuron below it without an output.
  for (let l = layers.length - 2; l >= 0; l--) {
    const after = layers[l + 1];
    const leaves = new Uint8Array(after.shape[1]);
    after.indices.forEach((input, entry) => leaves[input] |= 1 - gone[l + 1][entry]);
    const size = blockSizeOf(layers[l]);
    eachEntry(layers[l], (entry, row) => {
      if (!leaves.subarray(row * size, (row + 1) * size).includes(1)) gone[l][entry] = 1;
    });
  }
  for (let l = 1; l < layers.length; l++) {
    const before = layers[l - 1];
    const size = blockSizeOf(before);
    const enters = new Uint8Array(before.shape[0]);
    eachEntry(before, (entry, row) => enters[row] |= 1 - gone[l - 1][entry]);
    layers[l].indices.forEach((input, entry) => {
      if (enters[Math.floor(input / size)] === 0) gone[l][entry] = 1;
    });
  }
  return gone.map((marks) => Int32Array.from(marks.keys()).filter((entry) => marks[entry] === 1));
}

function eachEntry(
  { shape: [rows], indptr }: LayerTopology,
  visit: (entry: number, row: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) visit(entry, row);
  }
}
