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

/** The networks of a study, those with blocks first, as the page calls them. */
const STUDIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "blocks/modern": {
    "Blocks of 8, evolving": "blocks, evolving",
    "No blocks, evolving": "no blocks, evolving",
    "Blocks of 8, as drawn": "blocks, as drawn",
    "No blocks, as drawn": "no blocks, as drawn",
  },
  "blocks/paper": {
    "FD-TSE, blocks of 8": "FD-TSE, blocks",
    "FD-TSE, no blocks": "FD-TSE, no blocks",
  },
};

function overall(study: string, table: "overall" | "overall-log-loss"): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/${study}`);
  const { parts } = comparisonReport(scores, description);
  const found = parts.find((part) => part.kind === "table" && part.name === table) as ReportTable;
  return Object.keys(STUDIES[study]).map((name) =>
    found.data.find(({ method }) => method === name)
  );
}

/** Processor seconds of a training: the mean over the data sets of the medians over seeds. */
function seconds(study: string, wanted: string): number {
  const { perDataset, datasets } = comparison(study);
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
  return Object.entries(STUDIES).flatMap(([study, names]) => {
    const losses = overall(study, "overall-log-loss");
    return overall(study, "overall").map((row, n) => [
      Object.values(names)[n],
      fixed(100 * row.mean, 2),
      difference(row, 100, 2),
      fixed(losses[n].meanLogLoss, 4),
      difference(losses[n], 1, 4),
      fixed(seconds(study, Object.keys(names)[n]), 1),
    ]);
  });
}

/** The seeds that every network of a study has on every data set. */
function seedsOf(study: string): { seeds: number; datasets: number } {
  const { scores } = readComparison(`${ROOT}results/${study}`);
  const { datasets } = comparison(study);
  const counts = datasets.flatMap((wanted) =>
    Object.keys(STUDIES[study]).map((network) =>
      scores.filter(({ name, dataset }) => name === network && dataset === wanted).length
    )
  );
  assert.equal(Math.min(...counts), Math.max(...counts), `${study}: as many seeds for all`);
  return { seeds: counts[0], datasets: datasets.length };
}

/** The sentence on networks with blocks against the same ones without. */
function costOfBlocks(study: string, row: RecordOfAny, loss: RecordOfAny): string {
  const { seeds, datasets } = seedsOf(study);
  const lost = row.shown === "higher" || loss.shown === "lower";
  return `blocks cost ${lost ? "something that" : "nothing that"} is shown (${datasets} sets, ` +
    `${seeds === 1 ? "one seed" : `${WORDS[seeds]} seeds`})`;
}

/** What results/README.md says. */
export function blockClaims(): string[] {
  const [modern, paper] = Object.keys(STUDIES);
  const [, alone, drawn] = overall(modern, "overall");
  const [, aloneLoss, drawnLoss] = overall(modern, "overall-log-loss");
  const [, fd] = overall(paper, "overall");
  const [, fdLoss] = overall(paper, "overall-log-loss");
  const { perDataset, datasets } = comparison(modern);
  const score = (wanted: string, dataset: string) =>
    perDataset.find((one) => one.name === wanted && one.dataset === dataset)!.score.estimate;
  const [blocks, none] = Object.keys(STUDIES[modern]);
  const behind = datasets.filter((dataset) => score(blocks, dataset) < score(none, dataset) - 0.005)
    .toSorted();
  const share = (study: string) => {
    const [first, second] = Object.keys(STUDIES[study]);
    return fixed(100 * seconds(study, first) / seconds(study, second), 0);
  };
  const evolving = drawn.shown === "lower" || drawnLoss.shown === "higher";
  return [
    `With the modern base ${costOfBlocks(modern, alone, aloneLoss)}`,
    behind.length === 0
      ? "On no set are they behind by more than half a point"
      : `They are behind by more than half a point on ${behind.join(", ")}`,
    `With FD-TSE and the paper's recipe ${costOfBlocks(paper, fd, fdLoss)}`,
    `Networks whose blocks evolve are ${evolving ? "shown" : "not shown"} to be better than ` +
    `networks whose blocks stay as drawn`,
    `took ${share(modern)} % of the time of the same ones without`,
  ];
}
