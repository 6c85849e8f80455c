import assert from "node:assert/strict";
import { renderSvg } from "../../lib/plots/render.ts";
import { resultsFigure } from "../../lib/plots/results_figure.ts";
import { countText, marksOf } from "./svg_marks.ts";

const results = ["pol", "wine"].flatMap((group) =>
  ["FD-TSE", "SET-MLP"].flatMap((label, i) => [
    { group, label, series: "ours", estimate: 74 - i, low: 73 - i, high: 75 - i },
    { group, label, series: "paper", estimate: 73 - i, low: null, high: null },
  ])
);

Deno.test("resultsFigure draws a panel per group with ours beside the paper's", async () => {
  const svg = await renderSvg(resultsFigure(results, { title: "Table 1", interval: "bars: 95 %" }));
  for (const text of ["Table 1", "bars: 95 %", "pol", "wine", "ours", "paper"]) {
    assert.equal(countText(svg, text), 1, text);
  }
  for (const text of ["FD-TSE", "SET-MLP", "test accuracy (%)"]) {
    assert.equal(countText(svg, text), 2);
  }
  assert.deepEqual(marksOf(svg, "symbol").map(({ length }) => length), [4, 4]);
  assert.deepEqual(marksOf(svg, "rule").map(({ length }) => length), [2, 2]);
  // Two series stand side by side on a line, not one on the other.
  const places = marksOf(svg, "symbol")[0].map(({ transform }) => transform.split(",")[1]);
  assert.equal(new Set(places).size, 4);
});

Deno.test("resultsFigure places a larger result farther right", async () => {
  const points = [1, 5, 3].map((estimate) => ({
    ...{ group: "", label: `${estimate}`, series: "ours" },
    ...{ estimate, low: null, high: null },
  }));
  const svg = await renderSvg(resultsFigure(points));
  const places = marksOf(svg, "symbol")[0].map(({ transform }) => +/[\d.]+/.exec(transform)![0]);
  assert.ok(places[0] < places[2] && places[2] < places[1], `${places}`);
  // One series needs no legend.
  assert.equal(countText(svg, "ours"), 0);
});

Deno.test("resultsFigure refuses to draw nothing", () => {
  assert.throws(() => resultsFigure([]), {
    name: "RangeError",
    message: "Cannot draw results: found no values, need at least one",
  });
});
