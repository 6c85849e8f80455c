import assert from "node:assert/strict";
import { confusionFigure } from "../../lib/plots/confusion_figure.ts";
import { importanceFigure } from "../../lib/plots/importance_figure.ts";
import { predictionFigure } from "../../lib/plots/prediction_figure.ts";
import { reliabilityFigure } from "../../lib/plots/reliability_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { countText, marksOf, textsOf } from "./svg_marks.ts";

/** The place of a mark. */
function placeOf({ transform }: Record<string, string>): [x: number, y: number] {
  const [x, y] = /translate\(([^)]*)\)/.exec(transform)![1].split(",").map(Number);
  return [x, y];
}

Deno.test("confusionFigure writes every count into a cell, darker the more of its class it holds", async () => {
  const svg = await renderSvg(confusionFigure(["no", "yes"], [[40, 2], [70, 310]]));
  for (const count of ["40", "2", "70", "310"]) assert.equal(countText(svg, count), 1, count);
  assert.ok(countText(svg, "true class") === 1 && countText(svg, "predicted class") === 1);
  const [cells] = marksOf(svg, "rect");
  const light = cells.map(({ fill }) => /\d+/g[Symbol.match](fill)!.reduce((s, n) => s + +n, 0));
  // no as no, no as yes, yes as no, yes as yes.
  assert.ok(light[0] < light[3] && light[3] < light[2] && light[2] < light[1], `${light}`);
});

Deno.test("confusionFigure leaves the counts of many classes to their colours", async () => {
  const classes = Array.from({ length: 13 }, (_, c) => `class ${c}`);
  const confusion = classes.map((_, c) => classes.map((_, k) => c === k ? 777 : 0));
  const svg = await renderSvg(confusionFigure(classes, confusion));
  assert.equal(countText(svg, "777"), 0);
  assert.equal(marksOf(svg, "rect")[0].length, 169);
});

Deno.test("reliabilityFigure places each bin at its confidence and accuracy", async () => {
  const bins = [
    { confidence: 0.5, accuracy: 0.25, low: 0.1, high: 0.5, rows: 10 },
    { confidence: 1, accuracy: 1, low: 0.9, high: 1, rows: 90 },
  ];
  const svg = await renderSvg(reliabilityFigure(bins, { size: 200 }));
  const [points] = marksOf(svg, "symbol");
  assert.deepEqual(points.map(placeOf), [[100, 150], [200, 0]]);
  assert.equal(marksOf(svg, "rule")[0].length, 2);
  assert.equal(countText(svg, "predicted right (%)"), 1);
});

Deno.test("predictionFigure draws each row twice: against the truth, and its residual", async () => {
  const svg = await renderSvg(predictionFigure([[1, 2], [2, 2], [4, 3]], { quantity: "price" }));
  const [against, residuals] = marksOf(svg, "symbol").map((marks) => marks.map(placeOf));
  assert.equal(against.length, 3);
  // The truth grows to the right; residuals of −1, 0 and 1 rise by equal steps.
  assert.ok(against[0][0] < against[1][0] && against[1][0] < against[2][0]);
  const [first, second, third] = residuals.map(([, y]) => y);
  assert.ok(first > second && Math.abs((first - second) - (second - third)) < 1e-6);
  assert.equal(countText(svg, "predicted price"), 2);
});

Deno.test("importanceFigure keeps the order of the columns, and draws both kinds of importance", async () => {
  const columns = ["width", "a", "noise"].map((column, i) => ({
    ...{ column, drop: 10 - 5 * i, low: 9 - 5 * i, high: 11 - 5 * i, strength: 0.6 - 0.2 * i },
  }));
  const svg = await renderSvg(importanceFigure(columns));
  const names = textsOf(svg).filter((text) => ["width", "a", "noise"].includes(text));
  assert.deepEqual(names, ["width", "a", "noise", "width", "a", "noise"]);
  assert.deepEqual(marksOf(svg, "rect").map(({ length }) => length), [3, 3]);
  assert.equal(marksOf(svg, "rule")[0].length, 3);
});

Deno.test("figures of nothing are refused", () => {
  const nothing = /found no values, need at least one/;
  assert.throws(() => confusionFigure([], []), nothing);
  assert.throws(() => reliabilityFigure([]), nothing);
  assert.throws(() => predictionFigure([]), nothing);
  assert.throws(() => importanceFigure([]), nothing);
  assert.throws(() => predictionFigure([[1, NaN]]), /value 1 is NaN, need finite numbers/);
});

Deno.test("predictionFigure takes more rows than a function has arguments", () => {
  const rows = Array.from({ length: 200_000 }, (_, row) => [row, row + row % 3] as const);
  const text = JSON.stringify(predictionFigure(rows));
  // The line from the least to the greatest number.
  assert.ok(text.includes('[{"target":0,"predicted":0},{"target":200000,"predicted":200000}]'));
});
