/** Numbers as the page shows them. */
import assert from "node:assert/strict";
import { notationsOf } from "../../lib/data/table/mod.ts";
import {
  counted,
  duration,
  percent,
  plain,
  size,
  ticks,
  written,
} from "../../lib/playground/page/numbers.ts";

Deno.test("numbers have as many digits as tell them from others", () => {
  const shown = [0, 9, -3.14159, 1234.5678, 210_200.4, 12_345_678, 0.01, 0.0000123, 4e12].map((n) =>
    plain(n)
  );
  assert.deepEqual(shown, [
    ...["0", "9", "-3.142", "1235", "210,200", "12,345,678", "0.01", "1.23e-5", "4.00e+12"],
  ]);
  assert.equal(percent(0.97835), "97.8 %");
  assert.deepEqual([counted(1, "row"), counted(2310, "row")], ["1 row", "2,310 rows"]);
  assert.deepEqual([1, 999, 530_123, 64e6].map(size), ["1 byte", "999 bytes", "530 kB", "64.0 MB"]);
  assert.deepEqual([2.64, 42.3, 300, 7200].map(duration), ["2.6 s", "42 s", "5 min", "2 h"]);
});

Deno.test("numbers are written as in their table", () => {
  const [day] = notationsOf("2024-01-05");
  assert.equal(written(0, day), "2024-01-05");
  assert.equal(written(31, day), "2024-02-05");
  assert.equal(written(37_800, { kind: "time" }), "10:30");
  assert.equal(written(1, { kind: "boolean" }), "true");
  assert.equal(written(210_200, { kind: "point", sign: "$" }), "$210,200");
  assert.equal(written(5, { kind: "comma", sign: "EUR" }), "EUR 5");
  assert.equal(written(12.5, { kind: "point", sign: "%" }), "12.5 %");
  assert.equal(written(12.5, null), "12.5");
});

Deno.test("axes have round numbers within their range", () => {
  assert.deepEqual(ticks(0, 2), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(ticks(0.199, 1), [0.25, 0.5, 0.75, 1]);
  assert.deepEqual(ticks(-30, 1000), [0, 500, 1000]);
  assert.deepEqual(ticks(5, 5), [5]);
});
