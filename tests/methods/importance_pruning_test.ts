import assert from "node:assert/strict";
import { importancePruning } from "../../lib/methods/sparse_to_sparse/importance_pruning.ts";
import { randomStream } from "../../lib/random.ts";
import { patternFromPositions } from "../../lib/sparse/positions.ts";
import type { LayerView, Moment, NetworkUpdate } from "../../lib/topology/strategy.ts";

/** Six neurons of two inputs each; their importances are 3, 0.3, 7, 5, 0.2 and 9. */
const LAYER = {
  ...patternFromPositions(Float64Array.from([0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21]), [6, 4]),
  ...{ layer: 0, layers: 2, blockSize: 1, random: randomStream(1) },
  weights: Float32Array.of(1, -2, 0.1, -0.2, 3, 4, -2, 3, 0.1, 0.1, 4, -5),
} as unknown as LayerView;

const at = (progress: number, next: number, pruneRate = 0) => {
  const memory = { next };
  const { update } = importancePruning();
  const [change] = (update as NetworkUpdate<typeof memory>)(
    { layers: [LAYER] },
    { progress, pruneRate } as Moment,
    memory,
  );
  return { gone: [...change.remove!], grown: change.grow!.length, next: memory.next };
};

Deno.test("the neurons up to the 20th percentile of importance lose their inputs, and none come back", () => {
  // The percentile of six numbers lies between the first and the second: NumPy's is 0.3 at 1 of 5.
  assert.deepEqual(at(0.5, 0.49), { gone: [2, 3, 8, 9], grown: 0, next: 0.51 });
  assert.deepEqual(at(0.4, 0.4).gone, []);
  // SET replaces half of each sign of what is left: of 1, 3, 4, 3, 4 and of -2, -2, -5.
  const { gone, grown } = at(0.5, 0.49, 0.5);
  assert.deepEqual({ gone, grown }, { gone: [0, 1, 2, 3, 4, 8, 9], grown: 3 });
});

Deno.test("the percentile counts neurons without inputs, so that no more go", () => {
  const memory = { next: 0.49 };
  // Of six neurons two are dead: the percentile is 0, as NumPy's of 0, 0, 3, 5, 7 and 9 at 1 of 5.
  const layer = {
    ...patternFromPositions(Float64Array.from([0, 1, 8, 9, 12, 13, 20, 21]), [6, 4]),
    ...{ layer: 0, layers: 2, blockSize: 1, random: randomStream(1) },
    weights: Float32Array.of(1, -2, 3, 4, -2, 3, 4, -5),
  } as unknown as LayerView;
  const { update } = importancePruning();
  const [change] = (update as NetworkUpdate<typeof memory>)(
    { layers: [layer] },
    { progress: 0.5, pruneRate: 0 } as Moment,
    memory,
  );
  assert.equal(change.remove!.length, 0);
});

Deno.test("importance pruning comes after two fifths of the training, every fiftieth of it", () => {
  const { begin } = importancePruning();
  assert.deepEqual(begin!({ layers: [] }), { next: 0.4 });
  let next = 0.4;
  const times: number[] = [];
  // The paper's 500 epochs, by the epoch after which the update comes.
  for (let epoch = 1; epoch < 500; epoch++) {
    const found = at(epoch / 500, next);
    if (found.gone.length > 0) times.push(epoch);
    next = found.next;
  }
  assert.deepEqual(times.slice(0, 3), [201, 211, 221]);
});
