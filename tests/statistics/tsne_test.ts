import assert from "node:assert/strict";
import { squaredDistances, tsne, tsneDivergence } from "../../lib/statistics/tsne.ts";
import { readJsonFile } from "../files.ts";

interface Layout {
  readonly perplexity: number;
  readonly x: number[];
  readonly y: number[];
  readonly divergence: number;
}

/** What scikit-learn makes of four groups of 20 points: see fixtures/make_tsne.py. */
const { points, layouts }: { points: number[][]; layouts: Layout[] } = readJsonFile(
  new URL("fixtures/tsne.json", import.meta.url),
);

Deno.test("tsneDivergence gives scikit-learn's divergence of scikit-learn's layouts", () => {
  const distances = squaredDistances(points);
  assert.equal(layouts.length, 6);
  for (const { perplexity, x, y, divergence } of layouts) {
    const found = tsneDivergence(distances, x, y, perplexity);
    // It finds the neighbourhoods' widths to 1e-5 of an entropy, and in single precision.
    assert.ok(Math.abs(found - divergence) < 2e-4 * Math.max(0.1, divergence), `${found}`);
  }
});

Deno.test("tsne finds a layout about as good as scikit-learn's", async () => {
  for (const perplexity of [10, 25]) {
    const theirs = layouts.filter((layout) => layout.perplexity === perplexity)
      .map(({ divergence }) => divergence);
    const ours: number[] = [];
    for (const seed of [1, 2, 3]) {
      const { divergence, x, y } = await tsne(points, seed, { perplexity });
      ours.push(divergence);
      assert.equal(divergence, tsneDivergence(squaredDistances(points), x, y, perplexity));
    }
    assert.ok(Math.min(...ours) < 1.05 * Math.max(...theirs), `${ours} against ${theirs}`);
  }
});

Deno.test("tsne keeps groups together", async () => {
  const { x, y } = await tsne(points, 1, { perplexity: 10 });
  points.forEach((_, i) => {
    const order = points.map((_, j) => j).filter((j) => j !== i)
      .sort((a, b) => Math.hypot(x[i] - x[a], y[i] - y[a]) - Math.hypot(x[i] - x[b], y[i] - y[b]));
    const strangers = order.slice(0, 5).filter((j) => Math.floor(j / 20) !== Math.floor(i / 20));
    assert.deepEqual(strangers, [], `point ${i}`);
  });
});

Deno.test("tsne gives the same for equal seeds, and something else for another", async () => {
  const few = points.filter((_, i) => i % 3 === 0);
  const options = { perplexity: 6, iterations: 300 };
  const first = await tsne(few, 7, options);
  const other = await tsne(few, 8, options);
  assert.deepEqual(await tsne(few, 7, options), first);
  assert.notDeepEqual(other.x, first.x);
  for (const { x, y } of [first, other]) {
    for (const axis of [x, y]) assert.ok(Math.abs(axis.reduce((a, b) => a + b)) < 1e-9);
  }
});

Deno.test("tsne does not depend on the unit of the points", async () => {
  const options = { perplexity: 6, iterations: 100 };
  const few = points.filter((_, i) => i % 3 === 0);
  const large = await tsne(few.map((point) => point.map((value) => 1024 * value)), 7, options);
  assert.deepEqual(large, await tsne(few, 7, options));
});

Deno.test("tsne refuses what it cannot lay out", async () => {
  const square = [[0, 0], [0, 1], [1, 0], [1, 1]];
  await assert.rejects(() => tsne(square.slice(1), 1, { perplexity: 1 }), {
    name: "RangeError",
    message: "Cannot lay out points: found 3, need at least 4",
  });
  await assert.rejects(() => tsne([...square, [1]], 1, { perplexity: 2 }), {
    name: "TypeError",
    message: "Cannot lay out points: point 4 has 1 coordinates, need 2 as point 0 has",
  });
  await assert.rejects(() => tsne([...square, [1, NaN]], 1, { perplexity: 2 }), {
    name: "RangeError",
    message: "Cannot lay out points, point 4: value 1 is NaN, need finite numbers",
  });
  await assert.rejects(() => tsne(square, 1), {
    name: "RangeError",
    message:
      "Cannot lay out points: the perplexity is 30, need 1 or more, less than 3 for 4 points",
  });
  await assert.rejects(() => tsne(square, 1.5, { perplexity: 2 }), /the seed is 1.5/);
  await assert.rejects(() => tsne(square, 1, { perplexity: 2, iterations: 0 }), /iterations is 0/);
  await assert.rejects(
    () => tsne(square, 1, { perplexity: 2, learningRate: 0 }),
    /the learning rate is 0, need a number above 0/,
  );
});

Deno.test("tsne lays out points that all coincide", async () => {
  const { x, divergence } = await tsne(Array(6).fill([1, 2]), 1, { perplexity: 3, iterations: 50 });
  assert.ok(x.every(Number.isFinite) && Number.isFinite(divergence));
});
