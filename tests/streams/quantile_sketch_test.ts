import assert from "node:assert/strict";
import { quantilesByRank } from "../../lib/data/preprocessing/mod.ts";
import { quantileSketch, sketchBytes, sketchError } from "../../lib/streams/quantile_sketch.ts";
import { readJsonFile } from "../files.ts";

const NUMPY = readJsonFile(new URL("fixtures/quantiles.json", import.meta.url)) as {
  count: number;
  sum: number;
  probabilities: number[];
  quantiles: number[];
  sorted: number[];
};

/** The numbers of the fixture. */
function numbers(): Float64Array {
  let state = 1;
  return Float64Array.from({ length: NUMPY.count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return (state >>> 20) ** 2;
  });
}

/** A sketch of some numbers. */
function sketchOf(values: Iterable<number>, capacity: number) {
  const sketch = quantileSketch(capacity);
  for (const value of values) sketch.add(value);
  return sketch;
}

Deno.test("a sketch that keeps all values has NumPy's quantiles", () => {
  const values = numbers();
  assert.equal(values.reduce((sum, value) => sum + value, 0), NUMPY.sum);
  const sketch = sketchOf(values, 2 ** 17);
  assert.deepEqual([sketch.count, sketch.rankError], [NUMPY.count, 0]);
  const ranks = sketch.ranks();
  NUMPY.probabilities.forEach((probability, k) => {
    const rank = Math.floor(probability * (NUMPY.count - 1) + 1e-9);
    assert.equal(ranks.at(rank), NUMPY.sorted[k], `${probability}`);
  });
});

Deno.test("a sketch's quantiles lie between NumPy's of half a per cent less and more", () => {
  for (const capacity of [1024, 2048, 8192]) {
    const sketch = sketchOf(numbers(), capacity);
    assert.ok(sketch.rankError > 0 && sketch.rankError <= 0.005 * NUMPY.count, `${capacity}`);
    assert.equal(sketch.rankError / NUMPY.count, sketchError(NUMPY.count, capacity));
    const ranks = sketch.ranks();
    NUMPY.probabilities.forEach((probability, k) => {
      const value = ranks.at(Math.round(probability * (NUMPY.count - 1)));
      const [low, high] = [Math.max(0, k - 1), Math.min(200, k + 1)];
      assert.ok(value >= NUMPY.quantiles[low] && value <= NUMPY.quantiles[high], `${probability}`);
    });
    assert.equal(ranks.at(0), NUMPY.quantiles[0]);
    assert.equal(ranks.at(NUMPY.count - 1), NUMPY.quantiles[200]);
  }
});

Deno.test("no order of the values breaks the bound of a sketch's error", () => {
  const count = 50_000;
  const orders: Record<string, (k: number) => number> = {
    ascending: (k) => k,
    descending: (k) => count - 1 - k,
    "from both ends": (k) => k % 2 === 0 ? k / 2 : count - 1 - (k - 1) / 2,
    "in strides": (k) => (k * 7919) % count,
  };
  for (const [name, order] of Object.entries(orders)) {
    for (const capacity of [2, 64, 512]) {
      const sketch = sketchOf(Array.from({ length: count }, (_, k) => order(k)), capacity);
      const ranks = sketch.ranks();
      assert.equal(ranks.count, count);
      // Of the numbers from 0 on, each is its own rank.
      for (let rank = 0; rank < count; rank += 97) {
        const error = Math.abs(ranks.at(rank) - rank);
        assert.ok(error <= sketch.rankError + 1, `${name}, ${capacity}: ${error} at ${rank}`);
      }
    }
  }
});

Deno.test("the quantiles of a preprocessing come from a sketch's ranks", () => {
  const { count, at } = sketchOf(numbers(), 2 ** 17).ranks();
  const quantiles = quantilesByRank(count, at);
  assert.equal(quantiles.length, 1000);
  assert.equal(quantiles[999], NUMPY.quantiles[200]);
  assert.ok(quantiles.every((value, k) => k === 0 || value >= quantiles[k - 1]));
});

Deno.test("a value of many rows stands among the others", () => {
  const ranks = sketchOf([1, 2, 9], 4).ranks({ value: 5, weight: 3 });
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(ranks.at), [1, 2, 5, 5, 5, 9]);
});

Deno.test("the memory of a sketch grows with the logarithm of the values", () => {
  assert.equal(sketchBytes(1e9, 4096) - sketchBytes(5e8, 4096), 4 * 2048);
  for (const capacity of [0, 3, 1.5]) assert.throws(() => quantileSketch(capacity), RangeError);
});
