import assert from "node:assert/strict";
import { criticalDifferenceFigure } from "../../lib/plots/critical_difference_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { nemenyi } from "../../lib/statistics/nemenyi.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** Demšar's table 6: C4.5 and its variants on 14 datasets, at 90 %. */
const methods = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"];
const meanRanks = [3.143, 2.000, 2.893, 1.964];
const { criticalDifference, groups } = nemenyi(meanRanks, 14, 0.9);
const comparison = { methods, meanRanks, criticalDifference, groups };

Deno.test("criticalDifferenceFigure stands methods at their ranks and joins Demšar's groups", async () => {
  const svg = await renderSvg(criticalDifferenceFigure(comparison, { width: 300 }));
  for (
    const text of [
      "C4.5 (3.14)",
      "C4.5+m (2.00)",
      "C4.5+cf (2.89)",
      "C4.5+m+cf (1.96)",
      "critical difference 1.12",
    ]
  ) assert.equal(countText(svg, text), 1, text);
  // The axis has 100 pixels per rank; lines are drawn by method.
  const starts = marksOf(svg, "line").flat().map(({ d }) => +/^M([\d.]+),0/.exec(d)![1]);
  assert.deepEqual(starts.toSorted((a, b) => a - b), [96.4, 100, 189.3, 214.3]);
  const [bars, bracket] = marksOf(svg, "rule");
  const lengths = bars.map(({ x2 }) => Math.abs(+x2));
  assert.deepEqual(groups, [[3, 1, 2], [2, 0]]);
  // Bars reach 0.04 ranks beyond the methods that they join.
  assert.deepEqual(lengths.map((length) => length.toFixed(1)), ["100.9", "33.0"]);
  assert.equal(Math.abs(+bracket[0].x2).toFixed(1), (100 * criticalDifference).toFixed(1));
});

Deno.test("criticalDifferenceFigure draws no bars where all differ, and names twice alike", async () => {
  const svg = await renderSvg(criticalDifferenceFigure({
    methods: ["one", "one", "three"],
    meanRanks: [1, 2, 3],
    criticalDifference: 0.5,
    groups: [],
  }));
  assert.equal(marksOf(svg, "line").flat().length, 3);
  assert.equal(countText(svg, "one (1.00)"), 1);
  assert.equal(countText(svg, "one (2.00)"), 1);
});

Deno.test("criticalDifferenceFigure refuses ranks of other methods", () => {
  assert.throws(() => criticalDifferenceFigure({ ...comparison, methods: ["C4.5"] }), {
    name: "TypeError",
    message: "Cannot draw mean ranks: found 1 methods and 4 ranks, need equally many",
  });
});
