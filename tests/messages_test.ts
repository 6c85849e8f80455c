import assert from "node:assert/strict";
import {
  didYouMean,
  nearestName,
  plural,
  quoted,
  quotedList,
  requireInteger,
} from "../lib/messages.ts";

Deno.test("nearestName forgives slips, swapped letters and case, in short names too", () => {
  const names = ["epochs", "epsilon", "alpha", "base", "id", "Class"];
  for (
    const [slip, meant] of [
      ["epoch", "epochs"],
      ["espilon", "epsilon"],
      ["aplha", "alpha"],
      ["bse", "base"],
      ["ids", "id"],
      ["class", "Class"],
    ]
  ) assert.equal(nearestName(slip, names), meant);
  for (const far of ["", "x", "members", "target"]) {
    assert.equal(nearestName(far, names), undefined);
  }
  assert.equal(nearestName("epochs", []), undefined);
});

Deno.test("nearestName looks at the first letters of long names and at the first of many names", () => {
  const long = "a".repeat(1e6);
  assert.equal(nearestName(long, ["b", `${long}b`]), `${long}b`);
  const many = [...Array.from({ length: 10_000 }, (_, i) => `${i}`), "epochs"];
  assert.equal(nearestName("epoch", many), undefined);
  assert.equal(nearestName("epoch", many.slice(1)), "epochs");
});

Deno.test("words of messages: counts, quotes and lists", () => {
  assert.equal(plural(1, "value"), "1 value");
  assert.equal(plural(0, "value"), "0 values");
  assert.equal(quoted(`a"b`), String.raw`"a\"b"`);
  assert.equal(quotedList(Array.from({ length: 22 }, () => "a")).slice(-10), "and 2 more");
});

Deno.test("didYouMean ends a message with the nearest name, if there is one", () => {
  assert.equal(didYouMean("epoch", ["epochs"]), '; did you mean "epochs"?');
  assert.equal(didYouMean("epoch", ["seed"]), "");
});

Deno.test("requireInteger says what was found and the least that is needed", () => {
  requireInteger("count", 1, "rows", 1);
  for (const count of [0, 1.5, NaN, 2 ** 53]) {
    assert.throws(() => requireInteger("count", count, "rows", 1), {
      name: "RangeError",
      message: `Cannot count: found ${count} rows, need an integer from 1`,
    });
  }
});
