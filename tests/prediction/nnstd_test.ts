import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "npm:fast-check@4.3.0";
import { type LayerConnections, nnstd } from "../../lib/prediction/nnstd.ts";
import { randomStream, shuffle } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import type { Pattern } from "../../lib/sparse/pattern.ts";
import { patternFromPositions, positionsOf } from "../../lib/sparse/positions.ts";

interface StoredPattern {
  shape: [number, number];
  indptr: number[];
  indices: number[];
}

const { cases }: {
  cases: {
    first: StoredPattern[];
    second: StoredPattern[];
    layers: { distance: number; matching: number[] }[];
  }[];
} = JSON.parse(readFileSync(new URL("fixtures/nnstd.json", import.meta.url), "utf8"));

function patterns(layers: StoredPattern[]): Pattern[] {
  return layers.map(({ shape, indptr, indices }) => ({
    shape,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
  }));
}

function dense(rows: number, columns: number): LayerConnections {
  return {
    kind: "dense",
    shape: [rows, columns],
    weights: new Float32Array(rows * columns),
    bias: new Float32Array(rows),
  };
}

/** A network's connections with row `i` of layer `l` moved to place `orders[l][i]`. */
function reordered(layers: Pattern[], orders: Int32Array[]): Pattern[] {
  return layers.map((layer, l) => {
    const [, columns] = layer.shape;
    const moved = positionsOf(layer).map((position) => {
      const row = Math.floor(position / columns);
      const column = position % columns;
      return orders[l][row] * columns + (l === 0 ? column : orders[l - 1][column]);
    });
    return patternFromPositions(moved.sort(), layer.shape);
  });
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)])
  );
}

/** The least mean Jaccard distance over all matchings, by sets. */
function leastDistance(first: Pattern, second: Pattern, renaming: ArrayLike<number>): number {
  const inputs = (layer: Pattern, row: number, rename: (input: number) => number) =>
    new Set([...layer.indices.subarray(layer.indptr[row], layer.indptr[row + 1])].map(rename));
  const [rows] = first.shape;
  let least = Infinity;
  for (const matching of permutations(rows)) {
    let sum = 0;
    matching.forEach((other, one) => {
      const a = inputs(first, one, (input) => renaming[input]);
      const b = inputs(second, other, (input) => input);
      const union = a.union(b).size;
      sum += union === 0 ? 0 : a.symmetricDifference(b).size / union;
    });
    least = Math.min(least, sum / rows);
  }
  return least;
}

Deno.test("nnstd agrees with SciPy's assignment on every layer, the matching carried through", async () => {
  for (const { first, second, layers } of cases) {
    const found = await nnstd(patterns(first), patterns(second));
    assert.equal(found.length, layers.length);
    layers.forEach(({ distance, matching }, depth) => {
      assert.ok(Math.abs(found[depth].distance - distance) < 1e-12, `${found[depth].distance}`);
      // The fixture's matchings are the only best ones, except in the last layer.
      if (depth < layers.length - 1) assert.deepEqual([...found[depth].matching], matching);
    });
  }
});

Deno.test("nnstd finds the least distance over all matchings, in deeper layers too", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        sizes: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(6), fc.integer({ min: 1, max: 4 })),
        p: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.nat(),
      }),
      async ({ sizes: [inputs, hidden, outputs], p, seed }) => {
        const random = randomStream(seed);
        const network = () => [
          erdosRenyi(hidden, inputs, p, random),
          erdosRenyi(outputs, hidden, p, random),
        ];
        const first = network();
        const second = network();
        const [one, two] = await nnstd(first, second);
        assert.deepEqual([...one.matching].sort(), [...new Array(hidden).keys()]);
        const identity = Array.from({ length: inputs }, (_, i) => i);
        const expected = hidden === 0 ? 0 : leastDistance(first[0], second[0], identity);
        assert.ok(Math.abs(one.distance - expected) < 1e-12, "first layer");
        assert.ok(
          Math.abs(two.distance - leastDistance(first[1], second[1], one.matching)) < 1e-12,
          "second layer",
        );
      },
    ),
    { seed: 9, numRuns: 60 },
  );
});

Deno.test("nnstd is 0 between a network and its copy with the hidden neurons in another order", async () => {
  const random = randomStream(4);
  const layers = [
    erdosRenyi(200, 50, 0.2, random),
    erdosRenyi(200, 200, 0.1, random),
    erdosRenyi(5, 200, 0.5, random),
  ];
  const orders = layers.map(({ shape: [rows] }) => {
    const order = Int32Array.from({ length: rows }, (_, i) => i);
    shuffle(order, random);
    return order;
  });
  const found = await nnstd(layers, reordered(layers, orders));
  found.forEach(({ distance, matching }, layer) => {
    assert.equal(distance, 0);
    assert.deepEqual(matching, orders[layer]);
  });
});

Deno.test("nnstd is 1 where no neurons share an input, and 0 where none has any", async () => {
  const left = patternFromPositions(Float64Array.of(0, 1, 4), [2, 4]);
  const right = patternFromPositions(Float64Array.of(2, 6, 7), [2, 4]);
  const none = patternFromPositions(new Float64Array(), [2, 4]);
  assert.equal((await nnstd([left], [right]))[0].distance, 1);
  assert.equal((await nnstd([left], [none]))[0].distance, 1);
  assert.equal((await nnstd([none], [none]))[0].distance, 0);
});

Deno.test("nnstd takes a dense layer as one with every connection", async () => {
  const some = erdosRenyi(6, 9, 0.6, randomStream(2));
  const all = erdosRenyi(6, 9, 1, randomStream(2));
  const [expected] = await nnstd([some], [all]);
  assert.ok(expected.distance > 0.2 && expected.distance < 0.6);
  assert.deepEqual(await nnstd([some], [dense(6, 9)]), [expected]);
  assert.equal((await nnstd([dense(6, 9)], [some]))[0].distance, expected.distance);
  assert.equal((await nnstd([dense(6, 9)], [dense(6, 9)]))[0].distance, 0);
  assert.equal((await nnstd([dense(6, 9)], [all]))[0].distance, 0);
});

Deno.test("nnstd matches layers of a thousand neurons", async () => {
  const layer = (seed: number) => erdosRenyi(1000, 1000, 0.04, randomStream(seed));
  const [{ distance, matching }] = await nnstd([layer(1)], [layer(2)]);
  assert.equal(new Set(matching).size, 1000);
  // Random pairs are 0.98 apart: the best matching finds what they have in common by chance.
  assert.ok(distance > 0.9 && distance < 0.93, `${distance}`);
});

Deno.test("nnstd refuses networks of different depth or shape", async () => {
  const layer = erdosRenyi(3, 4, 0.5, randomStream(1));
  const other = erdosRenyi(4, 3, 0.5, randomStream(1));
  await assert.rejects(nnstd([layer], []), /found 1 and 0 layers, need equally many$/);
  await assert.rejects(nnstd([layer], [other]), /layer 0 has shapes \[3, 4\] and \[4, 3\]/);
  await assert.rejects(nnstd([layer, layer], [layer, layer]), /layer 1 has 4 inputs, need 3,/);
});
