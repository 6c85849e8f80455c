import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { keepLargest, largestScores } from "../../lib/topology/largest_scores.ts";

/** By sorting all: largest magnitude first, of equal ones the first position. */
function bySorting(positions: number[], scores: number[], count: number): number[] {
  return positions.map((position, i) => ({ position, magnitude: Math.abs(scores[i]) || 0 }))
    .sort((a, b) => b.magnitude - a.magnitude || a.position - b.position)
    .slice(0, count).map(({ position }) => position).sort((a, b) => a - b);
}

// Few values, so that there are many ties.
const score = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, NaN, Infinity, -Infinity),
  fc.double({ noNaN: true }),
);
const scored = fc.uniqueArray(fc.nat(10_000), { maxLength: 80 }).chain((positions) =>
  fc.record({
    positions: fc.constant(positions.sort((a, b) => a - b)),
    scores: fc.array(score, { minLength: positions.length, maxLength: positions.length }),
    count: fc.nat(90),
    cut: fc.nat(positions.length),
  })
);

Deno.test("largestScores keeps what sorting would keep, ties included", () => {
  fc.assert(
    fc.property(scored, ({ positions, scores, count }) => {
      const kept = largestScores(Float64Array.from(positions), scores, count);
      assert.deepEqual([...kept], bySorting(positions, scores, count));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("keepLargest keeps the same however the stream is cut", () => {
  fc.assert(
    fc.property(scored, ({ positions, scores, count, cut }) => {
      const best = keepLargest(count);
      best.offer(Float64Array.from(positions.slice(0, cut)), scores.slice(0, cut));
      best.offer(Float64Array.from(positions.slice(cut)), scores.slice(cut));
      assert.deepEqual([...best.positions()], bySorting(positions, scores, count));
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("largestScores says so where scores are missing", () => {
  assert.throws(() => largestScores(Float64Array.of(1, 2), [1], 1), {
    name: "TypeError",
    message: "Cannot choose among 2 positions: found 1 scores",
  });
});
