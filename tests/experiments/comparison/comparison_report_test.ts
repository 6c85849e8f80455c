import assert from "node:assert/strict";
import type { ComparisonScore } from "../../../lib/experiments/comparison/comparison.ts";
import {
  comparisonReport,
  comparisonScoreRows,
} from "../../../lib/experiments/comparison/comparison_report.ts";
import type { ComparisonDescription } from "../../../lib/experiments/comparison/comparison_introduction.ts";
import { htmlReportOf } from "../../../lib/experiments/comparison/comparison_html.ts";
import { renderReport } from "../../../lib/reports/html_report.ts";
import { reportMarkdown, type ReportTable } from "../../../lib/reports/markdown.ts";

function scored(dataset: string, name: string, seed: number, value: number): ComparisonScore {
  const own = name === "ours";
  return {
    ...{ name, dataset, seed, value, testRows: 100 },
    ...{ fitSeconds: own ? 10 * seed : 1, predictSeconds: 0.1, modelBytes: own ? 2_500_000 : 1e6 },
    ...{ weights: own ? 12345 : null, density: own ? 0.05 : null, flops: own ? 1.5e9 : null },
  };
}

/** Ours is a point better than the trees on a and c, and as good as one of them on b. */
const scores = [
  ["a", [0.9, 0.89, 0.85]],
  ["b", [0.7, 0.7, 0.65]],
  ["c", [0.6, 0.59, 0.55]],
].flatMap(([dataset, means]) =>
  ["ours", "trees", "stump"].flatMap((name, n) =>
    [1, 2].map((seed) =>
      scored(dataset as string, name, seed, (means as number[])[n] + (seed === 1 ? 0.01 : -0.01))
    )
  )
);

const description: ComparisonDescription = {
  title: "Ours and others",
  testFraction: 0.25,
  contenders: { ours: {} },
  libraries: ["scikit-learn 1.2.3"],
  datasets: Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      name,
      { rows: 4000, features: 7, textFeatures: 0, missingCells: 0, classes: 3, testRows: null },
    ]),
  ),
};

function table(name: string, of = scores): ReportTable {
  const { parts } = comparisonReport(of, description);
  return parts.find((part) => part.kind === "table" && part.name === name) as ReportTable;
}

Deno.test("methods stand by mean rank, with their distance to the first contender and its p", () => {
  assert.deepEqual(table("overall").columns.slice(-4), [
    ...["points to ours", "95 % interval", "p", "shown"],
  ]);
  // Of two pairs that differ, both for ours: 2 of 4 assignments of signs, to either side. Of three: 2
  // of 8, which Holm doubles; the larger p may not be below that.
  assert.deepEqual(table("overall").rows, [
    ["ours", "73.33", "1.17", "2.5", "", "", "", ""],
    // Of −1, 0 and −1: the mean ± 4.303 times a third, by Student's t with two degrees of freedom.
    ["trees", "72.67", "1.83", "0.5", "−0.67", "−2.10 to +0.77", "0.500", "not shown"],
    ["stump", "68.33", "3.00", "0", "−5.00", "−5.00 to −5.00", "0.500", "not shown"],
  ]);
});

Deno.test("a difference is shown to either side by its adjusted p alone", () => {
  const many = Array.from(
    { length: 9 },
    (_, d) =>
      ([["ours", 0.7], ["better", 0.8], ["worse", 0.6]] as const).map(([name, value]) => ({
        ...scores[0],
        dataset: `${d}`,
        name,
        value: value + d / 1000,
      })),
  ).flat();
  // 2 / 2⁹, doubled.
  assert.deepEqual(table("overall", many).rows.map((row) => row.slice(-2)), [
    ["0.008", "higher"],
    ["", ""],
    ["0.008", "lower"],
  ]);
});

Deno.test("where probabilities were scored, a table has their log loss, and the means where all have it", () => {
  assert.equal(table("log-loss"), undefined);
  const loss = { ours: 0.25, trees: 0.5, stump: 1 } as Record<string, number>;
  const all = scores.map((score) => ({
    ...score,
    logLoss: loss[score.name] + (score.seed === 1 ? 0.01 : -0.01),
  }));
  assert.deepEqual(table("log-loss", all).rows[1], ["b", "**0.2500**", "0.5000", "1.0000"]);
  assert.deepEqual(table("overall", all).columns.slice(3, 5), ["wins", "mean log loss"]);
  assert.deepEqual(table("overall", all).rows.map((row) => row[4]), ["0.2500", "0.5000", "1.0000"]);
  assert.deepEqual(table("overall-log-loss", all).rows, [
    ["ours", "0.2500", "", "", "", ""],
    ["trees", "0.5000", "+0.2500", "+0.2500 to +0.2500", "0.500", "not shown"],
    ["stump", "1.0000", "+0.7500", "+0.7500 to +0.7500", "0.500", "not shown"],
  ]);
  // A seed without one leaves no mean that could be compared.
  const some = all.map(({ logLoss, ...score }) =>
    score.name === "trees" && score.seed === 2 ? score : { ...score, logLoss }
  );
  assert.deepEqual(table("log-loss", some).rows[1], ["b", "**0.2500**", "–", "1.0000"]);
  assert.deepEqual(table("overall", some).columns, table("overall").columns);
  assert.equal(table("overall-log-loss", some), undefined);
  assert.deepEqual(comparisonScoreRows(some).slice(0, 4).map(({ logLoss }) => logLoss), [
    ...[0.26, 0.24, 0.51, null],
  ]);
});

Deno.test("on every data set the best are bold, beside half of the 95 % interval", () => {
  // Two seeds have no interval.
  assert.deepEqual(table("scores").rows[1], ["b", "**70.00**", "**70.00**", "65.00"]);
  assert.match(
    reportMarkdown(comparisonReport(scores, description)),
    /Two seeds have no interval\./,
  );
  const third = scores.filter(({ seed }) => seed === 1)
    .map((score) => ({ ...score, seed: 3, value: score.value - 0.01 }));
  // Student's t of two degrees of freedom is 4.3027 at 0.975; the standard error is 0.57735 points.
  const half = "± 2.48";
  assert.deepEqual(table("scores", [...scores, ...third]).rows[1], [
    "b",
    `**70.00** ${half}`,
    `**70.00** ${half}`,
    `65.00 ${half}`,
  ]);
});

Deno.test("only methods of ours have a table of costs, with the others' seconds beside", () => {
  const { title, rows, columns } = table("cost-1");
  assert.equal(title, "What ours costs");
  assert.deepEqual(columns.slice(-3), ["model MB", "fit s, trees", "fit s, stump"]);
  assert.deepEqual(rows[0], ["a", "5.00", "12,345", "1.50e+9", "15", "2.50", "1", "1"]);
  assert.equal(table("cost-2"), undefined);
});

Deno.test("the report says what was compared, and what is still to be run", () => {
  const markdown = reportMarkdown(comparisonReport(scores.slice(0, -1), description));
  assert.match(markdown, /^# Ours and others\n\n3 methods \(ours; trees; stump\) on 3 data sets/);
  assert.match(markdown, /seeds 1, 2\. /);
  assert.match(markdown, /Test rows are 25 % of the rows, drawn anew for every seed/);
  assert.match(markdown, /scikit-learn 1\.2\.3/);
  assert.match(markdown, /\*\*Not run yet: stump on c \(seed 2\)\.\*\*/);
  assert.match(markdown, /!\[[^\]]+\]\(critical-difference\.svg\)/);
  assert.match(markdown, /\| a \| 4,000 \| 7 \| 0 \| 0 \| 3 \| held out \|/);
});

/** The names of a report's figures. */
function figures(of: readonly ComparisonScore[]): string[] {
  return comparisonReport(of, description).parts
    .flatMap((part) => part.kind === "figure" ? [part.name] : []);
}

Deno.test("two methods have ranks and no critical difference", () => {
  const two = scores.filter(({ name }) => name !== "stump");
  assert.deepEqual(figures(scores), ["critical-difference", "score-seconds"]);
  assert.deepEqual(figures(two), ["score-seconds"]);
  assert.deepEqual(table("overall", two).rows[0].slice(0, 3), ["ours", "73.33", "1.17"]);
});

Deno.test("what took no time that a clock shows is not drawn against time", () => {
  const quick = scores.map((score) => ({ ...score, fitSeconds: score.name === "ours" ? 1 : 0 }));
  assert.deepEqual(figures(quick), ["critical-difference"]);
});

Deno.test("a single data set has a ranking with intervals over its seeds, and no p", () => {
  const one = scores.filter(({ dataset }) => dataset === "a");
  assert.deepEqual(figures(one), ["score-seconds"]);
  assert.deepEqual(table("overall", one).rows.map((row) => row.at(-1)), ["", "", ""]);
  const third = one.filter(({ seed }) => seed === 1).map((score) => ({
    ...score,
    seed: 3,
    // The difference of trees to ours is −1, −1 and −4 points, in another order than the scores.
    value: score.value - (score.name === "trees" ? 0.03 : 0),
  }));
  const three = [...third, ...one];
  // The mean is −2, the deviation √3; t is 4.302653. The variance of the mean is a third and, as a quarter of
  // the rows is held out, another third (Nadeau and Bengio): √3 · √(2/3) · 4.302653 = 6.0849.
  assert.deepEqual(table("overall", three).rows.map((row) => row.slice(4)), [
    ["", "", "", ""],
    ["−2.00", "−8.08 to +4.08", "", ""],
    ["−5.00", "−5.00 to −5.00", "", ""],
  ]);
  const text = reportMarkdown(comparisonReport(three, description));
  assert.match(text, /Student's over the seeds, wider for the rows that the splits share \(Nadeau/);
  // Test rows of their own are the same for every seed: √3 · √(1/3) · 4.302653.
  const own = { ...description.datasets!.a, testRows: 100 };
  const { parts } = comparisonReport(three, { ...description, datasets: { a: own } });
  const overall = parts.find((part) => part.kind === "table") as ReportTable;
  assert.equal(overall.rows[1][5], "−6.30 to +2.30");
});

Deno.test("sentences say what is shown, by the tests alone", () => {
  const many = Array.from(
    { length: 9 },
    (_, d) =>
      ([["ours", 0.7], ["better", 0.8], ["a, b", 0.6], ["same", d % 2 ? 0.71 : 0.69]] as const).map(
        (
          [name, value],
        ) => ({
          ...scores[0],
          dataset: `${d}`,
          name,
          value: value + d / 1000,
          logLoss: 1 - value,
        }),
      ),
  ).flat();
  const markdown = reportMarkdown(comparisonReport(many, { contenders: { ours: {} } }));
  assert.ok(markdown.includes(
    'By accuracy, ours is shown to be ahead of "a, b"; it is shown to be behind better; it is not ' +
      'shown to differ from same. By log loss, ours is shown to be ahead of "a, b"; it is shown to ' +
      "be behind better; it is not shown to differ from same.",
  ));
});

Deno.test("the costs of all methods stand side by side", () => {
  // Median seconds of ours are 15 on every data set; predicting 100 rows takes 0.1 seconds.
  assert.deepEqual(table("costs").columns, [
    ...["method", "fit s", "times ours", "prediction µs a row", "model MB"],
  ]);
  assert.deepEqual(table("costs").rows, [
    ["ours", "15", "", "1000", "2.50"],
    ["trees", "1", "0.0667", "1000", "1.00"],
    ["stump", "1", "0.0667", "1000", "1.00"],
  ]);
});

Deno.test("the search of a tuned method is told: how much it tried, and how long it took", () => {
  const name = "LightGBM, tuned in as many seconds";
  const tuned = [1, 2].map((seed) => ({
    ...scored("a", name, seed, 0.9),
    fitSeconds: 9 * seed,
    tuning: { configurations: 4 * seed, trees: 100, budgetSeconds: 10 * seed },
  }));
  const all = [...scores.filter(({ dataset }) => dataset === "a"), ...tuned];
  const text = reportMarkdown(comparisonReport(all, { ...description, equalBudget: "ours" }));
  assert.match(text, /random search .* until the processor seconds of ours on the same rows/);
  assert.match(
    text,
    /it tried 6 \(4 to 8\) configurations and took 90 % \(90 % to 90 %\) of the seconds it had, medians of 2 /,
  );
  const row = comparisonScoreRows(all).at(-1)!;
  assert.deepEqual([row.configurations, row.budgetSeconds], [8, 20]);
});

Deno.test("a report in HTML has its sections, figures and marks", async () => {
  const report = comparisonReport(scores, description);
  const { title, lead, sections } = htmlReportOf(report);
  assert.equal(title, "Ours and others");
  assert.match(lead!, /^3 methods \(ours; trees; stump\)/);
  const tables = report.parts.flatMap((part) => part.kind === "table" ? [part.title] : []);
  assert.deepEqual(sections.map(({ title }) => title), tables);
  const html = await renderReport({ title, sections });
  assert.equal(html.match(/<figure /g)!.length, 2);
  assert.match(html, /<td class="number"[^>]*>70\.00 ★<\/td>/);
  assert.doesNotMatch(html, /\*\*/);
});

Deno.test("scores alone are enough for a report, no score is not", () => {
  const markdown = reportMarkdown(comparisonReport(scores));
  assert.match(markdown, /^# Comparison\n/);
  assert.doesNotMatch(markdown, /undefined|NaN|## Data sets/);
  assert.throws(() => comparisonReport([]), /^RangeError: Cannot report a comparison: found no/);
});

Deno.test("how missing values and text were treated is said where there were any", () => {
  assert.doesNotMatch(reportMarkdown(comparisonReport(scores, description)), /Missing|Text:/);
  const a = { ...description.datasets!.a, missingCells: 3, textFeatures: 1 };
  const mixed = { ...description, datasets: { ...description.datasets, a } };
  const markdown = reportMarkdown(comparisonReport(scores, mixed));
  assert.match(markdown, /Missing values: .* forests get the medians\. Text: one input for every/);
  assert.match(markdown, /that the others share, for all methods alike\./);
  const boosted = scores.map((score) =>
    score.name === "trees" ? { ...score, name: "XGBoost" } : score
  );
  const native = reportMarkdown(comparisonReport(boosted, mixed));
  assert.match(native, /says so; XGBoost takes them as they are; forests get the medians\./);
  const two = scores.map((score) => ({
    ...score,
    name: {
      ours: "ours",
      trees: "CatBoost",
      stump: "LightGBM, tuned in as many seconds",
    }[score.name]!,
  }));
  assert.match(
    reportMarkdown(comparisonReport(two, mixed)),
    /says so; CatBoost and "LightGBM, tuned in as many seconds" take them as they are;/,
  );
  assert.match(native, /share, for all but XGBoost\. It takes categories as such;/);
});

Deno.test("R² is no percentage", () => {
  const numbers = scores.map((score) => ({ ...score, task: "regression" as const }));
  const markdown = reportMarkdown(comparisonReport(numbers, description));
  assert.match(
    markdown,
    /\| method \| mean R² \| mean rank \| wins \| R² to ours \| 95 % interval \| p \|/,
  );
  assert.match(markdown, /\| ours \| 0\.7333 \| 1\.17 \|/);
  assert.match(markdown, /\| trees \| 0\.7267 \| 1\.83 \| 0\.5 \| −0\.0067 \|/);
  assert.doesNotMatch(markdown, /accuracy|classes|stratified/i);
  assert.ok("r2" in comparisonScoreRows(numbers)[0]);
  const one = numbers.filter(({ seed }) => seed === 1);
  assert.match(
    reportMarkdown(comparisonReport(one)),
    /\| b \| \*\*0\.7100\*\* \| \*\*0\.7100\*\* \|/,
  );
  assert.throws(
    () => comparisonReport([...numbers, scores[0]]),
    /^RangeError: Cannot compare methods: found 1 accuracies and 18 R², need one or the other$/,
  );
});

Deno.test("every score is a row of data", () => {
  const rows = comparisonScoreRows(scores);
  assert.equal(rows.length, 18);
  assert.deepEqual(
    Object.keys(rows[0]).slice(0, 6),
    ["dataset", "method", "seed", "accuracy", "testRows", "fitSeconds"],
  );
});
