import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { csrToDense } from "../../lib/sparse/csr.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { distanceTopology } from "../../lib/methods/ensembles/distance_tse.ts";
import {
  compareWithPredecessor,
  drawCandidate,
  placeCandidate,
} from "../../lib/methods/ensembles/regrowth_candidates.ts";
import { pruneMagnitude } from "../../lib/topology/prune.ts";
import { growRandom } from "../../lib/topology/placement.ts";
import { rewire } from "../../lib/topology/rewire.ts";
import type { GrowRequest, Growth } from "../../lib/topology/strategy.ts";
import { draw, growsAtRandom, randomLayer, requestFor } from "../topology/random_layer.ts";

/** The Frobenius distance of the layer before and after, through dense matrices. */
function denseDistance(request: GrowRequest, growth: Growth): number {
  const { before } = request;
  const after = {
    shape: before.shape,
    indptr: before.indptr.slice(),
    indices: before.indices.slice(),
    weights: Float64Array.from(before.weights),
    state: [],
  };
  rewire(after, request.removed, growth.positions, growth.values!);
  const old = csrToDense({ ...before, data: Float64Array.from(before.weights) });
  const fresh = csrToDense({ ...after, data: after.weights });
  return Math.sqrt(old.reduce((sum, value, i) => sum + (value - fresh[i]) ** 2, 0));
}

Deno.test("distanceTopology reports the distance that dense matrices give, above its threshold", () => {
  for (const density of [0.05, 0.3, 0.8]) {
    for (const lambda of [0, 1, 1.5, 2]) {
      const before = randomLayer(25, 20, density, 1);
      const request = requestFor(
        before,
        pruneMagnitude,
        0.8,
        [before],
        randomStream(1, "grow", lambda),
      );
      const growth = distanceTopology({ lambda }).reinitialize!.grow(request);
      const { distance, mean, deviation, iterations, failSafe } = growth.notes as Record<
        string,
        number
      >;
      assert.ok(Math.abs(denseDistance(request, growth) - distance) < 1e-6 * distance);
      assert.ok(distance > mean + lambda * deviation && deviation > 0);
      assert.ok(iterations > 100 && iterations < 1100);
      assert.equal(failSafe, undefined);
      assert.equal(growth.values?.length, request.count);
    }
  }
});

Deno.test("distanceTopology keeps the farthest candidate seen if none is far enough", () => {
  const before = randomLayer(25, 20, 0.2, 1);
  const options = { lambda: 30, samples: 20, maxIterations: 50 };
  const request = requestFor(before, pruneMagnitude, 0.8, [before], randomStream(1, "grow"));
  const growth = distanceTopology(options).reinitialize!.grow(request);
  const { distance, iterations, failSafe } = growth.notes!;
  assert.equal(iterations, 70);
  assert.equal(failSafe, "farthest");
  const found = denseDistance(request, growth);
  assert.ok(Math.abs(found - Number(distance)) < 1e-6 * found);
  // The same stream again, candidate by candidate.
  const random = randomStream(1, "grow");
  const comparison = compareWithPredecessor(request);
  let farthest = 0;
  for (let i = 0; i < 70; i++) {
    const seed = (random.uint32() >>> 11) * 2 ** 32 + random.uint32();
    const values = new Float32Array(request.count);
    const stream = randomStream(seed, "candidate");
    farthest = Math.max(farthest, drawCandidate(request, comparison, values, stream).distance);
  }
  assert.equal(distance, farthest);
});

Deno.test("distanceTopology throws instead if it is told to, with the numbers", () => {
  const before = randomLayer(25, 20, 0.2, 1);
  const request = requestFor(before, pruneMagnitude, 0.8, [before], randomStream(1));
  const strategy = distanceTopology({
    lambda: 30,
    samples: 20,
    maxIterations: 50,
    failSafe: "error",
  });
  assert.throws(() => strategy.reinitialize!.grow(request), {
    name: "RangeError",
    message: /^Cannot regrow layer 1: the farthest of 70 candidates has distance .* 30 × deviation/,
  });
});

Deno.test("distanceTopology candidates are distributed as random regrowths are", () => {
  // Dense enough that about a third of the grown connections come back where some were removed.
  const before = randomLayer(12, 15, 0.5, 1);
  const request = requestFor(before, pruneMagnitude, 0.6, [before], randomStream(1, "brute force"));
  const comparison = compareWithPredecessor(request);
  const many = 4000;
  const removed = new Set([...request.removed].map((entry) => positionsOf(before)[entry]));
  const short: number[] = [];
  const long: number[] = [];
  const shortBack = new Float64Array(request.count + 1);
  const longBack = new Float64Array(request.count + 1);
  const random = randomStream(2, "shortcut");
  for (let i = 0; i < many; i++) {
    const values = new Float32Array(request.count);
    const candidate = drawCandidate(request, comparison, values, random);
    short.push(candidate.distance);
    shortBack[candidate.returning.length]++;
    const { positions } = growRandom(request);
    draw(values, request.random);
    long.push(denseDistance(request, { positions, values }));
    longBack[positions.filter((position) => removed.has(position)).length]++;
  }
  // Two-sample Kolmogorov–Smirnov statistic; 1.95 is the bound that chance exceeds once in 1000.
  const sorted = [...short.map((d) => [d, 1]), ...long.map((d) => [d, -1])].sort((a, b) =>
    a[0] - b[0]
  );
  let difference = 0;
  let largest = 0;
  for (const [, step] of sorted) largest = Math.max(largest, Math.abs(difference += step));
  assert.ok(largest / many < 1.95 * Math.sqrt(2 / many), `${largest / many}`);
  const mean = (counts: Float64Array) => counts.reduce((sum, n, back) => sum + n * back, 0) / many;
  assert.ok(mean(shortBack) > 3);
  assert.ok(Math.abs(mean(shortBack) - mean(longBack)) < 0.3);
});

Deno.test("distanceTopology places candidates at every free position equally often", () => {
  const before = randomLayer(6, 7, 0.4, 1);
  const request = requestFor(before, pruneMagnitude, 0.7, [before], randomStream(1));
  const comparison = compareWithPredecessor(request);
  const random = randomStream(3, "placing");
  const counts = new Float64Array(42);
  const runs = 5000;
  for (let i = 0; i < runs; i++) {
    const values = new Float32Array(request.count);
    const candidate = drawCandidate(request, comparison, values, random);
    const growth = placeCandidate(request, candidate);
    assert.deepEqual([...growth.values!].sort(), [...values].sort());
    let last = -1;
    for (const position of growth.positions) {
      assert.ok(position > last);
      counts[last = position]++;
    }
    if (i < 50) {
      const distance = denseDistance(request, growth);
      assert.ok(Math.abs(distance - candidate.distance) < 1e-6 * distance);
    }
  }
  const surviving = new Set(positionsOf(request.survivors));
  const expected = runs * request.count / (42 - surviving.size);
  counts.forEach((count, position) => {
    if (surviving.has(position)) assert.equal(count, 0);
    else assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${position}: ${count}`);
  });
});

Deno.test("distanceTopology regrows first and output layers, and all updates, at random", () => {
  const before = randomLayer(20, 20, 0.2, 1);
  const base = requestFor(before, pruneMagnitude, 0.8, [before], randomStream(1));
  const strategy = distanceTopology();
  assert.ok(growsAtRandom(strategy.update!.grow));
  for (const layer of [0, 2]) {
    const request = { ...base, before: { ...before, layer } };
    assert.deepEqual(
      strategy.reinitialize!.grow({ ...request, random: randomStream(5) }),
      growRandom({ ...request, random: randomStream(5) }),
    );
  }
  const empty = requestFor(before, pruneMagnitude, 0, [before], randomStream(1));
  assert.equal(strategy.reinitialize!.grow(empty).positions.length, 0);
});

Deno.test("distanceTopology refuses options out of range", () => {
  assert.throws(() => distanceTopology({ lambda: NaN }), /lambda is NaN/);
  assert.throws(() => distanceTopology({ samples: 0 }), /samples is 0/);
  assert.throws(() => distanceTopology({ maxIterations: 1.5 }), /maxIterations is 1.5/);
  assert.throws(
    () => distanceTopology({ failSafe: "never" as "error" }),
    /failSafe is "never", need "farthest" or "error"/,
  );
});
