import { blockPattern, blockSizeOf, patternFromPositions, positionsOf } from "../sparse/mod.ts";
import type { StoredSparseLayer } from "./stored_layer.ts";

/**
 * Makes a layer that keeps some entries of a stored layer: connections, or blocks of them. They keep their
 * weights. The other entries are removed.
 *
 * @param kept Entry numbers (positions in `indices`), ascending, each at most once.
 *
 * @example Usage
 * ```ts
 * import { prunedLayer } from "@sparsemble/sparsemble/nn";
 * import assert from "node:assert/strict";
 *
 * const layer = {
 *   kind: "sparse" as const,
 *   shape: [2, 3] as const,
 *   indptr: Int32Array.of(0, 2, 3),
 *   indices: Int32Array.of(0, 2, 1),
 *   data: Float32Array.of(0.5, -1, 2),
 *   bias: Float32Array.of(0, 0),
 * };
 * const { indptr, indices, data } = prunedLayer(layer, Int32Array.of(1, 2));
 * assert.deepEqual([[...indptr], [...indices], [...data]], [[0, 1, 2], [2, 1], [-1, 2]]);
 * ```
 */
export function prunedLayer(layer: StoredSparseLayer, kept: Int32Array): StoredSparseLayer {
  const pattern = blockPattern(layer);
  const blockSize = blockSizeOf(layer);
  const positions = positionsOf(pattern);
  const { indptr, indices } = patternFromPositions(
    Float64Array.from(kept, (entry) => positions[entry]),
    pattern.shape,
  );
  const data = new Float32Array(kept.length * blockSize);
  kept.forEach((entry, i) => {
    data.set(layer.data.subarray(entry * blockSize, (entry + 1) * blockSize), i * blockSize);
  });
  return { ...layer, indptr, indices, data };
}
