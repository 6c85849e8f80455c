import assert from "node:assert/strict";
import { renderSvg } from "../../lib/plots/render.ts";
import { scalingFigure } from "../../lib/plots/scaling_figure.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** A cost that grows with the size, and one that grows with its square. */
const points = [1000, 2000, 4000].flatMap((size) => [
  { series: "FD-TSE", source: "ours", size, seconds: size / 1e5, deviation: size / 1e6 },
  { series: "Dist-TSE", source: "ours", size, seconds: (size / 1e4) ** 2, deviation: null },
  { series: "FD-TSE", source: "paper", size, seconds: size / 1e4, deviation: 0 },
]);

Deno.test("scalingFigure draws powers of the size as straight lines of that slope", async () => {
  const svg = await renderSvg(scalingFigure(points));
  const lines = marksOf(svg, "line").flat();
  assert.equal(lines.length, 3);
  const slopes = lines.map(({ d }) => {
    const [a, b, c] = [...d.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [+x, +y]);
    const slope = (from: number[], to: number[]) => (from[1] - to[1]) / (to[0] - from[0]);
    assert.ok(Math.abs(slope(a, b) - slope(b, c)) < 0.01);
    return slope(a, c);
  }).sort((a, b) => a - b);
  assert.ok(Math.abs(slopes[0] - slopes[1]) < 0.01);
  assert.ok(Math.abs(slopes[2] / slopes[0] - 2) < 0.02, `${slopes}`);
});

Deno.test("scalingFigure names series, sources, sizes and units, and draws bars", async () => {
  const svg = await renderSvg(scalingFigure(points));
  const texts = ["FD-TSE", "Dist-TSE", "ours", "paper", "1,000", "4,000", "time (s, logarithmic)"];
  for (const text of texts) assert.equal(countText(svg, text), 1, text);
  assert.equal(marksOf(svg, "rule").flat().length, 3);
  // One source needs no legend, and a bar that would reach 0 is cut.
  const few = scalingFigure([{ ...points[0], deviation: 1 }]);
  assert.equal(countText(await renderSvg(few), "ours"), 0);
  const { layer } = few as { layer: { data: { values: { low: number }[] } }[] };
  assert.equal(layer[0].data.values[0].low, points[0].seconds / 3);
  assert.match(await renderSvg(scalingFigure([{ ...points[0], deviation: null }])), /FD-TSE/);
});

Deno.test("scalingFigure refuses what has no logarithm", () => {
  assert.throws(
    () => scalingFigure([]),
    /^RangeError: Cannot draw time against size: found no values/,
  );
  assert.throws(() => scalingFigure([{ ...points[0], seconds: 0 }]), {
    name: "RangeError",
    message:
      "Cannot draw time against size: FD-TSE takes 0 seconds at size 1000, need numbers above 0 for " +
      "a logarithmic scale",
  });
});
