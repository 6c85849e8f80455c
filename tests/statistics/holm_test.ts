import assert from "node:assert/strict";
import { holm } from "../../lib/statistics/holm.ts";
import { randomStream } from "../../lib/random.ts";

Deno.test("holm gives what R's p.adjust gives", () => {
  // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
  const adjusted = holm([0.01, 0.02, 0.03, 0.04, 0.05]);
  assert.deepEqual(
    adjusted.map((p) => p.toFixed(10)),
    [0.05, 0.08, 0.09, 0.09, 0.09].map(
      (p) => p.toFixed(10),
    ),
  );
  assert.deepEqual(holm([0.7, 0.6]), [1, 1]);
  assert.deepEqual(holm([0.3]), [0.3]);
  assert.deepEqual(holm([]), []);
  assert.throws(() => holm([0.1, NaN]), /^RangeError: Cannot adjust p-values/);
});

Deno.test("holm is the closed test of Bonferroni's", () => {
  // Marcus, Peritz and Gabriel (1976): the largest p of all intersections that hold the hypothesis.
  const random = randomStream(1, "holm");
  for (let trial = 0; trial < 20; trial++) {
    const ps = Array.from({ length: 6 }, () => random.float() / 4);
    const sets = Array.from(
      { length: 2 ** ps.length },
      (_, bits) => ps.filter((_, i) => bits >> i & 1),
    );
    holm(ps).forEach((adjusted, i) => {
      const closed = Math.max(
        ...sets.filter((set) => set.includes(ps[i]))
          .map((set) => Math.min(1, set.length * Math.min(...set))),
      );
      assert.ok(Math.abs(adjusted - closed) < 1e-12);
    });
  }
});
