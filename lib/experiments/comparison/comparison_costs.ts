/**
 * The costs of a comparison's methods: of all side by side, of one on every data set, and as a figure.
 *
 * @module
 */
import { costFigure } from "../../plots/mod.ts";
import type { Column, ReportFigure, ReportPart, ReportTable, Value } from "../../reports/mod.ts";
import { NOT_RUN, tableOf, textOr } from "../../reports/mod.ts";
import { mean, median } from "../../statistics/mod.ts";
import { countOf } from "../results/mod.ts";
import type { ComparisonScore } from "./comparison.ts";
import type { ComparisonDescription } from "./comparison_introduction.ts";
import {
  type ComparisonSummary,
  type DatasetScore,
  datasetsOf,
  scoreOf,
} from "./comparison_summary.ts";
import { TUNED_PEER } from "./peer_table.ts";

/** The costs of a method over the data sets on which every method was run. */
interface MethodCost {
  readonly method: string;
  /** The mean of the processor seconds of fitting. */
  readonly fitSeconds: number;
  /** The median of these seconds / the reference's seconds; `null` if the reference has none. */
  readonly timesReference: number | null;
  /** The median of the processor microseconds of predicting a row. */
  readonly predictMicroseconds: number;
  /** The median of the bytes of the stored model. */
  readonly modelBytes: number;
}

/**
 * A table of every method with its costs, the best mean rank first. Empty if there is no data set on which
 * all methods were run.
 */
export function costParts(
  summary: ComparisonSummary,
  reference: string,
  scores: readonly ComparisonScore[],
): ReportPart[] {
  const { overall, datasets } = summary;
  if (datasets.length === 0) return [];
  const costs = overall.map(({ name }) => costOf(name, summary, reference));
  const table: ReportTable = {
    kind: "table",
    name: "costs",
    title: datasets.length === 1
      ? `What the methods cost on ${datasets[0]}`
      : `What the methods cost over ${datasets.length} data sets`,
    ...tableOf<MethodCost, string>(costs, [
      ["method", ({ method }) => method],
      ["fit s", ({ fitSeconds }) => short(fitSeconds)],
      [
        `times ${reference}`,
        ({ method, timesReference }) =>
          method === reference ? "" : textOr("", timesReference, short),
      ],
      ["prediction µs a row", ({ predictMicroseconds }) => short(predictMicroseconds)],
      ["model MB", ({ modelBytes }) => (modelBytes / 1e6).toFixed(2)],
    ]),
    data: costs.map((cost): Record<string, Value> => ({ ...cost })),
  };
  const text = [
    ...datasets.length === 1 ? [] : [
      "Fit s is a mean over the data sets, in which the largest weigh most; the other columns are medians.",
    ],
    ...tuningSentences(scores, datasets),
  ].join(" ");
  return [
    table,
    ...text === "" ? [] : [{ kind: "text", text } as const],
    ...costFigureParts(summary, costs),
  ];
}

function costOf(name: string, summary: ComparisonSummary, reference: string): MethodCost {
  const { datasets } = summary;
  const own = datasets.map((dataset) => scoreOf(summary, dataset, name)!);
  const quotients = own.map(({ dataset, medians }) =>
    medians.fitSeconds / scoreOf(summary, dataset, reference)!.medians.fitSeconds
  );
  return {
    method: name,
    fitSeconds: mean(own.map(({ medians }) => medians.fitSeconds)),
    timesReference: quotients.every(Number.isFinite) ? median(quotients) : null,
    predictMicroseconds: median(own.map(({ medians, testRows }) => (
      1e6 * medians.predictSeconds / testRows
    ))),
    modelBytes: median(own.map(({ medians }) => medians.modelBytes)),
  };
}

function short(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

/** Sentences on the work of the tuned LightGBM, and on its used share of its budget. */
function tuningSentences(
  scores: readonly ComparisonScore[],
  datasets: readonly string[],
): string[] {
  const tuned = scores.flatMap(({ dataset, fitSeconds, tuning }) =>
    tuning === undefined || !datasets.includes(dataset) ? [] : [{ fitSeconds, ...tuning }]
  );
  if (tuned.length === 0) return [];
  const counts = tuned.map(({ configurations }) => configurations).sort((a, b) => a - b);
  const shares = tuned.map(({ fitSeconds, budgetSeconds }) => 100 * fitSeconds / budgetSeconds)
    .sort((a, b) => a - b);
  const extent = (values: readonly number[], text: (value: number) => string) =>
    values.length === 1
      ? text(values[0])
      : `${text(median(values))} (${text(values[0])} to ${text(values.at(-1)!)})`;
  const percent = (value: number) => `${Math.round(value)} %`;
  const many = tuned.length === 1 ? "" : `, medians of ${tuned.length} searches with their extent`;
  return [
    `${TUNED_PEER.name}: it tried ${extent(counts, short)} configurations and took ` +
    `${extent(shares, percent)} of the seconds it had${many}.`,
  ];
}

/** Scores against seconds. There is no figure if the measured time of a method is 0. */
function costFigureParts(
  { overall, datasets, measure, perDataset }: ComparisonSummary,
  costs: readonly MethodCost[],
): ReportFigure[] {
  if (costs.length < 2 || costs.some(({ fitSeconds }) => !(fitSeconds > 0))) return [];
  const isOwn = (name: string) =>
    perDataset.some((score) => score.name === name && score.medians.weights !== null);
  const where = datasets.length === 1 ? `on ${datasets[0]}` : `over ${datasets.length} data sets`;
  const name = `${measure.name[0].toUpperCase()}${measure.name.slice(1)}`;
  const title = `${name} against seconds of fitting, ${where}`;
  const points = overall.map(({ name, meanScore }, o) => ({
    name,
    series: isOwn(name) ? "this library" : "other libraries",
    cost: costs[o].fitSeconds,
    score: measure.factor * meanScore,
  }));
  // The order gives the series the same colours, whichever method is best.
  points.sort((a, b) => Number(a.series !== "this library") - Number(b.series !== "this library"));
  return [{
    kind: "figure",
    name: "score-seconds",
    caption: `${title}. Further up is better, further left is cheaper.`,
    spec: costFigure(points, {
      title,
      costs: "processor seconds of fitting (logarithmic)",
      scores: `mean ${measure.name}${measure.unit}`,
    }),
  }];
}

/** A contender's hidden layers by data set. Empty if they are the same on all data sets. */
function widthsOf(name: string, { contenders = {} }: ComparisonDescription): Map<string, string> {
  const own = Object.entries(contenders[name]?.onDatasets ?? {});
  return new Map(
    own.flatMap(([dataset, { hidden }]) =>
      hidden === undefined ? [] : [[dataset, hidden.join(", ")]]
    ),
  );
}

/** A table of the costs of one of this library's methods on every data set. */
export function costTable(
  summary: ComparisonSummary,
  name: string,
  names: readonly string[],
  description: ComparisonDescription,
): ReportTable {
  const widths = widthsOf(name, description);
  const others = names.filter((other) => other !== name);
  const seconds = (score: DatasetScore | undefined) =>
    score === undefined ? NOT_RUN : short(score.medians.fitSeconds);
  const scored = datasetsOf(summary).flatMap((dataset) => scoreOf(summary, dataset, name) ?? []);
  const hidden: Column<DatasetScore, string> = [
    "hidden neurons",
    ({ dataset }) => widths.get(dataset) ?? "",
  ];
  const other = (name: string): Column<DatasetScore, string> => [
    `fit s, ${name}`,
    ({ dataset }) => seconds(scoreOf(summary, dataset, name)),
  ];
  return {
    kind: "table",
    name: `cost-${names.indexOf(name) + 1}`,
    title: `What ${name} costs`,
    ...tableOf(scored, [
      ["data set", ({ dataset }) => dataset],
      ...widths.size === 0 ? [] : [hidden],
      [
        "density %",
        ({ medians }) => textOr("", medians.density, (value) => (100 * value).toFixed(2)),
      ],
      ["stored weights", ({ medians }) => textOr("", medians.weights, countOf)],
      ["training FLOPs", ({ medians }) => medians.flops?.toExponential(2) ?? ""],
      ["fit s", seconds],
      ["model MB", ({ medians }) => (medians.modelBytes / 1e6).toFixed(2)],
      ...others.map(other),
    ]),
    data: scored.map(({ dataset, medians }): Record<string, Value> => ({ dataset, ...medians })),
  };
}
