import type { StoredLayer, StoredSparseLayer } from "../../nn/mod.ts";
import { blockNorms, blockSizeOf, ownBlocks } from "../../sparse/mod.ts";
import { largestScores } from "../../topology/mod.ts";

/**
 * Averages the networks of workers and makes the mean as sparse as the networks are. A connection that a
 * network does not have counts as 0. The mean has the union of all connections. In each layer those of the
 * smallest magnitude are pruned, until the layer has the mean number of connections of the networks. The
 * magnitude of a block is the norm of its weights. Of equal magnitudes the first position is kept.
 *
 * S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at scale", 2021,
 * https://arxiv.org/abs/2102.01732, the end of WASAP-SGD.
 *
 * @param networks Networks of the same sizes, at least one.
 *
 * @example Usage
 * ```ts
 * import { averagedLayers } from "@sparsemble/sparsemble/ensemble";
 * import assert from "node:assert/strict";
 *
 * const network = (indices: number[], data: number[]) => [{
 *   kind: "sparse" as const,
 *   shape: [1, 3] as const,
 *   indptr: Int32Array.of(0, 2),
 *   indices: Int32Array.from(indices),
 *   data: Float32Array.from(data),
 *   bias: Float32Array.of(1),
 * }];
 * const [mean] = averagedLayers([network([0, 1], [4, 1]), network([0, 2], [2, -8])]);
 * assert.ok(mean.kind === "sparse");
 * assert.deepEqual([...mean.indices], [0, 2]);
 * assert.deepEqual([...mean.data], [3, -4]);
 * ```
 */
export function averagedLayers(networks: readonly (readonly StoredLayer[])[]): StoredLayer[] {
  return networks[0].map((first, l) => {
    const layers = networks.map((network) => network[l]);
    const bias = mean(layers.map(({ bias }) => bias));
    if (first.kind === "dense") {
      const weights = layers.map((layer) => layer.kind === "dense" ? layer.weights : layer.data);
      return { ...first, weights: mean(weights), bias };
    }
    return averagedLayer(layers as StoredSparseLayer[], bias);
  });
}

/** The mean of arrays, which are added in their order. */
function mean(arrays: readonly Float32Array[]): Float32Array {
  return arrays[0].map((_, i) => {
    let sum = 0;
    for (const array of arrays) sum += array[i];
    return sum / arrays.length;
  });
}

function averagedLayer(
  layers: readonly StoredSparseLayer[],
  bias: Float32Array,
): StoredSparseLayer {
  const [first] = layers;
  const { indptr: _, indices: __, data: ___, ...rest } = first;
  const blockSize = blockSizeOf(first);
  const entries = layers.reduce((sum, { indices }) => sum + indices.length, 0);
  const { positions, values } = unionOf(layers, blockSize);
  const magnitudes = blockNorms(values, blockSize);
  const left = largestScores(positions, magnitudes, Math.round(entries / layers.length));
  const [, columns] = first.shape;
  const rows = first.shape[0] / blockSize;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(left.length);
  const data = new Float32Array(left.length * blockSize);
  let from = 0;
  left.forEach((position, entry) => {
    while (positions[from] < position) from++;
    const row = Math.floor(position / columns);
    indptr[row + 1]++;
    indices[entry] = position - row * columns;
    for (let g = 0; g < blockSize; g++) data[entry * blockSize + g] = values[from * blockSize + g];
  });
  for (let row = 0; row < rows; row++) indptr[row + 1] += indptr[row];
  return { ...rest, ...ownBlocks({ blockSize }), indptr, indices, data, bias };
}

/** The positions of blocks that at least one layer has, ascending, with the mean of their weights. */
function unionOf(layers: readonly StoredSparseLayer[], blockSize: number) {
  const [{ shape: [neurons, columns] }] = layers;
  const most = layers.reduce((sum, { indices }) => sum + indices.length, 0);
  const positions = new Float64Array(most);
  const values = new Float64Array(most * blockSize);
  const next = layers.map(() => 0);
  let size = 0;
  for (let row = 0; row < neurons / blockSize; row++) {
    for (;;) {
      let column = columns;
      layers.forEach(({ indptr, indices }, worker) => {
        if (next[worker] < indptr[row + 1]) column = Math.min(column, indices[next[worker]]);
      });
      if (column === columns) break;
      layers.forEach(({ indptr, indices, data }, worker) => {
        const entry = next[worker];
        if (entry >= indptr[row + 1] || indices[entry] !== column) return;
        for (let g = 0; g < blockSize; g++) {
          values[size * blockSize + g] += data[entry * blockSize + g];
        }
        next[worker]++;
      });
      positions[size++] = row * columns + column;
    }
  }
  return {
    positions: positions.subarray(0, size),
    values: values.subarray(0, size * blockSize).map((sum) => sum / layers.length),
  };
}
