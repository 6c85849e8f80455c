import assert from "node:assert/strict";
import { heatmapFigure } from "../../lib/plots/heatmap_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** The two ends of Viridis. */
const NEAREST = "rgb(68, 1, 84)";
const FARTHEST = "rgb(253, 231, 37)";

const near = { title: "Dist-TSE", distances: [[0.9, 0.91], [0.92, 0.93]] };
const far = { title: "FD-TSE", distances: [[0.97, 0.98], [0.99, 0.96]] };

Deno.test("heatmapFigure draws a cell per distance, all panels on one stated scale", async () => {
  const svg = await renderSvg(heatmapFigure([near, far]));
  const colours = marksOf(svg, "rect").flat().map(({ fill }) => fill);
  assert.equal(new Set(colours).size, 8);
  assert.equal(colours[0], NEAREST);
  assert.equal(colours[6], FARTHEST);
  for (const text of ["Dist-TSE", "FD-TSE", "0.900 to 0.930", "0.960 to 0.990"]) {
    assert.equal(countText(svg, text), 1, text);
  }
  assert.equal(countText(svg, "0.900"), 1);
  assert.equal(countText(svg, "0.990"), 1);
  assert.equal(countText(svg, "w1"), 4);
  assert.match(svg, />NNSTD</);
});

Deno.test("heatmapFigure draws on a given scale, or on one per panel", async () => {
  const given = marksOf(await renderSvg(heatmapFigure([near, far], { domain: [0, 1] })), "rect");
  assert.ok(given.flat().every(({ fill }) => fill !== NEAREST && fill !== FARTHEST));
  const own = await renderSvg(heatmapFigure([near, far], { domain: "panel" }));
  assert.equal(marksOf(own, "rect").flat().filter(({ fill }) => fill === FARTHEST).length, 2);
  for (const end of ["0.900", "0.930", "0.960", "0.990"]) assert.equal(countText(own, end), 1, end);
});

Deno.test("heatmapFigure refuses to draw nothing", () => {
  assert.throws(
    () => heatmapFigure([]),
    /^RangeError: Cannot draw a heatmap of distances: found no/,
  );
  assert.throws(() => heatmapFigure([near, { title: "SET", distances: [] }]), {
    name: "RangeError",
    message: "Cannot draw the heatmap of SET: found no values, need at least one",
  });
});
