import { plural } from "../../messages.ts";
import { criticalDifferenceFigure, ranksTitle } from "../../plots/mod.ts";
import type {
  Column,
  MarkdownReport,
  ReportFigure,
  ReportPart,
  ReportTable,
  Value,
} from "../../reports/mod.ts";
import { NOT_RUN, pText, signed, tableOf, textOr } from "../../reports/mod.ts";
import { countOf } from "../results/mod.ts";
import { verdictSentence } from "./comparison_verdict.ts";
import { type Difference, differencesOverSeeds, differencesTo } from "./comparison_differences.ts";
import type { ComparisonScore } from "./comparison.ts";
import type { ComparedData, ComparisonDescription } from "./comparison_introduction.ts";
import { costParts, costTable } from "./comparison_costs.ts";
import { introduction } from "./comparison_introduction.ts";
import { measureOf, scoreText } from "./comparison_measure.ts";
import type { ComparisonSummary, DatasetScore } from "./comparison_summary.ts";
import { datasetsOf, scoreOf, summarizeComparison } from "./comparison_summary.ts";

/**
 * The report of a comparison. Equal scores in the same order give an equal report.
 *
 * @throws {RangeError} If there is no score, or some are accuracies and others R².
 */
export function comparisonReport(
  scores: readonly ComparisonScore[],
  description: ComparisonDescription = {},
): MarkdownReport {
  if (scores.length === 0) {
    throw new RangeError("Cannot report a comparison: found no score, need one");
  }
  const summary = summarizeComparison(scores);
  const names = [...new Set(scores.map(({ name }) => name))];
  const reference = referenceOf(scores, description);
  const own = names.filter((name) =>
    scores.some((score) => score.name === name && score.weights !== null)
  );
  return {
    title: description.title ?? "Comparison",
    parts: [
      { kind: "text", text: introduction(scores, summary, description) },
      ...overallParts(summary, reference, testPerTraining(summary, description)),
      scoreTable(summary, names),
      ...lossTable(summary, names),
      ...costParts(summary, reference, scores),
      ...own.map((name) => costTable(summary, name, names, description)),
      ...datasetTable(description, summary),
    ],
  };
}

/** The method with which the others are compared: the first contender that has scores. */
export function referenceOf(
  scores: readonly ComparisonScore[],
  { contenders = {} }: ComparisonDescription,
): string {
  const names = [...new Set(scores.map(({ name }) => name))];
  return Object.keys(contenders).find((name) => names.includes(name)) ??
    scores.find(({ weights }) => weights !== null)?.name ?? names[0];
}

/** Test rows / training rows on a single data set; 0 if the test rows are the same for every seed. */
function testPerTraining(
  { datasets: [dataset] }: ComparisonSummary,
  { testFraction, datasets = {} }: ComparisonDescription,
): number {
  const isDrawn = datasets[dataset]?.testRows === null && testFraction !== undefined;
  return isDrawn ? testFraction / (1 - testFraction) : 0;
}

function overallParts(
  summary: ComparisonSummary,
  reference: string,
  testPerTraining: number,
): ReportPart[] {
  const { overall, datasets, measure, test } = summary;
  if (datasets.length === 0) return [];
  const hasLoss = overall.every(({ meanLogLoss }) => meanLogLoss !== null);
  const tested = datasets.length === 1
    ? differencesOverSeeds(reference, summary, testPerTraining)
    : differencesTo(reference, summary, ({ score }) => score.estimate);
  const lossTested = hasLoss && datasets.length > 1
    ? differencesTo(reference, summary, ({ logLoss }) => logLoss!)
    : null;
  const data = overall.map(({ name, meanScore, meanRank, wins, meanLogLoss }, o) => ({
    method: name,
    mean: meanScore,
    meanRank,
    wins,
    ...hasLoss && { meanLogLoss },
    ...tested[o],
  }));
  const { factor, digits } = measure;
  const lossColumn: Column<typeof data[number], string> = [
    "mean log loss",
    ({ meanLogLoss }) => meanLogLoss!.toFixed(4),
  ];
  const table: ReportTable = {
    kind: "table",
    name: "overall",
    title: datasets.length === 1 ? `On ${datasets[0]}` : `Over ${datasets.length} data sets`,
    ...tableOf<typeof data[number], string>(data, [
      ["method", ({ method }) => method],
      [`mean ${measure.name}${measure.unit}`, ({ mean }) => scoreText(measure, mean)],
      ["mean rank", ({ meanRank }) => meanRank.toFixed(2)],
      ["wins", ({ wins }) => `${Number(wins.toFixed(2))}`],
      ...hasLoss ? [lossColumn] : [],
      [
        `${measure.difference} to ${reference}`,
        ({ difference }) => textOr("", difference, (value) => signed(factor * value, digits)),
      ],
      ...intervalColumn(data, (value) => signed(factor * value, digits)),
      ["p", ({ adjustedP }) => textOr("", adjustedP, pText)],
      ["shown", ({ shown }) => shown],
    ]),
    data,
  };
  const adjusted = tested.filter(({ adjustedP }) => adjustedP !== null).length;
  const text = [
    "Methods that tie for the best share a win.",
    ...datasets.length === 1 && tested.some(({ low }) => low !== null)
      ? [
        "The intervals of the differences are Student's over the seeds" +
        (testPerTraining > 0
          ? ", wider for the rows that the splits share (Nadeau and Bengio 2003)."
          : "."),
      ]
      : [],
    ...datasets.length > 1
      ? [
        `p: Wilcoxon's signed-rank test against ${reference}, paired over the data sets and ` +
        `two-sided, adjusted after Holm for ${plural(adjusted, "comparison")}. A difference ` +
        `is shown where it is below 0.05.`,
        ...datasets.length > 2
          ? [
            "The intervals of the mean differences are Student's over the data sets, each for itself.",
          ]
          : [],
      ]
      : [],
    ...test === null ? [] : [
      `Friedman's test that all methods rank alike: p = ${
        pText(test.pValue)
      }. Mean ranks further ` +
      `apart than ${test.criticalDifference.toFixed(2)} differ (Nemenyi, α = 0.05); nearer ones ` +
      `are not shown to differ.`,
    ],
  ].join(" ");
  const verdict = [
    verdictSentence(measure.name, reference, overall, tested, "higher"),
    ...lossTested === null
      ? []
      : [verdictSentence("log loss", reference, overall, lossTested, "lower")],
  ].join(" ");
  return [
    table,
    ...lossTested === null ? [] : [overallLossTable(summary, reference, lossTested)],
    { kind: "text", text },
    ...verdict === "" ? [] : [{ kind: "text", text: verdict } as const],
    ...figurePart(summary),
  ];
}

/** The differences in log loss, tested like the differences of scores. */
function overallLossTable(
  { overall, datasets }: ComparisonSummary,
  reference: string,
  tested: readonly Difference[],
): ReportTable {
  const data = overall.map(({ name, meanLogLoss }, o) => (
    { method: name, meanLogLoss: meanLogLoss!, ...tested[o] }
  ));
  return {
    kind: "table",
    name: "overall-log-loss",
    title: `Log loss over ${datasets.length} data sets: less is better`,
    ...tableOf<typeof data[number], string>(data, [
      ["method", ({ method }) => method],
      ["mean log loss", ({ meanLogLoss }) => meanLogLoss.toFixed(4)],
      [
        `difference to ${reference}`,
        ({ difference }) => textOr("", difference, (value) => signed(value, 4)),
      ],
      ...intervalColumn(data, (value) => signed(value, 4)),
      ["p", ({ adjustedP }) => textOr("", adjustedP, pText)],
      ["shown", ({ shown }) => shown],
    ]),
    data,
  };
}

/** The intervals of the mean differences, if there are any. */
function intervalColumn<Row extends Difference>(
  data: readonly Row[],
  text: (value: number) => string,
): Column<Row, string>[] {
  if (data.every(({ low }) => low === null)) return [];
  return [[
    "95 % interval",
    ({ low, high }) => textOr("", low, (value) => `${text(value)} to ${text(high!)}`),
  ]];
}

function figurePart({ overall, test, datasets }: ComparisonSummary): ReportFigure[] {
  if (test === null) return [];
  return [{
    kind: "figure",
    name: "critical-difference",
    caption: ranksTitle(datasets.length),
    spec: criticalDifferenceFigure({
      methods: overall.map(({ name }) => name),
      meanRanks: overall.map(({ meanRank }) => meanRank),
      ...test,
    }, { title: ranksTitle(datasets.length) }),
  }];
}

/** A table with one row per data set and one column per method. */
function tableByDataset(
  summary: ComparisonSummary,
  names: readonly string[],
  cell: (score: DatasetScore, others: readonly DatasetScore[]) => string,
): Pick<ReportTable, "columns" | "rows"> {
  const rows = datasetsOf(summary).map((dataset) => {
    const own = summary.perDataset.filter((score) => score.dataset === dataset);
    return [
      dataset,
      ...names.map((name) =>
        textOr(NOT_RUN, scoreOf(summary, dataset, name), (it) => cell(it, own))
      ),
    ];
  });
  return { columns: ["data set", ...names], rows };
}

function scoreTable(summary: ComparisonSummary, names: readonly string[]): ReportTable {
  const { perDataset, measure, measure: { name } } = summary;
  // Rounded, so that equal means tie in spite of their last bits.
  const rounded = ({ score }: DatasetScore) => Number(score.estimate.toFixed(12));
  return {
    kind: "table",
    name: "scores",
    title: `${name[0].toUpperCase()}${name.slice(1)}${measure.unit} on every data set`,
    ...tableByDataset(summary, names, (own, others) => {
      const { estimate, low, high } = own.score;
      const text = scoreText(measure, estimate);
      // One end of Student's interval may be cut at the limit of the score. The other end still has the
      // original distance from the mean.
      const far = own.values.length > 1
        ? Math.max(high - estimate, estimate - low)
        : (high - low) / 2;
      const half = Number.isNaN(low) ? "" : ` ± ${scoreText(measure, far)}`;
      const isBest = rounded(own) === Math.max(...others.map(rounded));
      return `${isBest ? `**${text}**` : text}${half}`;
    }),
    data: perDataset.map(({ dataset, name, score: { estimate, low, high, count } }) => (
      { dataset, method: name, estimate, low, high, count }
    )),
  };
}

/** The log loss of the methods that have one. There is no table if no method has. */
function lossTable(summary: ComparisonSummary, names: readonly string[]): ReportTable[] {
  const known = summary.perDataset.filter(({ logLoss }) => logLoss !== null);
  if (known.length === 0) return [];
  return [{
    kind: "table",
    name: "log-loss",
    title: "Log loss of the probabilities, in nats: less is better",
    ...tableByDataset(summary, names, ({ logLoss }, others) => {
      if (logLoss === null) return "–";
      const least = Math.min(...others.flatMap(({ logLoss }) => logLoss ?? []));
      return logLoss === least ? `**${logLoss.toFixed(4)}**` : logLoss.toFixed(4);
    }),
    data: known.map(({ dataset, name, logLoss }) => ({ dataset, method: name, logLoss })),
  }];
}

function datasetTable(
  { datasets = {} }: ComparisonDescription,
  summary: ComparisonSummary,
): ReportTable[] {
  const known = datasetsOf(summary).flatMap((name) =>
    datasets[name] === undefined ? [] : [{ name, ...datasets[name] }]
  );
  if (known.length === 0) return [];
  const regression = summary.measure.key === "r2";
  const classes: Column<ComparedData, string> = ["classes", ({ classes }) => `${classes}`];
  return [{
    kind: "table",
    name: "data",
    title: "Data sets",
    ...tableOf<typeof known[number], string>(known, [
      ["data set", ({ name }) => name],
      ["rows", ({ rows }) => countOf(rows)],
      ["features", ({ features }) => `${features}`],
      ["of text", ({ textFeatures }) => `${textFeatures}`],
      ["missing cells", ({ missingCells }) => countOf(missingCells)],
      ...regression ? [] : [classes],
      [
        "test rows",
        ({ testRows }) => textOr("held out", testRows, (count) => `${countOf(count)} of their own`),
      ],
    ]),
    data: known.map(({ digest: _, ...facts }): Record<string, Value> => facts),
  }];
}

/** Every score as a plain row, for other programs. */
export function comparisonScoreRows(
  scores: readonly ComparisonScore[],
): Readonly<Record<string, string | number | null>>[] {
  const { key } = measureOf(scores);
  const losses = scores.some(({ logLoss }) => logLoss !== undefined);
  const tuned = scores.some(({ tuning }) => tuning !== undefined);
  return scores.map((score) => ({
    dataset: score.dataset,
    method: score.name,
    seed: score.seed,
    [key]: score.value,
    testRows: score.testRows,
    ...losses && { logLoss: score.logLoss ?? null },
    fitSeconds: score.fitSeconds,
    predictSeconds: score.predictSeconds,
    modelBytes: score.modelBytes,
    weights: score.weights,
    density: score.density,
    flops: score.flops,
    ...tuned && {
      configurations: score.tuning?.configurations ?? null,
      budgetSeconds: score.tuning?.budgetSeconds ?? null,
    },
  }));
}
