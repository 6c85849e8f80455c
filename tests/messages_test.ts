import assert from "node:assert/strict";
import { nearestName, plural, quoted, quotedList } from "../lib/messages.ts";

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
