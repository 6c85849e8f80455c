import assert from "node:assert/strict";
import { randomStream } from "../../lib/random.ts";
import { shareOut } from "../../lib/topology/budget.ts";

Deno.test("shareOut divides in proportion, and hands on what a full layer cannot take", () => {
  // By hand: 10 × 0.5, 0.3 and 0.2.
  assert.deepEqual(shareOut(10, [5, 3, 2], [9, 9, 9]), [5, 3, 2]);
  // 3.5, 2.1 and 1.4 are rounded down; the seventh goes to the heaviest.
  assert.deepEqual(shareOut(7, [5, 3, 2], [9, 9, 9]), [4, 2, 1]);
  // The first takes 2 of its 5; the other 3 are divided 3 to 2: 1.8 and 1.2, and one is left.
  assert.deepEqual(shareOut(10, [5, 3, 2], [2, 9, 9]), [2, 5, 3]);
  // No layer has a weight: one each.
  assert.deepEqual(shareOut(4, [0, 0, 0], [9, 9, 9]), [2, 1, 1]);
  assert.deepEqual(shareOut(0, [1, 1], [0, 0]), [0, 0]);
  assert.throws(() => shareOut(5, [1, 1], [2, 2]), {
    name: "RangeError",
    message: "Cannot share out 5 connections: found room for 4 in all layers",
  });
});

Deno.test("shareOut counts weights where layers have blocks of different sizes", () => {
  // By hand: 12 weights each; the second takes one block of 8, and its other 4 go to the first.
  assert.deepEqual(shareOut(24, [1, 1], [99, 99], [2, 8]), [8, 1]);
  // The first is full with 2, and of the other 22 weights 6 make no block of 8.
  assert.deepEqual(shareOut(24, [1, 1], [1, 99], [2, 8]), [1, 2]);
  // With one size for all they are divided as blocks.
  assert.deepEqual(shareOut(40, [3, 1, 1], [99, 99, 99], [8, 8, 8]), [3, 1, 1]);
  const random = randomStream(2, "shares of blocks");
  for (let trial = 0; trial < 200; trial++) {
    const sizes = Array.from({ length: 1 + random.below(5) }, () => 2 ** random.below(5));
    const limits = sizes.map(() => random.below(30));
    const room = limits.reduce((sum, limit, i) => sum + limit * sizes[i], 0);
    const total = Math.floor(room / 16 * random.float()) * 16;
    const shares = shareOut(total, sizes.map(() => random.float()), limits, sizes);
    const left = total - shares.reduce((sum, share, i) => sum + share * sizes[i], 0);
    assert.ok(left >= 0);
    assert.ok(shares.every((share, i) => share >= 0 && share <= limits[i]));
    assert.ok(shares.every((share, i) => share === limits[i] || sizes[i] > left), "no more fits");
  }
});

Deno.test("shareOut gives exactly the total, and no layer more than its limit", () => {
  const random = randomStream(1, "shares");
  for (let trial = 0; trial < 200; trial++) {
    const layers = 1 + random.below(6);
    const weights = Array.from({ length: layers }, () => random.below(3) * random.float());
    const limits = weights.map(() => random.below(50));
    const room = limits.reduce((sum, limit) => sum + limit, 0);
    const total = random.below(room + 1);
    const shares = shareOut(total, weights, limits);
    assert.equal(shares.reduce((sum, share) => sum + share, 0), total);
    assert.ok(shares.every((share, i) => share >= 0 && share <= limits[i]));
  }
});
