import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { normalQuantile } from "../../lib/statistics/normal_quantile.ts";

const { normal }: { normal: { probabilities: number[]; quantiles: number[] } } = JSON.parse(
  readFileSync(new URL("../data/fixtures/scaling.json", import.meta.url), "utf8"),
);

Deno.test("normalQuantile agrees with SciPy to 14 digits, tails included", () => {
  normal.probabilities.forEach((p, i) => {
    const expected = normal.quantiles[i];
    const difference = Math.abs(normalQuantile(p) - expected);
    assert.ok(difference <= 1e-14 * Math.max(1, Math.abs(expected)), `${p}: off by ${difference}`);
  });
});

Deno.test("normalQuantile gives the ends, and NaN outside them", () => {
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
  assert.equal(normalQuantile(0.5), 0);
  for (const p of [-0.1, 1.1, NaN]) assert.ok(Number.isNaN(normalQuantile(p)), `${p}`);
});
