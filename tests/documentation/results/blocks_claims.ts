/**
 * What results/README.md says of blocks: its table, and the parts of sentences with figures. Whether
 * something is shown follows from the reports.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../../lib/experiments/comparison/comparison_report.ts";
import type { ReportTable } from "../../../lib/reports/mod.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { comparison, fixed, gain, range, type RecordOfAny, WORDS } from "../records.ts";

const STUDY = "blocks/modern";

/** FD-TSE with the paper's recipe, whose networks without blocks are those of an earlier comparison. */
const PAPER = "blocks/paper";
const [PAPER_BLOCKS, PAPER_NONE] = ["FD-TSE, blocks of 8", "FD-TSE, no blocks"];

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

/** Where one network is ahead of the other by more than half a point, in the order of the alphabet. */
function aheadOn(study: string, one: string, other: string): string[] {
  const { perDataset, datasets } = comparison(study);
  const score = (wanted: string, dataset: string) =>
    perDataset.find(({ name, dataset: of }) => name === wanted && of === dataset)!.score.estimate;
  return datasets.filter((dataset) => score(one, dataset) > score(other, dataset) + 0.005)
    .toSorted();
}

/** What results/README.md says of FD-TSE with the paper's recipe. */
export function paperBlockClaims(): string[] {
  const { scores, description } = readComparison(`${ROOT}results/${PAPER}`);
  const { parts } = comparisonReport(scores, description);
  const table = parts.find((part) => part.kind === "table" && part.name === "overall");
  const { data } = table as ReportTable;
  const [blocks, none] = [PAPER_BLOCKS, PAPER_NONE].map((name) =>
    data.find(({ method }) => method === name) as RecordOfAny
  );
  const earlier = readComparison(`${ROOT}results/comparison/before`).scores
    .filter(({ name }) => name === "Sparsemble, paper (FD-TSE)");
  const copied = scores.filter(({ name }) => name === PAPER_NONE);
  assert.deepEqual(copied, earlier.map((score) => ({ ...score, name: PAPER_NONE })));
  const again = readComparison(`${ROOT}results/${PAPER}/again`).scores;
  const changes = again.map(({ dataset, seed, value }) =>
    100 * (value - copied.find((one) => one.dataset === dataset && one.seed === seed)!.value)
  ).toSorted((a, b) => b - a);
  assert.equal(changes.length, 2);
  return [
    `on the same ${comparison(PAPER).datasets.length} data sets and seeds`,
    `has ${fixed(100 * blocks.mean, 2)} % in blocks of eight and ${fixed(100 * none.mean, 2)} %`,
    `${gain(100 * none.difference, 2)} points (${range(100 * none.low, 100 * none.high, 2)})`,
    `for networks without blocks, ${none.shown} (p = ${fixed(none.adjustedP, 3)})`,
    `behind by more than half a point on ${aheadOn(PAPER, PAPER_NONE, PAPER_BLOCKS).join(", ")}`,
    `ahead by more than half a point on ${aheadOn(PAPER, PAPER_BLOCKS, PAPER_NONE).join(", ")}`,
    `were ${fixed(changes[0], 1)} points above and ${fixed(-changes[1], 1)} points below`,
  ];
}

/** What results/README.md says of the modern base. */
export function blockClaims(): string[] {
  const [, alone, drawn] = overall("overall");
  const [, aloneLoss, drawnLoss] = overall("overall-log-loss");
  const { datasets } = comparison(STUDY);
  const behind = aheadOn(STUDY, NONE, BLOCKS);
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
