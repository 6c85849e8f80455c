/**
 * What results/README.md and README.md say of sparse and dense networks: the table, and the parts of
 * sentences with figures. Whether something is shown follows from the report.
 *
 * @module
 */
import { readComparison } from "../../../lib/experiments/comparison/comparison_folder.ts";
import { comparisonReport } from "../../../lib/experiments/comparison/comparison_report.ts";
import type { ReportTable } from "../../../lib/reports/mod.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { comparison, fixed, gain, type RecordOfAny } from "../records.ts";
import { DENSE, SPARSE } from "./widths.ts";

const SEEDS = 3;
const ORDER = [SPARSE, ...Object.values(DENSE)];

function overall(table: "overall" | "overall-log-loss"): RecordOfAny[] {
  const { scores, description } = readComparison(`${ROOT}results/why_sparse`);
  const { parts } = comparisonReport(scores, description);
  const found = parts.find((part) => part.kind === "table" && part.name === table) as ReportTable;
  return ORDER.map((name) => found.data.find(({ method }) => method === name));
}

/** The networks over the data sets that all have, without the head. Costs are means over the data sets. */
export function whySparseTable(names: readonly string[]): string[][] {
  const { perDataset, datasets } = comparison("why_sparse");
  const losses = overall("overall-log-loss");
  return overall("overall").map((row, n) => {
    const cost = (of: "weights" | "flops" | "fitSeconds") =>
      mean(
        perDataset.filter(({ name, dataset }) => name === ORDER[n] && datasets.includes(dataset))
          .map(({ medians }) => medians[of]!),
      );
    const to = ({ difference, shown }: RecordOfAny, factor: number, digits: number) =>
      difference === null ? "" : `${gain(factor * difference, digits)}, ${shown}`;
    return [
      names[n],
      fixed(100 * row.mean, 2),
      to(row, 100, 2),
      fixed(losses[n].meanLogLoss, 3),
      to(losses[n], 1, 3),
      `${fixed(cost("weights") / 1e3, 0)} k`,
      fixed(cost("flops") / 1e12, 2),
      fixed(cost("fitSeconds"), 1),
    ];
  });
}

/** A verdict of the table from the sparse networks' side. */
function verdict({ shown }: RecordOfAny, worse: "lower" | "higher"): string {
  return shown === worse ? "shown" : shown === "not shown" ? shown : "the opposite is shown";
}

/** Verdicts on the three dense networks in a sentence. */
function against([weights, times4, seconds]: readonly string[]): string {
  return weights === times4 && times4 === seconds
    ? `${weights} against any of the three`
    : `${weights} against as many weights, ${times4} against four times as many and ${seconds} ` +
      `against the same training time`;
}

/** What README.md and results/README.md say. */
export function whySparseClaims(): { readme: string[]; results: string[] } {
  const { scores } = readComparison(`${ROOT}results/why_sparse`);
  const { datasets, perDataset } = comparison("why_sparse");
  const needed = 16 * SEEDS * ORDER.length;
  const [, ...points] = overall("overall");
  const [, ...losses] = overall("overall-log-loss");
  const accurate = points.map((row) => verdict(row, "lower"));
  const probable = losses.map((row) => verdict(row, "higher"));
  const score = (name: string, dataset: string) =>
    perDataset.find((one) => one.name === name && one.dataset === dataset)!.score.estimate;
  const ahead = Object.values(DENSE).map((name) =>
    datasets.filter((dataset) => score(SPARSE, dataset) > score(name, dataset)).length
  );
  return {
    results: [
      ...scores.length === needed ? [] : [
        `There are ${scores.length} of the ${needed} runs here, on ${datasets.length} data sets; ` +
        "seeds 2 and 3 are not run on all of them",
      ],
      `That the sparse networks are more accurate is ${against(accurate)}`,
      `ahead on ${ahead[0]}, ${ahead[1]} and ${ahead[2]} of ${datasets.length} sets`,
      `That their log loss is less is ${against(probable)}`,
    ],
    readme: [
      `are behind by ${fixed(-100 * points[2].difference, 1)} points (${accurate[2]}) and ` +
      `${fixed(losses[2].difference, 3)} in log loss (${probable[2]}) on ${datasets.length} sets`,
    ],
  };
}
