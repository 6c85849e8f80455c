import assert from "node:assert/strict";
import { bestMembers } from "../../lib/exports/mod.ts";

const member = (validationAccuracy: number | null, validationLoss?: number, vote?: number) => ({
  layers: [],
  epoch: 1,
  validationAccuracy,
  validationLoss,
  vote,
});

Deno.test("the best members have the highest accuracy or the lowest loss, of equal ones the earlier", () => {
  const classes = { members: [0.7, 0.9, 0.8, 0.9].map((accuracy) => member(accuracy)) };
  assert.deepEqual(bestMembers(classes, 1), [1]);
  assert.deepEqual(bestMembers(classes, 3), [1, 2, 3]);
  const numbers = { members: [0.3, 0.1, 0.2].map((loss) => member(null, loss)) };
  assert.deepEqual(bestMembers(numbers, 2), [1, 2]);
  assert.deepEqual(bestMembers({ members: [member(null), member(null)] }, 1), [0]);
});

Deno.test("of boosted members the first are kept", () => {
  const boosted = { members: [0.5, 0.9].map((accuracy) => member(accuracy, undefined, 1)) };
  assert.deepEqual(bestMembers(boosted, 1), [0]);
  assert.throws(() => bestMembers(boosted, 3), /found 3 members, need an integer from 1 to 2/);
});
