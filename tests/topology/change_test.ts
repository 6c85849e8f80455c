import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { overlap } from "../../lib/sparse/overlap.ts";
import { type Pattern, validatePattern } from "../../lib/sparse/pattern.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { changeTopology } from "../../lib/topology/change.ts";
import { disjointTopology } from "../../lib/methods/ensembles/disjoint_tse.ts";
import { distanceTopology } from "../../lib/methods/ensembles/distance_tse.ts";
import { randomGrowthTopology } from "../../lib/methods/ensembles/edst.ts";
import { setTopology } from "../../lib/methods/sparse_to_sparse/set.ts";
import { staticTopology } from "../../lib/methods/fixed/static.ts";
import type { TopologyChange } from "../../lib/topology/strategy.ts";
import { draw, randomLayer } from "./random_layer.ts";

const changes: [string, TopologyChange][] = [];
for (
  const strategy of [
    setTopology(),
    randomGrowthTopology(),
    disjointTopology({ fully: true }),
    disjointTopology({ fully: false, densityLimit: 1 }),
    distanceTopology({ samples: 5, maxIterations: 5 }),
  ]
) {
  if (strategy.update) changes.push([strategy.name, strategy.update]);
  if (strategy.reinitialize) changes.push([strategy.name, strategy.reinitialize]);
}

Deno.test("changeTopology keeps nnz, canonical form and survivors with every strategy", () => {
  assert.equal(changes.length, 9);
  fc.assert(
    fc.property(
      fc.record({
        which: fc.nat(changes.length - 1),
        rows: fc.integer({ min: 1, max: 20 }),
        columns: fc.integer({ min: 1, max: 20 }),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        fraction: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
        earlier: fc.nat(3),
      }),
      ({ which, rows, columns, p, fraction, seed, earlier }) => {
        const change = changes[which][1];
        const layer = randomLayer(rows, columns, p, seed);
        const count = layer.indices.length;
        const predecessors: Pattern[] = [];
        for (let i = 0; i < earlier; i++) {
          const { shape, indptr, indices } = randomLayer(rows, columns, p, seed + 1 + i);
          predecessors.push({ shape, indptr, indices });
        }
        const removed = new Set(change.prune(layer, fraction, randomStream(seed)));
        const kept = new Map<number, [number, number]>();
        positionsOf(layer).forEach((position, entry) => {
          if (!removed.has(entry)) {
            kept.set(position, [layer.weights[entry], layer.state[0][entry]]);
          }
        });
        const random = randomStream(seed);
        const report = changeTopology({ layer, change, fraction, predecessors, random, draw });
        assert.equal(report.count, removed.size);
        validatePattern(layer);
        assert.equal(layer.indices.length, count);
        let fresh = 0;
        positionsOf(layer).forEach((position, entry) => {
          const pair = kept.get(position);
          if (pair === undefined) {
            fresh++;
            assert.equal(layer.state[0][entry], 0);
            assert.ok(layer.weights[entry] >= -0.5 && layer.weights[entry] < 0.5);
          } else {
            assert.deepEqual([layer.weights[entry], layer.state[0][entry]], pair);
          }
        });
        assert.equal(fresh, removed.size);
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});

Deno.test("changeTopology repeats itself with the same stream and differs with another", () => {
  for (const [name, change] of changes) {
    const run = (seed: number) => {
      const layer = randomLayer(30, 30, 0.1, 1);
      const predecessors = [randomLayer(30, 30, 0.1, 2)];
      const random = randomStream(seed);
      changeTopology({ layer, change, fraction: 0.5, predecessors, random, draw });
      return layer;
    };
    assert.deepEqual(run(1), run(1), name);
    assert.ok(overlap(run(1), run(2)) < run(1).indices.length, name);
  }
});

Deno.test("changeTopology draws the weights that a strategy leaves out, and takes those it gives", () => {
  const [, { prune, grow }] = changes[0];
  const layer = randomLayer(10, 10, 0.3, 1);
  const values = new Float32Array(prune(layer, 0.5, randomStream(1)).length).fill(7);
  const change = {
    prune,
    grow: (request: Parameters<typeof grow>[0]) => ({
      ...grow(request),
      values,
      notes: { seven: 7 },
    }),
  };
  const report = changeTopology({
    layer,
    change,
    fraction: 0.5,
    predecessors: [],
    random: randomStream(1),
    draw,
  });
  assert.deepEqual(report, {
    count: values.length,
    drawn: 0,
    flops: 0,
    notes: { seven: 7 },
  });
  assert.equal(layer.weights.filter((weight) => weight === 7).length, values.length);
});

Deno.test("changeTopology leaves the layer as it was if the strategy's answer is not valid", () => {
  const layer = randomLayer(10, 10, 0.3, 1);
  const change = {
    prune: () => Int32Array.of(0, 1),
    grow: () => ({ positions: new Float64Array(1) }),
  };
  assert.throws(
    () =>
      changeTopology({
        layer,
        change,
        fraction: 0.5,
        predecessors: [],
        random: randomStream(1),
        draw,
      }),
    /Cannot rewire layer 1: the strategy grew 1 connections for 2 removed/,
  );
  assert.deepEqual(layer, randomLayer(10, 10, 0.3, 1));
});

Deno.test("staticTopology has no change, setTopology only updates", () => {
  assert.deepEqual(staticTopology(), { name: "static" });
  assert.equal(setTopology().reinitialize, undefined);
  // The first half of the weights is tiny: an update takes of each sign, a re-initialisation does not.
  const layer = {
    ...randomLayer(1, 8, 1, 1),
    weights: Float32Array.of(1, 2, 3, 4, -5, -6, -7, -8),
  };
  const random = randomStream(1);
  assert.deepEqual([...setTopology().update!.prune(layer, 0.25, random)], [0, 4]);
  assert.deepEqual([...randomGrowthTopology().update!.prune(layer, 0.25, random)], [0, 4]);
  assert.deepEqual([...randomGrowthTopology().reinitialize!.prune(layer, 0.25, random)], [0, 1]);
});
