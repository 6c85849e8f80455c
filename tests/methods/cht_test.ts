import assert from "node:assert/strict";
import { chtTopology } from "../../lib/methods/sparse_to_sparse/cht.ts";
import { keepingScores } from "../../lib/methods/sparse_to_sparse/chts.ts";
import { randomStream } from "../../lib/random.ts";
import { patternFromPositions } from "../../lib/sparse/positions.ts";
import { withInactive } from "../../lib/topology/inactive_neurons.ts";
import type { LayerView, Moment, NetworkUpdate } from "../../lib/topology/strategy.ts";

function layerOf(positions: number[], shape: [number, number], weights: number[], blockSize = 1) {
  return {
    ...patternFromPositions(Float64Array.from(positions), shape),
    ...{ layer: 0, layers: 3, blockSize, random: randomStream(1) },
    weights: Float32Array.from(weights),
  } as unknown as LayerView;
}

Deno.test("CHTs scores: a magnitude for α = 1, the relative importance for α = 0, firmer with time", () => {
  // Row sums 3 and 3, column sums 1, 5 and 0.
  const layer = layerOf([0, 1, 4], [2, 3], [1, -2, 3]);
  const near = (found: Float64Array, expected: number[]) =>
    found.forEach((score, i) => assert.ok(Math.abs(score - expected[i]) < 1e-12, `${found}`));
  near(keepingScores(layer, 1, 0), [1, 2, 3]);
  near(keepingScores(layer, 0, 0), [1 / 3 + 1, 2 / 3 + 2 / 5, 1 + 3 / 5]);
  // δ = 0.75 at last: the third power.
  near(keepingScores(layer, 1, 1), [1, 8, 27]);
  near(keepingScores(layerOf([0], [1, 2], [3, 4], 2), 0.5, 0), [0.5 * 5 + 0.5 * 2]);
});

Deno.test("neurons with connections on one side only lose them, in blocks as well", () => {
  // Neuron 1 loses its input and so its output; neuron 2 has no output, and loses its input.
  const first = layerOf([0, 1, 3, 4], [3, 2], [1, 1, 1, 1]);
  const second = layerOf([0, 1, 3], [2, 3], [1, 1, 1]);
  const all = withInactive([first, second], [Int32Array.of(2), new Int32Array(0)]);
  assert.deepEqual(all.map((entries) => [...entries]), [[2, 3], [1]]);
  // A block of two neurons stays while one of them has an output.
  const blocks = layerOf([0, 3], [2, 2], [1, 1, 1, 1], 2);
  const after = layerOf([1, 5], [2, 4], [1, 1]);
  const [kept] = withInactive([blocks, after], [new Int32Array(0), new Int32Array(0)]);
  assert.deepEqual([...kept], [1]);
  const [none] = withInactive([blocks, after], [new Int32Array(0), Int32Array.of(0, 1)]);
  assert.deepEqual([...none], [0, 1]);
});

Deno.test("a layer of CHT whose growth brings back what went keeps its topology", () => {
  // Three outputs share the inputs 0 to 2; the fourth input is apart. What goes is what scores best.
  const layer = layerOf([0, 1, 2, 4, 5, 6, 8, 9, 10], [3, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const { begin, update } = chtTopology();
  const memory = begin!({ layers: [layer] });
  const call = update as NetworkUpdate<typeof memory>;
  const [{ remove, grow }] = call({ layers: [layer] }, { pruneRate: 0.2 } as Moment, memory);
  assert.deepEqual([[...remove!], [...grow!]], [[8], [10]]);
  assert.deepEqual(memory, { stopped: [true] });
  assert.deepEqual(call({ layers: [layer] }, { pruneRate: 0.2 } as Moment, memory), []);
});
