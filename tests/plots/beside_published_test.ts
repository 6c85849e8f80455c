import assert from "node:assert/strict";
import { besidePublished } from "../../lib/plots/beside_published.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf } from "./svg_marks.ts";

Deno.test("besidePublished draws ours with intervals and the published values, a line each", async () => {
  const svg = await renderSvg(besidePublished([
    { label: "FD-TSE", ours: 74.1, low: 73.5, high: 74.7, published: 73.4 },
    { label: "EDST_RG", ours: 71, low: null, high: null, published: 71.8 },
    { label: "Dense ensemble", ours: null, low: null, high: null, published: 54 },
  ], "accuracy [%]"));
  for (const text of ["FD-TSE", "EDST_RG", "Dense ensemble", "accuracy [%]", "ours", "paper"]) {
    assert.equal(countText(svg, text), 1, text);
  }
  assert.equal(marksOf(svg, "symbol").flat().length, 5);
});

Deno.test("besidePublished does without intervals", async () => {
  const row = { label: "FD-TSE", ours: 74.1, low: null, high: null, published: null };
  const svg = await renderSvg(besidePublished([row], "accuracy [%]"));
  assert.equal(marksOf(svg, "symbol").flat().length, 1);
});

Deno.test("besidePublished refuses to draw nothing", () => {
  const row = { label: "FD-TSE", ours: null, low: null, high: null, published: null };
  assert.throws(
    () => besidePublished([row], "accuracy [%]"),
    /^RangeError: Cannot draw values beside published ones: found no values/,
  );
});
