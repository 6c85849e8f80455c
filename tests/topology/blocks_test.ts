/** Layers whose neighbouring output neurons share their inputs: whole blocks are pruned, grown and moved. */
import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { sampleFree } from "../../lib/sparse/free_positions.ts";
import { validatePattern } from "../../lib/sparse/pattern.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { sampleSorted } from "../../lib/sparse/sequential_sampling.ts";
import { distanceTopology, METHOD_TABLE } from "../../lib/methods/mod.ts";
import type { GrowthSettings, Method } from "../../lib/methods/mod.ts";
import {
  changeTopology,
  growRandom,
  moveConnections,
  planRewiring,
  pruneMagnitude,
  pruneSigned,
  pruneThenGrow,
  type RewirableLayer,
  rewire,
  strengthPlacement,
  survivorsOf,
  type TopologyChange,
} from "../../lib/topology/mod.ts";
import { draw, requestFor } from "./random_layer.ts";

const BLOCKED = [2, 4, 8, 16] as const;

/** A layer with different numbers in all arrays, by which a block can be known again. */
function blockLayer(
  rows: number,
  columns: number,
  density: number,
  blockSize: number,
  seed: number,
) {
  const random = randomStream(seed, "block layer");
  const pattern = erdosRenyi(rows, columns, density, random);
  const weights = new Float32Array(pattern.indices.length * blockSize).map(() => random.normal());
  const state = [weights.map((weight) => 2 * weight), weights.map((weight) => weight * weight)];
  return { ...pattern, blockSize, layer: 1, layers: 3, weights, state };
}

/** The numbers of every block by its position: its weights, then its state. */
function numbersOf(layer: RewirableLayer): Map<number, number[]> {
  const { weights, state, blockSize = 1 } = layer;
  return new Map(
    Array.from(positionsOf(layer), (position, entry): [number, number[]] => [
      position,
      [weights, ...state].flatMap((array) => [
        ...array.subarray(entry * blockSize, (entry + 1) * blockSize),
      ]),
    ]),
  );
}

const arrays = fc.record({
  blockSize: fc.constantFrom(...BLOCKED),
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 12 }),
  density: fc.double({ min: 0, max: 1, noNaN: true }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.nat(),
});

Deno.test("rewire moves whole blocks: weights and state of survivors stay to the bit, for any layer", () => {
  fc.assert(fc.property(arrays, ({ blockSize, rows, columns, density, share, seed }) => {
    const random = randomStream(seed);
    const layer = blockLayer(rows, columns, density, blockSize, seed);
    const count = layer.indices.length;
    const before = numbersOf(layer);
    const removed = Int32Array.from(sampleSorted(Math.floor(share * count), count, random));
    const survivors = survivorsOf(layer, removed);
    const positions = sampleFree([survivors], removed.length, layer.shape, random);
    const values = new Float32Array(positions.length * blockSize).map((_, i) => -1 - i);
    rewire(layer, removed, positions, values);
    validatePattern(layer);
    assert.equal(layer.indices.length, count);
    const expected = new Map(
      Array.from(positionsOf(survivors), (position) => [position, before.get(position)!]),
    );
    positions.forEach((position, i) =>
      expected.set(position, [
        ...values.subarray(i * blockSize, (i + 1) * blockSize),
        ...new Array(2 * blockSize).fill(0),
      ])
    );
    assert.deepEqual(numbersOf(layer), new Map([...expected].sort(([a], [b]) => a - b)));
  }));
});

Deno.test("blocks move to a layer of another size as well", () => {
  fc.assert(fc.property(arrays, ({ blockSize, rows, columns, density, share, seed }) => {
    const random = randomStream(seed);
    const layer = blockLayer(rows, columns, density, blockSize, seed);
    const { length } = layer.indices;
    const removed = Int32Array.from(sampleSorted(Math.floor(share * length), length, random));
    const free = rows * columns - length + removed.length;
    const survivors = survivorsOf(layer, removed);
    const positions = sampleFree([survivors], Math.floor(free / 2), layer.shape, random);
    const plan = planRewiring(layer, removed, positions);
    const numbers = () => new Float32Array(plan.indices.length * blockSize);
    const { indptr, indices } = plan;
    const { shape } = layer;
    const target = { shape, blockSize, indptr, indices, weights: numbers(), state: [numbers()] };
    const values = new Float32Array(positions.length * blockSize).fill(7);
    const source = { ...layer, state: [layer.state[0]] };
    const before = numbersOf(source);
    moveConnections(plan, source, values, target);
    for (const [position, own] of numbersOf(target)) {
      const fresh = [...new Array(blockSize).fill(7), ...new Array(blockSize).fill(0)];
      const isGrown = positions.includes(position);
      assert.deepEqual(own, isGrown ? fresh : before.get(position));
    }
  }));
});

Deno.test("rewire wants G weights for every block, and says how many it found", () => {
  const layer = blockLayer(4, 5, 0.5, 4, 1);
  const grow = sampleFree([layer], 1, layer.shape, randomStream(1));
  assert.throws(
    () => rewire(layer, Int32Array.of(0), grow, new Float32Array(1)),
    /found 1 values for 4 grown connections/,
  );
  const state = [new Float32Array(layer.indices.length)];
  assert.throws(
    () => rewire({ ...layer, state }, Int32Array.of(0), grow, new Float32Array(4)),
    /a weight or state array has length \d+, need \d+/,
  );
});

Deno.test("pruning takes the blocks whose weights are shortest as a vector, as sorting does", () => {
  fc.assert(fc.property(arrays, ({ blockSize, rows, columns, density, share, seed }) => {
    const layer = blockLayer(rows, columns, density, blockSize, seed);
    const { length } = layer.indices;
    const norms = Array.from({ length }, (_, entry) => {
      const block = layer.weights.subarray(entry * blockSize, (entry + 1) * blockSize);
      return Math.sqrt(block.reduce((sum, weight) => sum + weight * weight, 0));
    });
    const order = norms.map((_, entry) => entry).sort((a, b) => norms[a] - norms[b] || a - b);
    const count = Math.floor(share * length * (1 + Number.EPSILON));
    const expected = order.slice(0, count).sort((a, b) => a - b);
    assert.deepEqual([...pruneMagnitude(layer, share)], expected);
    assert.deepEqual(pruneSigned(layer, share), pruneMagnitude(layer, share));
  }));
});

Deno.test("a neuron's strength is the sum over the blocks that it feeds", () => {
  // Input 2 feeds one block of large weights, input 0 one of zeros: nothing grows from any other.
  const layer = {
    ...{ shape: [8, 3], indptr: Int32Array.of(0, 2, 2, 2, 2, 2, 2, 2, 2) } as const,
    ...{ indices: Int32Array.of(0, 2), blockSize: 2, layer: 1, layers: 3 },
    weights: Float32Array.of(0, 0, 3, -4),
  };
  const request = requestFor(layer, () => Int32Array.of(0), 0, [], randomStream(1));
  const grown = strengthPlacement({ candidates: null }).choose(request, [request.survivors], 7);
  assert.deepEqual([...grown].map((position) => position % 3), Array(7).fill(2));
});

/** Every topology change that a method of the library makes, with each of its rules for growth. */
function changes(): [name: string, change: TopologyChange][] {
  return (METHOD_TABLE as readonly Method[]).flatMap(({ name, strategy, settings }) => {
    if (strategy === undefined) return [];
    const rules: (GrowthSettings["growth"] | undefined)[] = "growth" in settings
      ? ["random", "gradient", "sampled-gradient", "strength"]
      : [undefined];
    return rules.flatMap((growth) => {
      const growthCandidates = growth === "gradient" ? null : 3;
      const own = { growth, growthCandidates, lambda: 1, distanceSamples: 8, densityLimit: 0.9 };
      const { update, reinitialize } = strategy(own);
      return Object.entries({ update, reinitialize }).flatMap(
        ([kind, change]): [string, TopologyChange][] =>
          // A change of the whole network is one of a run.
          typeof change !== "object"
            ? []
            : [[`${name} ${growth} ${kind}`, change as TopologyChange]],
      );
    });
  });
}

for (const blockSize of BLOCKED) {
  Deno.test(`every method keeps the number of weights and the survivors in blocks of ${blockSize}`, () => {
    for (const [name, change] of changes()) {
      const layer = blockLayer(10, 14, 0.3, blockSize, 3);
      const earlier = erdosRenyi(10, 14, 0.3, randomStream(4));
      const before = numbersOf(layer);
      const { count } = changeTopology({
        layer,
        change,
        fraction: 0.5,
        predecessors: [earlier],
        random: randomStream(5),
        draw,
        gradientAt: (positions) => positions.map(Math.sin),
      });
      validatePattern(layer);
      assert.equal(count, Math.floor(0.5 * before.size), name);
      assert.equal(layer.indices.length, before.size, name);
      const same = [...numbersOf(layer)].filter(([position, own]) =>
        own.every((number, i) => Object.is(number, before.get(position)?.[i]))
      );
      assert.equal(same.length, before.size - count, name);
    }
  });
}

Deno.test("the magnitudes of blocks count: a multiply-add for every weight, and a root for every block", () => {
  const change = { prune: pruneMagnitude, grow: growRandom };
  for (const blockSize of [1, ...BLOCKED]) {
    const layer = blockLayer(6, 7, 0.3, blockSize, 2);
    const surroundings = { predecessors: [], random: randomStream(1), draw };
    const { flops = 0 } = pruneThenGrow({ ...layer, ...surroundings }, change, 0.3);
    const { indices, weights } = layer;
    assert.equal(flops, blockSize === 1 ? 0 : 2 * weights.length + indices.length);
  }
});

Deno.test("what Dist-TSE calls a distance is that of the layers, block by block", () => {
  for (const blockSize of BLOCKED) {
    const { reinitialize } = distanceTopology({ lambda: 1, samples: 20 });
    const layer = blockLayer(8, 9, 0.4, blockSize, 1);
    const old = numbersOf(layer);
    const report = changeTopology({
      layer,
      change: reinitialize!,
      fraction: 0.8,
      predecessors: [layer],
      random: randomStream(blockSize),
      draw,
    });
    const now = numbersOf(layer);
    let squares = 0;
    for (const position of new Set([...old.keys(), ...now.keys()])) {
      for (let g = 0; g < blockSize; g++) {
        squares += ((old.get(position)?.[g] ?? 0) - (now.get(position)?.[g] ?? 0)) ** 2;
      }
    }
    const { distance } = report.notes;
    assert.ok(Math.abs(Number(distance) - Math.sqrt(squares)) < 1e-6 * Math.sqrt(squares));
  }
});
