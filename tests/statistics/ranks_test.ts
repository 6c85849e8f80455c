import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { rank } from "../../lib/statistics/ranks.ts";

Deno.test("rank counts the values below, and half of the equal ones", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 30 }), (values) => {
      const { ranks, ties } = rank(values);
      values.forEach((value, i) => {
        const below = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        assert.equal(ranks[i], below + (equal + 1) / 2);
      });
      const sizes = [...new Set(values)].map((value) => values.filter((v) => v === value).length);
      assert.equal(ties, sizes.reduce((sum, t) => sum + t ** 3 - t, 0));
    }),
    { seed: 4, numRuns: 200 },
  );
});

Deno.test("rank refuses what has no place among others", () => {
  assert.throws(() => rank([1, NaN, 2]), {
    name: "RangeError",
    message: "Cannot rank values: value 1 is NaN, need numbers",
  });
  assert.deepEqual([...rank([1, Infinity, -Infinity]).ranks], [2, 3, 1]);
});
