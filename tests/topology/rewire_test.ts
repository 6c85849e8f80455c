import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { sampleFree } from "../../lib/sparse/free_positions.ts";
import { validatePattern } from "../../lib/sparse/pattern.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";
import { sampleSorted } from "../../lib/sparse/sequential_sampling.ts";
import { moveConnections, planRewiring, rewire, survivorsOf } from "../../lib/topology/rewire.ts";

/** Eight connections of a 3 × 5 layer, with weight 1 to 8 and momentum 10 to 80. */
function eightWeights() {
  return {
    ...patternFromPositions(Float64Array.of(0, 1, 4, 6, 8, 11, 13, 14), [3, 5]),
    layer: 1,
    weights: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    state: [Float32Array.of(10, 20, 30, 40, 50, 60, 70, 80)],
  };
}

Deno.test("rewire moves eight weights and their momentum, step by step", () => {
  const layer = eightWeights();
  const { indices, weights } = layer;
  // Entries 1 (position 1), 3 (6) and 7 (14) go; 2, 6 (again) and 7 come.
  const plan = rewire(
    layer,
    Int32Array.of(1, 3, 7),
    Float64Array.of(2, 6, 7),
    Float32Array.of(-1, -2, -3),
  );
  assert.deepEqual([...positionsOf(layer)], [0, 2, 4, 6, 7, 8, 11, 13]);
  assert.deepEqual([...layer.weights], [1, -1, 3, -2, -3, 5, 6, 7]);
  assert.deepEqual([...layer.state[0]], [10, 0, 30, 0, 0, 50, 60, 70]);
  assert.deepEqual([...plan.origin], [0, -1, 2, -1, -1, 4, 5, 6]);
  assert.deepEqual([...plan.growth], [1, 3, 4]);
  assert.ok(layer.indices === indices && layer.weights === weights, "changed in place");
});

Deno.test("rewire with nothing removed changes nothing, with all removed everything", () => {
  const layer = eightWeights();
  rewire(layer, new Int32Array(0), new Float64Array(0), new Float32Array(0));
  assert.deepEqual(layer, eightWeights());
  const all = Int32Array.from({ length: 8 }, (_, i) => i);
  const positions = Float64Array.from({ length: 8 }, (_, i) => i + 7);
  rewire(layer, all, positions, new Float32Array(8).fill(9));
  assert.deepEqual(positionsOf(layer), positions);
  assert.deepEqual([...layer.weights], new Array(8).fill(9));
  assert.deepEqual([...layer.state[0]], new Array(8).fill(0));
});

Deno.test("rewire keeps nnz, canonical form, and the survivors' weight and state, for any layer", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 15 }),
        columns: fc.integer({ min: 1, max: 15 }),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        states: fc.nat(3),
        seed: fc.nat(),
      }),
      ({ rows, columns, p, share, states, seed }) => {
        const random = randomStream(seed);
        const pattern = erdosRenyi(rows, columns, p, random);
        const count = pattern.indices.length;
        // Kernel memory: every array is a view over one shared buffer.
        const words = rows + 1 + count * (2 + states);
        const memory = new SharedArrayBuffer(4 * words);
        const indptr = new Int32Array(memory, 0, rows + 1);
        const indices = new Int32Array(memory, 4 * (rows + 1), count);
        indptr.set(pattern.indptr);
        indices.set(pattern.indices);
        const floats = Array.from(
          { length: 1 + states },
          (_, i) => new Float32Array(memory, 4 * (rows + 1 + count * (1 + i)), count),
        );
        floats.forEach((array, i) => array.forEach((_, j) => array[j] = 1 + i + 10 * j));
        const layer = {
          shape: pattern.shape,
          indptr,
          indices,
          weights: floats[0],
          state: floats.slice(1),
        };
        const old = new Map([...positionsOf(pattern)].map((position, entry) => [position, entry]));

        const removed = Int32Array.from(sampleSorted(Math.floor(share * count), count, random));
        const survivors = survivorsOf(pattern, removed);
        validatePattern(survivors);
        const positions = sampleFree([survivors], removed.length, pattern.shape, random);
        const values = new Float32Array(positions.length).map((_, i) => -1 - i);
        const plan = rewire(layer, removed, positions, values);

        validatePattern(layer);
        assert.equal(layer.indices.length, count);
        const grown = new Map([...positions].map((position, i) => [position, i]));
        const kept = new Set(positionsOf(survivors));
        const now = positionsOf(layer);
        assert.deepEqual(new Set(now), kept.union(new Set(positions)));
        now.forEach((position, entry) => {
          const i = grown.get(position);
          if (i === undefined) {
            const from = old.get(position)!;
            assert.equal(plan.origin[entry], from);
            floats.forEach((array, k) => assert.equal(array[entry], 1 + k + 10 * from));
          } else {
            assert.equal(plan.origin[entry], -1);
            assert.equal(plan.growth[i], entry);
            assert.equal(layer.weights[entry], values[i]);
            for (const array of layer.state) assert.equal(array[entry], 0);
          }
        });
      },
    ),
    { seed: 1, numRuns: 400 },
  );
});

Deno.test("rewire names what is wrong with a change and leaves the layer as it was", () => {
  const wrong: [number[], number[], number[], string, RegExp][] = [
    [
      [1, 3],
      [2],
      [9],
      "RangeError",
      /^Cannot rewire layer 1: the strategy grew 1 connections for 2 removed$/,
    ],
    [[1], [2, 3], [9, 9], "RangeError", /grew 2 connections for 1 removed/],
    [[8], [2], [9], "RangeError", /removed entry 8, need 0 to 7/],
    [[-1], [2], [9], "RangeError", /removed entry -1/],
    [[3, 1], [2, 3], [9, 9], "RangeError", /removed entry 1 after 3/],
    [[3, 3], [2, 3], [9, 9], "RangeError", /removed entry 3 after 3/],
    [[1, 3], [3, 2], [9, 9], "RangeError", /position 1 is 2 after 3/],
    [[1, 3], [2, 2], [9, 9], "RangeError", /position 1 is 2 after 2/],
    [[1], [15], [9], "RangeError", /layer 1: position 0 is 15, need an integer from 0 to 14/],
    [[1], [-1], [9], "RangeError", /position 0 is -1/],
    [[1], [2.5], [9], "RangeError", /position 0 is 2.5/],
    [[1], [NaN], [9], "RangeError", /position 0 is NaN/],
    [[1], [8], [9], "RangeError", /position 8 \(row 1, column 3\), where one survives/],
    [[1], [14], [9], "RangeError", /position 14 \(row 2, column 4\), where one survives/],
    [[1], [2], [], "TypeError", /found 0 values for 1 grown connections/],
    [[1], [2], [NaN], "RangeError", /value 0 of the grown connections is NaN/],
  ];
  for (const [removed, positions, values, name, message] of wrong) {
    const layer = eightWeights();
    assert.throws(
      () =>
        rewire(
          layer,
          Int32Array.from(removed),
          Float64Array.from(positions),
          Float32Array.from(values),
        ),
      { name, message },
    );
    assert.deepEqual(layer, eightWeights());
  }
});

Deno.test("rewire refuses arrays of the wrong type or length before it touches any", () => {
  const one = [Int32Array.of(1), Float64Array.of(2), Float32Array.of(9)] as const;
  const short = { ...eightWeights(), state: [new Float32Array(7)] };
  assert.throws(() => rewire(short, ...one), {
    name: "TypeError",
    message: "Cannot rewire layer 1: a weight or state array has length 7, need 8",
  });
  assert.deepEqual(short.weights, eightWeights().weights);
  const layer = eightWeights();
  const list = [1] as unknown as Int32Array;
  assert.throws(
    () => rewire(layer, list, one[1], one[2]),
    /removed entries need to be an Int32Array/,
  );
  const plain = [2] as unknown as Float64Array;
  assert.throws(() => rewire(layer, one[0], plain, one[2]), /need to be a Float64Array/);
  assert.deepEqual(layer, eightWeights());
});

Deno.test("planRewiring changes nothing and names no layer it does not know", () => {
  const pattern = patternFromPositions(Float64Array.of(0, 4), [2, 3]);
  planRewiring(pattern, Int32Array.of(0), Float64Array.of(5));
  assert.deepEqual([...positionsOf(pattern)], [0, 4]);
  assert.throws(
    () => planRewiring(pattern, Int32Array.of(2), new Float64Array(0)),
    /^RangeError: Cannot rewire the layer: the strategy removed entry 2, need 0 to 1$/,
  );
});

Deno.test("moveConnections fills a layer of another size: survivors keep every bit", () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 1, max: 12 }),
        columns: fc.integer({ min: 1, max: 12 }),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        gone: fc.double({ min: 0, max: 1, noNaN: true }),
        come: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
      }),
      ({ rows, columns, p, gone, come, seed }) => {
        const random = randomStream(seed);
        const pattern = erdosRenyi(rows, columns, p, random);
        const count = pattern.indices.length;
        const weights = new Float32Array(count).map(() => random.normal());
        const own = new Float64Array(count).map(() => random.normal());
        const layer = { ...pattern, weights, state: [own] };
        const removed = Int32Array.from(sampleSorted(Math.floor(gone * count), count, random));
        const survivors = survivorsOf(pattern, removed);
        const free = rows * columns - survivors.indices.length;
        const positions = sampleFree([survivors], Math.floor(come * free), pattern.shape, random);
        const values = new Float32Array(positions.length).map(() => random.normal());
        const plan = planRewiring(layer, removed, positions);
        const nnz = count - removed.length + positions.length;
        const target = {
          shape: pattern.shape,
          indptr: new Int32Array(rows + 1),
          indices: new Int32Array(nnz),
          weights: new Float32Array(nnz),
          state: [new Float64Array(nnz).fill(7)],
        };
        moveConnections(plan, layer, values, target);
        validatePattern(target);
        const kept = new Set(positionsOf(survivors));
        const grown = new Map([...positions].map((position, i) => [position, values[i]]));
        const old = new Map([...positionsOf(pattern)].map((position, entry) => [position, entry]));
        assert.deepEqual(new Set(positionsOf(target)), kept.union(new Set(positions)));
        positionsOf(target).forEach((position, entry) => {
          const from = grown.has(position) ? null : old.get(position)!;
          assert.equal(target.weights[entry], from === null ? grown.get(position) : weights[from]);
          assert.equal(target.state[0][entry], from === null ? 0 : own[from]);
        });
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
