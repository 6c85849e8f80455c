import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { type Cursor, scanDecimal } from "../../../lib/data/formats/decimal.ts";

/** The number at the beginning of a text, and where it ends. */
function scan(text: string): { value: number; end: number } {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const cursor: Cursor = { position: 0 };
  return { value: scanDecimal(bytes, cursor), end: cursor.position };
}

function assertAsNumber(text: string): void {
  const { value, end } = scan(text);
  assert.ok(Object.is(value, Math.fround(Number(text))), `${text}: found ${value}`);
  assert.equal(end, text.length, text);
}

Deno.test("scanDecimal reads every way to write a number as Number does", () => {
  for (
    const text of [
      ..."0 -0 +0 7 -12 +3.25 .5 5. -.5 0.000001 1e3 1E3 1e+3 1e-3 -1.5e-7 007 00.50".split(" "),
      "0.1",
      "123456789012345678901234567890",
      "0.333333333333333333333333333333333333",
      `0.${"0".repeat(60)}123`,
      `${"1".repeat(70)}e-70`,
      `0.${"3".repeat(500)}`,
      "1e-45",
      "7e-46",
      "1e-300",
      "1e-400",
      "1e400",
      "-1e400",
      "3.4028235e38",
      "3.4028236e38",
      "-3.5e38",
      "1e99999999999999999999",
      "1e-99999999999999999999",
      "0e99999999999999999999",
    ]
  ) assertAsNumber(text);
});

Deno.test("scanDecimal rounds twice as Number and Math.fround do, at and around halfway", () => {
  // 16777217 lies halfway between two floats; so does 1 + 2^-24, which has 24 decimals.
  const half = "1.000000059604644775390625";
  for (
    const text of [
      "16777217",
      "16777219",
      "33554434.0000000000000000000001",
      half,
      `${half}0000000000000000000000001`,
      "1.00000005960464477539062499999999999999999",
      "1.00000005960464477539",
      "1.401298464324817070923729583289916131280e-45",
      "7.00649232162408535461864791644958065640130970938257885878534e-46",
    ]
  ) assertAsNumber(text);
});

Deno.test("scanDecimal equals Math.fround(Number(text)) for doubles, floats and decimals", () => {
  const decimal = fc.tuple(
    fc.constantFrom("", "-", "+"),
    fc.stringMatching(/^[0-9]{0,40}$/),
    fc.stringMatching(/^[0-9]{1,40}$/),
    fc.option(fc.integer({ min: -330, max: 330 }), { nil: undefined }),
  ).map(([sign, whole, part, power]) =>
    `${sign}${whole}.${part}${power === undefined ? "" : `e${power}`}`
  );
  const text = fc.oneof(
    decimal,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    // Midpoints of neighbouring floats, exactly: the hardest cases.
    fc.integer({ min: 2 ** 23, max: 2 ** 24 - 1 }).map((n) => `${(2 * n + 1) / 2 ** 20}`),
    fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([n, k]) => (n / 1e6).toFixed(k)),
  );
  fc.assert(fc.property(text, assertAsNumber), { seed: 1, numRuns: 20_000 });
});

Deno.test("scanDecimal stops at the first byte that is no part of the number", () => {
  assert.deepEqual(scan("12,5"), { value: 12, end: 2 });
  assert.deepEqual(scan("1.5 "), { value: 1.5, end: 3 });
  assert.deepEqual(scan("1.2.3"), { value: Math.fround(1.2), end: 3 });
  assert.deepEqual(scan("0x10"), { value: 0, end: 1 });
});

Deno.test("scanDecimal gives NaN and stays where no number begins", () => {
  for (
    const text of ["", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "abc", "-x", " 1", "--1"]
  ) {
    assert.deepEqual(scan(text), { value: NaN, end: 0 }, text);
  }
});
