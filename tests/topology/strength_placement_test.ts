import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { disjointTopology } from "../../lib/methods/ensembles/disjoint_tse.ts";
import { growWith } from "../../lib/topology/placement.ts";
import { pruneMagnitude, pruneSigned } from "../../lib/topology/prune.ts";
import { setTopology } from "../../lib/methods/sparse_to_sparse/set.ts";
import type { GrowRequest } from "../../lib/topology/strategy.ts";
import { strengthPlacement } from "../../lib/topology/strength_placement.ts";
import { assertCounts } from "../sparse/chi_square.ts";
import { randomLayer, requestFor } from "./random_layer.ts";

/** A layer of 4 × 5 with a connection in the first row of every column, as strong as is said. */
function columnsOf(strengths: readonly number[], random: GrowRequest["random"]): GrowRequest {
  const before = {
    ...{ layer: 0, layers: 3, shape: [4, 5] as const },
    indptr: Int32Array.of(0, 5, 5, 5, 5),
    indices: Int32Array.of(0, 1, 2, 3, 4),
    weights: Float32Array.from(strengths),
  };
  const request = requestFor(before, () => new Int32Array(0), 0, [], random);
  return { ...request, count: 1 };
}

Deno.test("strengthPlacement draws in proportion to strength, whatever the sign", () => {
  const strengths = [1, -2, 3, 4, 0];
  const { choose } = strengthPlacement({ candidates: null });
  const random = randomStream(1, "strength");
  const drawn = new Float64Array(5);
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const request = columnsOf(strengths, random);
    const [position] = choose(request, [request.survivors], 1);
    assert.ok(position >= 5 && position < 20);
    drawn[position % 5]++;
  }
  const expected = strengths.map((strength) => rounds * Math.abs(strength) / 10);
  assertCounts(drawn.slice(0, 4), expected.slice(0, 4), "columns");
  assert.equal(drawn[4], 0);
});

Deno.test("strengthPlacement takes from a sample of candidates, and all that are free where few are", () => {
  const before = randomLayer(30, 20, 0.3, 1);
  const request = requestFor(before, pruneMagnitude, 0.5, [], randomStream(2, "grow"));
  for (const candidates of [1, 5, 1000, null]) {
    const { positions, values } = growWith(strengthPlacement({ candidates }))(request);
    assert.equal(positions.length, request.count);
    assert.deepEqual([...new Set(positions)].sort((a, b) => a - b), [...positions]);
    const taken = new Set(positionsOf(request.survivors));
    assert.ok(positions.every((position) => !taken.has(position)));
    // The initialiser draws the weights.
    assert.equal(values, undefined);
  }
  const free = 30 * 20 - request.survivors.indices.length;
  const all = strengthPlacement().choose(request, [request.survivors], free);
  assert.equal(all.length, free);
  assert.throws(() => strengthPlacement({ candidates: 0.5 }), /candidates is 0.5, need at least 1/);
});

Deno.test("the same stream draws the same, and inputs without a weight get nothing while others can", () => {
  const before = randomLayer(40, 12, 0.5, 3);
  const weights = before.weights.map((weight, k) => before.indices[k] % 3 === 0 ? 0 : weight);
  const grow = (seed: number) => {
    const layer = { ...before, weights };
    const request = requestFor(layer, pruneSigned, 0.2, [], randomStream(seed, "grow"));
    return [
      ...setTopology(growWith(strengthPlacement({ candidates: null }))).update!.grow(request)
        .positions,
    ];
  };
  assert.deepEqual(grow(1), grow(1));
  assert.notDeepEqual(grow(1), grow(2));
  assert.ok(grow(1).every((position) => position % 12 % 3 !== 0));
});

Deno.test("disjoint members grown by strength avoid their predecessors", () => {
  const predecessor = randomLayer(40, 40, 0.1, 4);
  const before = { ...randomLayer(40, 40, 0.1, 5), layer: 1 };
  const strategy = disjointTopology({ fully: true, placement: strengthPlacement() });
  const random = randomStream(6, "grow");
  const request = requestFor(before, pruneMagnitude, 0.8, [predecessor], random);
  const blocked = new Set(positionsOf(predecessor));
  const { positions } = strategy.reinitialize!.grow(request);
  assert.equal(positions.length, request.count);
  assert.ok(positions.every((position) => !blocked.has(position)));
});
