import assert from "node:assert/strict";
import {
  didYouMean,
  nearestName,
  plural,
  printable,
  printableList,
  quoted,
  quotedList,
  quotedPath,
  requireInteger,
  shown,
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
  assert.equal(printableList(["a", "b\n"]), "a, b\\u000a");
  assert.equal(printableList(Array.from({ length: 1e5 }, () => "a")).slice(-14), "and 99980 more");
  assert.equal(
    quotedList(Array.from({ length: 22 }, () => "a")).slice(-24),
    'and 2 more, the last "a"',
  );
  // Twenty names of plain letters are shown, and no more bytes of others than of those.
  assert.ok(!quotedList(Array.from({ length: 20 }, () => "a".repeat(99))).includes("more"));
  for (const letter of ["\u0001", "💥", "\u202e"]) {
    const list = quotedList(Array.from({ length: 20 }, () => letter.repeat(60)));
    assert.match(list, /^"[^"]+",.* and \d+ more$/);
    assert.ok(new TextEncoder().encode(list).length < 1600);
  }
});

Deno.test("no message steers a terminal, breaks a line or repeats a long value", () => {
  const steering = "a\u001b[2J\u009b1m\u202eb\u2028c\nd\u007f";
  assert.equal(quoted(steering), String.raw`"a\u001b[2J\u009b1m\u202eb\u2028c\nd\u007f"`);
  assert.equal(quotedPath(steering), quoted(steering));
  assert.equal(printable(steering), String.raw`a\u001b[2J\u009b1m\u202eb\u2028c\u000ad\u007f`);
  assert.equal(printable("Größe, 面積 👩‍🔬"), "Größe, 面積 👩‍🔬");
  assert.equal(shown(steering), quoted(steering));
  assert.equal(shown([steering]), `[${quoted(steering)}]`);
  const long = "x".repeat(8e6);
  for (const text of [quoted(long), printable(long), shown(long), shown([long]), shown({ long })]) {
    assert.ok(text.length < 70 && /\.\.\."?$/.test(text), text.slice(0, 100));
  }
  assert.deepEqual(
    [undefined, null, Infinity, true, [1, 2]].map(shown),
    ["nothing", "null", "Infinity", "true", "[1,2]"],
  );
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
  requireInteger("count", 9, "rows", 1, 9);
  assert.throws(() => requireInteger("count", 10, "rows", 1, 9), {
    name: "RangeError",
    message: "Cannot count: found 10 rows, need an integer from 1 to 9",
  });
});
