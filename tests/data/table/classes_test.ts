import assert from "node:assert/strict";
import { sortClasses } from "../../../lib/data/table/classes.ts";

Deno.test("classes are sorted by code point, lone surrogates and beginnings of others included", () => {
  const classes = [
    "",
    "a",
    "a\ud834",
    "a\ud834\ud834",
    "a\ud834z",
    "a\uffff",
    "a𝄞",
    "a𝄞\ud834",
    "ab",
  ];
  const expected = classes.toSorted((a, b) => {
    const [left, right] = [a, b].map((text) => [...text].map((letter) => letter.codePointAt(0)!));
    const differs = left.findIndex((point, k) => point !== right[k]);
    return differs < 0 ? -1 : differs >= right.length ? 1 : left[differs] - right[differs];
  });
  assert.deepEqual(sortClasses(classes.toReversed()), expected);
  assert.deepEqual(sortClasses(classes), expected);
});

Deno.test("classes of 50 million letters are compared without arrays of their letters", () => {
  const long = "x".repeat(50_000_000);
  assert.deepEqual(
    sortClasses([`${long}b`, long, `${long}a`]).map((name) => name.slice(50_000_000)),
    [
      "",
      "a",
      "b",
    ],
  );
});
