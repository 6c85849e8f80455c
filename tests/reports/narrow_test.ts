/** Reports on a phone, on light and dark screens: nothing is beyond the edge, everything can be read. */
import assert from "node:assert/strict";
import { assessmentBlocks } from "../../lib/experiments/results/assessment_tables.ts";
import { importanceReport } from "../../lib/experiments/results/importance_report.ts";
import { accuracyFigure } from "../../lib/plots/accuracy_figure.ts";
import { criticalDifferenceFigure } from "../../lib/plots/critical_difference_figure.ts";
import { heatmapFigure } from "../../lib/plots/heatmap_figure.ts";
import { renderNarrowSvg, svgWidth } from "../../lib/plots/narrow_figure.ts";
import { resultsFigure } from "../../lib/plots/results_figure.ts";
import { renderSvg } from "../../lib/plots/render.ts";
import { assessClasses, assessNumbers } from "../../lib/prediction/assessment.ts";
import { randomStream } from "../../lib/random.ts";
import { renderReport, type Report } from "../../lib/reports/html_report.ts";
import { browser } from "../browser.ts";
import { PHONE, seenOnPhone } from "./phone.ts";

const random = randomStream(1, "report on a phone");
const names = ["brickface", "cement", "foliage", "grass", "a class with quite a long name indeed"];

function classes() {
  const labels = Int32Array.from({ length: 300 }, () => random.below(5));
  const probabilities = new Float32Array(1500);
  labels.forEach((label, row) => {
    const logits = names.map((_, c) => Math.exp(random.normal() + (c === label ? 2 : 0)));
    const sum = logits.reduce((sum, each) => sum + each, 0);
    logits.forEach((each, c) => probabilities[5 * row + c] = each / sum);
  });
  return assessClasses(probabilities, labels, names);
}

function numbers() {
  const targets = Float64Array.from({ length: 200 }, () => 1e5 * random.float());
  return assessNumbers(targets.map((target) => target + 5e3 * random.normal()), targets, 5e4);
}

const epochs = Array.from({ length: 60 }, (_, i) => ({
  ...{ epoch: i + 1, member: i < 30 ? 0 : 1, phase: i < 10 ? "exploration" : "refinement 1" },
  ...{ accuracy: 0.5 + i / 200, validationAccuracy: 0.5 + i / 220 },
}));
const bar = { loss: 0.2, low: 0.1, high: 0.3, losses: [0.1, 0.3], strength: 0.5, inputs: 1 };
const columns = ["width", "a_column_with_a_long_name_as_they_are"].map((column) => ({
  column,
  ...bar,
}));
const found = { measure: "accuracy", score: 0.9, rows: 300, repeats: 2, columns } as const;
const results = ["pol", "wine"].flatMap((group) =>
  ["FD-TSE, learningRate 0.01", "SET-MLP"].map((label, i) => (
    { group, label, series: "runs", estimate: 74 - i, low: 73 - i, high: 75 - i }
  ))
);
const ranks = {
  ...{ methods: ["FD-TSE", "RD-TSE", "EDST_RG"], meanRanks: [1.2, 1.9, 2.9] },
  ...{ criticalDifference: 1.2, groups: [[0, 1], [1, 2]] },
};

const FIGURES = {
  accuracy: accuracyFigure(epochs, {
    title: "FD-TSE, ε = 20, seed 1 on a table with a long name",
    kept: [28, 55],
    ensembleAccuracy: 0.8,
  }),
  results: resultsFigure(results, { interval: "bars: 95 % intervals, over seeds or test rows" }),
  heatmap: heatmapFigure(
    [0, 1].map((i) => ({ title: `${i}`, distances: [[0.1, 0.2], [0.3, 0.4]] })),
  ),
  ranks: criticalDifferenceFigure(ranks),
};

const REPORT: Report = {
  title: "Everything_that_a_report_may_have, with a_name_that_does_not_break",
  sections: [
    { title: "Classes", blocks: assessmentBlocks(classes(), "class") },
    { title: "Numbers", blocks: assessmentBlocks(numbers(), "price") },
    ...importanceReport(found, "").sections,
    {
      title: "Figures",
      blocks: Object.values(FIGURES).map((spec) => ({ kind: "figure", spec, caption: "Below" })),
    },
    {
      title: "Tables",
      blocks: [{
        kind: "table",
        table: {
          columns: ["data set", "method", "sparsity", "seeds", "accuracy (%)", "95 % interval (%)"],
          rows: [["gesture-phase", "FD-TSE, learningRate 0.01", "ε = 20", 3, "74.5", "73 to 76"]],
        },
      }, {
        kind: "table",
        table: {
          columns: ["setting", "value"],
          rows: [["file", `/home/somebody/${"folder".repeat(20)}/table.csv`]],
        },
      }, { kind: "code", text: `deno task train ${"--config config.json ".repeat(8)}` }],
    },
  ],
};

for (const look of ["light", "dark"] as const) {
  Deno.test({
    name: `a report can be read on a phone with a ${look} screen (needs chromium)`,
    ignore: browser === null,
    fn: async () => {
      const seen = await seenOnPhone(await renderReport(REPORT), look);
      assert.equal(seen.window, PHONE);
      assert.ok(seen.width <= PHONE, `${seen.width} pixels wide`);
      assert.deepEqual(seen.outside, []);
      assert.equal(seen.ground, look === "light" ? "rgb(255, 255, 255)" : "rgb(23, 24, 26)");
      const drawn = seen.texts.filter(({ inFigure }) => inFigure);
      assert.ok(drawn.length > 100 && seen.texts.length > drawn.length + 100);
      for (const { text, height, contrast } of seen.texts) {
        // WCAG 2.2, success criterion 1.4.3.
        assert.ok(contrast >= 4.5, `"${text}" has a contrast of ${contrast}`);
        assert.ok(height >= 10, `"${text}" is ${height} pixels high`);
      }
      // The accuracy of a study is seen without scrolling aside: a card names what it shows.
      assert.ok(seen.texts.some(({ text }) => text === "74.5"));
      // A blank page of this size takes some 12,000 bytes.
      assert.ok(seen.png.length > 100_000, `${seen.png.length} bytes`);
    },
  });
}

Deno.test("a figure for a narrow screen says what the wide one says, below each other", async () => {
  // A title of several lines has an element for each of them.
  const words = (svg: string) =>
    new Set(
      [...svg.matchAll(/<text.*?<\/text>/gs)].flatMap(([text]) =>
        text.replaceAll(/<[^>]*>/g, " ").split(/\s+/)
      ),
    );
  for (const [name, spec] of Object.entries(FIGURES)) {
    const [wide, narrow] = await Promise.all([renderSvg(spec), renderNarrowSvg(spec, 340)]);
    assert.ok(svgWidth(narrow) < svgWidth(wide), name);
    const shown = words(narrow);
    // Ticks may be fewer, and names shortened.
    const lost = [...words(wide)].filter((word) => !/\d/.test(word) && !shown.has(word));
    assert.ok(
      lost.every((word) => name === "results" && "learningRate".startsWith(word)),
      `${lost}`,
    );
  }
  assert.ok(svgWidth(await renderNarrowSvg(FIGURES.results, 340)) <= 340);
});
