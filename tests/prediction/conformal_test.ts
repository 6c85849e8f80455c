import assert from "node:assert/strict";
import {
  classSets,
  conformalQuantile,
  intervalCoverage,
  numberScores,
  setCoverage,
  suffices,
  trueClassScores,
} from "../../lib/prediction/conformal.ts";
import { randomStream } from "../../lib/random.ts";

Deno.test("conformalQuantile takes the ⌈(n + 1) × coverage⌉-th smallest score", () => {
  const scores = Array.from({ length: 19 }, (_, i) => (7 * i) % 19 + 1);
  assert.equal(conformalQuantile(scores, 0.95), 19);
  assert.equal(conformalQuantile(scores, 0.9), 18);
  assert.equal(conformalQuantile(scores, 0.91), 19);
  assert.equal(conformalQuantile(scores, 0.05), 1);
  // 9 rows are enough for nine tenths, 8 are not; 0.95 × 20 is 19 in spite of its last bits.
  assert.deepEqual([8, 9].map((rows) => suffices(rows, 0.9)), [false, true]);
  assert.deepEqual([18, 19].map((rows) => suffices(rows, 0.95)), [false, true]);
  assert.throws(() => conformalQuantile([1, 2, 3], 0.9), {
    name: "RangeError",
    message: "Cannot hold a share of 0.9 of new rows: found 3 held-out rows, need 9",
  });
});

Deno.test("a conformal quantile holds a new score as often as it says, for any distribution", () => {
  // Scores of a skewed distribution with ties: whole numbers under a square.
  const random = randomStream(1, "conformal");
  const draw = () => Math.floor(20 * random.float() ** 4);
  const [rows, rounds] = [49, 4000];
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const scores = Array.from({ length: rows }, draw);
    if (draw() <= conformalQuantile(scores, 0.8)) held++;
  }
  // At least 0.8, within four deviations of a binomial number; with ties it may be more.
  assert.ok(held / rounds >= 0.8 - 4 * Math.sqrt(0.16 / rounds), `${held / rounds}`);
  const continuous = () => random.float();
  held = 0;
  for (let round = 0; round < rounds; round++) {
    const scores = Array.from({ length: rows }, continuous);
    if (continuous() <= conformalQuantile(scores, 0.8)) held++;
  }
  // Without ties it is ⌈50 × 0.8⌉ / 50 = 0.8.
  assert.ok(Math.abs(held / rounds - 0.8) < 4 * Math.sqrt(0.16 / rounds), `${held / rounds}`);
});

Deno.test("scores, sets and coverages of classes, by hand", () => {
  const probabilities = [0.75, 0.25, 0, 0.25, 0.5, 0.25, 0.5, 0.125, 0.375];
  assert.deepEqual([...trueClassScores(probabilities, [0, 2, 1], 3)], [0.25, 0.75, 0.875]);
  const conformal = { coverage: 0.5, quantile: 0.75, rows: 9 };
  assert.deepEqual(classSets(probabilities, 3, conformal), [[0, 1], [0, 1, 2], [0, 2]]);
  assert.deepEqual(setCoverage(probabilities, [0, 2, 1], 3, conformal), {
    ...{ asked: 0.5, found: 2 / 3, size: 7 / 3 },
  });
  // The most probable class is in the set, however improbable it is.
  assert.deepEqual(classSets(probabilities, 3, { ...conformal, quantile: 0 }), [[0], [1], [0]]);
});

Deno.test("scores and coverage of numbers, by hand", () => {
  assert.deepEqual([...numberScores([1, 2, 3], [1.5, 0, 3])], [0.5, 2, 0]);
  const conformal = { coverage: 0.5, quantile: 0.5, rows: 9 };
  assert.deepEqual(intervalCoverage([1, 2, 3], [1.5, 0, 3], conformal), {
    ...{ asked: 0.5, found: 2 / 3, width: 1 },
  });
});
