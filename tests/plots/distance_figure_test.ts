import assert from "node:assert/strict";
import { distanceFigure } from "../../lib/plots/distance_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf } from "./svg_marks.ts";

/** Mean 5 and standard deviation 2, by hand. */
const DISTANCES = [2, 4, 4, 4, 5, 5, 7, 9];
const SEARCHES = [1, 1, 1, 2, 2, 2].map((lambda, i) => ({
  lambda,
  seconds: lambda * (i + 1) / 10,
}));

interface Layer {
  readonly data: { readonly values: Record<string, number>[] };
}

Deno.test("distanceFigure fits the Gaussian of the sample and marks the thresholds", async () => {
  const spec = distanceFigure(DISTANCES, SEARCHES, { lambdas: [1, 1.5], bins: 7 });
  const [{ layer }] = spec.hconcat as { layer: Layer[] }[];
  const [bars, curve, thresholds] = layer.map(({ data }) => data.values);
  assert.deepEqual(bars.map(({ candidates }) => candidates), [1, 0, 3, 2, 0, 1, 1]);
  assert.deepEqual(bars.map(({ from, to }) => [from, to])[6], [8, 9]);
  assert.deepEqual(thresholds.map(({ distance, name }) => [distance, name]), [
    [7, "λ = 1"],
    [8, "λ = 1.5"],
  ]);
  // Eight candidates in bars of width 1: the top is 8 / (2 √(2π)), and it stands at the mean.
  const top = curve.reduce((best, point) => point.candidates > best.candidates ? point : best);
  assert.ok(Math.abs(top.candidates - 8 / (2 * Math.sqrt(2 * Math.PI))) < 0.01);
  assert.ok(Math.abs(top.distance - 5) < 0.1);

  const svg = await renderSvg(spec);
  assert.equal(countText(svg, "a) mean 5.0000, standard deviation 2.00"), 1);
  assert.equal(countText(svg, "candidates (of 8)"), 1);
  assert.equal(countText(svg, "λ = 1.5"), 1);
});

Deno.test("distanceFigure draws a box and the points of every λ", async () => {
  const svg = await renderSvg(distanceFigure(DISTANCES, SEARCHES));
  assert.equal(countText(svg, "b) 3 searches per λ"), 1);
  assert.equal(countText(svg, "time (s, logarithmic)"), 1);
  assert.equal(marksOf(svg, "symbol").flat().length, SEARCHES.length);
  const linear = distanceFigure(DISTANCES, [{ lambda: 1, seconds: 0 }], { timeScale: "linear" });
  assert.equal(countText(await renderSvg(linear), "b) 1 search per λ"), 1);
});

Deno.test("distanceFigure draws distances that are all the same", async () => {
  const svg = await renderSvg(distanceFigure([3, 3, 3], SEARCHES));
  assert.equal(countText(svg, "candidates (of 3)"), 1);
});

Deno.test("distanceFigure refuses what it cannot draw", () => {
  assert.throws(() => distanceFigure([], SEARCHES), {
    name: "RangeError",
    message: "Cannot draw a distribution of distances: found no values, need at least one",
  });
  assert.throws(() => distanceFigure(DISTANCES, []), /^RangeError: Cannot draw time against λ/);
  assert.throws(() => distanceFigure(DISTANCES, [{ lambda: 1, seconds: 0 }]), {
    name: "RangeError",
    message:
      "Cannot draw time against λ: found 0 seconds, need more than 0 for a logarithmic scale",
  });
});
