/**
 * What results/README.md says of blocks: its table, and the parts of sentences with figures. Whether
 * something is shown follows from the reports.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../lib/experiments/comparison/comparison_report.ts";
import type { ReportTable } from "../../lib/reports/mod.ts";
import { mean } from "../../lib/statistics/mod.ts";
import { ROOT } from "../tasks/run_task.ts";
import { comparison, fixed, gain, range, type RecordOfAny, WORDS } from "./records.ts";

const STUDY = "blocks/modern";

/** The networks of the study, those with blocks first, as the page calls them. */
const NETWORKS: Readonly<Record<string, string>> = {
  "Blocks of 8, evolving": "blocks, evolving",
  "No blocks, evolving": "no blocks, evolving",
  "Blocks of 8, as drawn": "blocks, as drawn",
  "No blocks, as drawn": "no blocks, as drawn",
};
const [BLOCKS, NONE] = Object.keys(NETWORKS);

function overall(table: "overall" | "overall-log-loss"): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/${STUDY}`);
  const { parts } = comparisonReport(scores, description);
  const found = parts.find((part) => part.kind === "table" && part.name === table) as ReportTable;
  return Object.keys(NETWORKS).map((name) => found.data.find(({ method }) => method === name));
}

/** Processor seconds of a training: the mean over the data sets of the medians over seeds. */
function seconds(wanted: string): number {
  const { perDataset, datasets } = comparison(STUDY);
  return mean(
    perDataset.filter(({ name, dataset }) => name === wanted && datasets.includes(dataset))
      .map(({ medians }) => medians.fitSeconds!),
  );
}

/** A difference with its interval, and whether it is shown. */
function difference({ difference, low, high, shown }: RecordOfAny, factor: number, digits: number) {
  if (difference === null) return "";
  const interval = range(factor * low, factor * high, digits);
  return `${gain(factor * difference, digits)} (${interval}), ${shown}`;
}

/** The networks over the data sets that all have, without the head. */
export function blockTable(): string[][] {
  const losses = overall("overall-log-loss");
  return overall("overall").map((row, n) => [
    Object.values(NETWORKS)[n],
    fixed(100 * row.mean, 2),
    difference(row, 100, 2),
    fixed(losses[n].meanLogLoss, 4),
    difference(losses[n], 1, 4),
    fixed(seconds(Object.keys(NETWORKS)[n]), 1),
  ]);
}

/** The seeds that every network has on every data set. */
function seedsOfAll(): number {
  const { scores } = readComparison(`${ROOT}results/${STUDY}`);
  const { datasets } = comparison(STUDY);
  const counts = datasets.flatMap((wanted) =>
    Object.keys(NETWORKS).map((network) =>
      scores.filter(({ name, dataset }) => name === network && dataset === wanted).length
    )
  );
  assert.equal(Math.min(...counts), Math.max(...counts), "as many seeds for all");
  return counts[0];
}

/** A verdict on the networks of a row against evolving ones with blocks. */
function verdict({ shown }: RecordOfAny, { shown: ofLoss }: RecordOfAny): string {
  const accuracy = shown === "not shown" ? "is not shown to differ" : `is shown to be ${shown}`;
  const loss = ofLoss === "not shown" ? "is not shown to differ" : `is shown to be ${ofLoss}`;
  return `accuracy ${accuracy} and their log loss ${loss}`;
}

/** What results/README.md says. */
export function blockClaims(): string[] {
  const [, alone, drawn] = overall("overall");
  const [, aloneLoss, drawnLoss] = overall("overall-log-loss");
  const { perDataset, datasets } = comparison(STUDY);
  const score = (wanted: string, dataset: string) =>
    perDataset.find((one) => one.name === wanted && one.dataset === dataset)!.score.estimate;
  const behind = datasets.filter((dataset) => score(BLOCKS, dataset) < score(NONE, dataset) - 0.005)
    .toSorted();
  return [
    `on ${datasets.length} data sets, ${WORDS[seedsOfAll()]} seeds`,
    `Without blocks their ${verdict(alone, aloneLoss)}`,
    behind.length === 0
      ? "On no data set are they behind by more than half a point"
      : `With blocks they are behind by more than half a point on ${behind.join(", ")}`,
    `Where blocks stay as drawn their ${verdict(drawn, drawnLoss)}`,
    `the interval of the accuracy's mean ${drawn.high < 0 || drawn.low > 0 ? "ex" : "in"}cludes 0`,
    `took ${fixed(100 * seconds(BLOCKS) / seconds(NONE), 0)} % of the processor seconds`,
  ];
}
