/**
 * Every part of a sentence with a figure of the ablation and of the calibration: results/README.md.
 *
 * @module
 */
import assert from "node:assert/strict";
import { pText } from "../../../lib/reports/mod.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { CONTENDERS } from "./result_tables.ts";
import { comparison, fixed } from "../records.ts";
import { listed, overallRows } from "./comparison_claims.ts";

const { modern: MODERN } = CONTENDERS;

/** What is said of the parts of the recipe, on the same data sets. */
export function ablationClaims(): string[] {
  const rows = overallRows("ablation").filter(({ pValue }) => pValue !== null);
  const { datasets, perDataset } = comparison("ablation");
  const operations = (name: string) =>
    perDataset.filter((one) => one.name.startsWith(name))
      .reduce((sum, { medians }) => sum + medians.flops!, 0);
  const shown = (table: string, is: string) =>
    overallRows("ablation", table).filter((row) => row.shown === is)
      .map(({ method }) => SHORT[method] ?? method);
  const says = (table: string, is: string, what: string) => {
    const those = shown(table, is);
    return those.length === 0 ? [] : [`shown to be ${what}: ${listed(those)}`];
  };
  return [
    `on the same ${datasets.length} data sets`,
    `After Holm's adjustment for ${rows.length} comparisons (Wilcoxon over the data sets, two-sided)`,
    ...says("overall", "lower", "less accurate than the base"),
    ...says("overall", "higher", "more accurate than the base"),
    ...says("overall-log-loss", "higher", "worse by log loss"),
    ...says("overall-log-loss", "lower", "better by log loss"),
    `Trials take ${fixed(operations(MODERN) / operations("Base"), 2)} times the operations`,
  ];
}

/** The rows of the ablation as sentences name them. */
const SHORT: Readonly<Record<string, string>> = {
  "Sparsemble, modern": "trials",
  "Quantiles within ±3": "quantiles within ±3",
  "One member": "one member",
  "Four members": "four members",
  "Topology as drawn": "the topology as drawn",
  "No sines": "no sines",
  "Min-max scaling": "min-max scaling",
  "No dropout": "no dropout",
  "No label smoothing": "no label smoothing",
  "SGD, η 0.1": "SGD",
  "Batches of 256, η 0.02": "larger batches",
  "No blocks": "no blocks",
  "Three layers": "three layers",
  "Twice the epochs": "twice the epochs",
  "Growth by gradient (RigL)": "growth by gradient",
  "One run, FD": "members from one run",
};

/** What is said of calibration. */
export function calibrationClaims(): string[] {
  const { perDataset, datasets } = comparison("calibration");
  const loss = (name: string, dataset: string) =>
    perDataset.find((score) => score.name === name && score.dataset === dataset)!.logLoss!;
  const less = (better: string, worse: string) =>
    datasets.filter((dataset) => loss(better, dataset) < loss(worse, dataset)).length;
  const extra = "ExtraTrees (300)";
  const others = datasets.filter((dataset) => dataset !== "diabetes130us");
  const calibrated = less("Sparsemble, modern", "Modern, not calibrated");
  assert.equal(calibrated, datasets.length);
  const meanLoss = (name: string) => mean(datasets.map((dataset) => loss(name, dataset)));
  assert.ok(meanLoss("Modern, not calibrated") > meanLoss("HistGradientBoosting"));
  const boosting = overallRows("calibration", "overall-log-loss")
    .find(({ method }) => method === "HistGradientBoosting")!;
  return [
    "Without that an earlier version had more log loss than histogram boosting",
    `Mean log loss over the ${datasets.length} data sets`,
    `on all ${calibrated} data sets`,
    `on ${less("HistGradientBoosting", "Sparsemble, modern")} of them; over the data sets a ` +
    `difference is ${boosting.shown} (p = ${pText(boosting.adjustedP)} after Holm)`,
    `where it is ${fixed(loss(extra, "diabetes130us"), 2)}; without that set it is ` +
    fixed(mean(others.map((dataset) => loss(extra, dataset))), 3),
  ];
}
