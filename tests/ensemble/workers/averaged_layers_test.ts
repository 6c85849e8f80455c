import assert from "node:assert/strict";
import { averagedLayers } from "../../../lib/ensemble/workers/averaged_layers.ts";
import { initialLayers, type StoredSparseLayer } from "../../../lib/nn/mod.ts";

function layer(
  rows: number[][],
  data: number[],
  bias: number[],
  columns: number,
): StoredSparseLayer {
  return {
    kind: "sparse",
    shape: [rows.length, columns],
    indptr: Int32Array.of(0, ...rows.map((_, r) => rows.slice(0, r + 1).flat().length)),
    indices: Int32Array.from(rows.flat()),
    data: Float32Array.from(data),
    bias: Float32Array.from(bias),
  };
}

Deno.test("the union is averaged and its smallest magnitudes are pruned, worked out by hand", () => {
  const one = layer([[0, 1], [2]], [4, 1, -2], [1, 0], 3);
  const other = layer([[0, 2], [2]], [2, -8, -4], [3, 1], 3);
  // The union: (0,0) 3, (0,1) ½, (0,2) −4, (1,2) −3. Three connections stay.
  const [mean] = averagedLayers([[one], [other]]) as StoredSparseLayer[];
  assert.deepEqual([...mean.indptr], [0, 2, 3]);
  assert.deepEqual([...mean.indices], [0, 2, 2]);
  assert.deepEqual([...mean.data], [3, -4, -3]);
  assert.deepEqual([...mean.bias], [2, 0.5]);
});

Deno.test("equal networks are their own mean, and dense layers are averaged number by number", () => {
  const options = { initializer: "he-uniform", fan: "dense", seed: 1 } as const;
  const network = initialLayers({ sizes: [5, 8, 3], epsilon: 2, ...options });
  assert.deepEqual(averagedLayers([network, network, network, network]), network);
  const dense = (weights: number[], bias: number[]) => ({
    kind: "dense" as const,
    shape: [1, 2] as const,
    weights: Float32Array.from(weights),
    bias: Float32Array.from(bias),
  });
  const [mean] = averagedLayers([[dense([1, 2], [3])], [dense([3, -2], [0])]]);
  assert.deepEqual(mean, dense([2, 0], [1.5]));
});

for (const blockSize of [1, 4]) {
  Deno.test(`the mean of independent topologies has the connections of one, in blocks of ${blockSize}`, () => {
    const networks = [1, 2, 3].map((seed) =>
      initialLayers({
        sizes: [20, 32, 32, 4],
        epsilon: 3,
        blockSize,
        initializer: "he-uniform",
        fan: "dense",
        seed,
      })
    );
    const mean = averagedLayers(networks) as StoredSparseLayer[];
    mean.forEach((layer, l) => {
      const sizes = networks.map((network) => (network[l] as StoredSparseLayer).indices.length);
      const wanted = Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
      assert.equal(layer.indices.length, wanted);
      assert.equal(
        layer.data.length,
        wanted * (networks[0][l] as StoredSparseLayer).data.length / sizes[0],
      );
      // Columns ascend in every row.
      for (let row = 0; row + 1 < layer.indptr.length; row++) {
        const own = [...layer.indices.subarray(layer.indptr[row], layer.indptr[row + 1])];
        assert.deepEqual(own, [...new Set(own)].sort((a, b) => a - b));
      }
    });
  });
}
