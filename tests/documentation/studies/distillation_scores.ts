/**
 * The table of docs/methods.md with what a distilled member keeps of its ensemble's gain, from the scores of
 * results/distillation.
 *
 * @module
 */
import { randomStream } from "../../../lib/random.ts";
import { bootstrap, mean, percentileInterval } from "../../../lib/statistics/mod.ts";
import { readText } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import type { Table } from "../code_tables.ts";
import { fixed } from "../records.ts";

const HEAD = [
  "data set",
  "one member, %",
  "ensemble, %",
  "distilled, %",
  "share of the gain",
  "share of the gain in log loss",
];

/** The scores of one table and seed. */
export interface DistillationRun {
  readonly dataset: string;
  readonly seed: number;
  readonly scores: Readonly<Record<string, { accuracy: number; logLoss: number; weights: number }>>;
}

/** The runs of the study. */
export function distillationRuns(): DistillationRun[] {
  const [head, ...lines] = readText(`${ROOT}results/distillation/scores.csv`).trim().split("\n")
    .map((line) => line.split(","));
  const runs = new Map<string, DistillationRun>();
  for (const cells of lines) {
    const of = Object.fromEntries(head.map((name, c) => [name, cells[c]]));
    const key = `${of.dataset} ${of.seed}`;
    const { scores } = runs.get(key) ?? { scores: {} };
    const score = {
      accuracy: Number(of.accuracy),
      logLoss: Number(of.logLoss),
      weights: Number(of.weights),
    };
    runs.set(key, {
      dataset: of.dataset,
      seed: Number(of.seed),
      scores: { ...scores, [of.model]: score },
    });
  }
  return [...runs.values()];
}

/** The gain of the distilled member over one member, as a share of the ensemble's: of the sums over runs. */
export function gainShare(runs: readonly DistillationRun[], of: "accuracy" | "logLoss"): number {
  const gain = (model: string) =>
    runs.reduce((sum, { scores }) => sum + scores[model][of] - scores.member[of], 0);
  return gain("distilled") / gain("ensemble");
}

/** A row for every data set, then one for all of them with intervals. */
export function distillationTable(): Table {
  const runs = distillationRuns();
  const percent = (own: readonly DistillationRun[], model: string) =>
    fixed(100 * mean(own.map(({ scores }) => scores[model].accuracy)), 2);
  const rowOf = (name: string, own: readonly DistillationRun[], share: typeof shareText) => [
    name,
    ...["member", "ensemble", "distilled"].map((model) => percent(own, model)),
    share(own, "accuracy"),
    share(own, "logLoss"),
  ];
  const names = [...new Set(runs.map(({ dataset }) => dataset))];
  return [
    HEAD,
    ...names.map((name) => rowOf(name, runs.filter((run) => run.dataset === name), shareText)),
    rowOf("all", runs, withInterval),
  ];
}

function shareText(runs: readonly DistillationRun[], of: "accuracy" | "logLoss"): string {
  return fixed(gainShare(runs, of), 2);
}

/**
 * The share, with the interval that holds 95 % of those of bootstrap samples of the data sets. Runs of one
 * data set have most of their rows in common: they are drawn together.
 */
function withInterval(runs: readonly DistillationRun[], of: "accuracy" | "logLoss"): string {
  const share = gainShare(runs, of);
  const groups = [...Map.groupBy(runs, ({ dataset }) => dataset).values()];
  const shares = bootstrap(
    groups.length,
    10_000,
    randomStream(1, "distillation"),
    (drawn) => gainShare(Array.from(drawn, (group) => groups[group]).flat(), of),
  );
  const { low, high } = percentileInterval(share, shares);
  return `${fixed(share, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
}
