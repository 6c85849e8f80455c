import {
  type ComparisonSummary,
  type DatasetScore,
  differencesOverSeeds,
  differencesTo,
  scoreText,
} from "../../lib/experiments/comparison/mod.ts";
import { countOf } from "../../lib/experiments/results/mod.ts";
import { type Column, pText, signed, tableOf, textOr } from "../../lib/reports/mod.ts";
import { plainTable } from "./result_table.ts";

/** Every method on every data set, for people. */
export function perDatasetTable({ perDataset, measure }: ComparisonSummary): string {
  const number = (value: number) => Number(value.toPrecision(3)).toString();
  const hasLoss = perDataset.some(({ logLoss }) => logLoss !== null);
  const loss: Column<DatasetScore, string> = [
    "log loss",
    ({ logLoss }) => logLoss?.toFixed(4) ?? "",
  ];
  const { columns, rows } = tableOf<DatasetScore, string>(perDataset, [
    ["data", ({ dataset }) => dataset],
    ["method", ({ name }) => name],
    [`${measure.name}${measure.unit}`, ({ score }) => scoreText(measure, score.estimate)],
    [
      "95 % interval",
      ({ score: { low, high }, values }) =>
        values.length === 2
          ? values.map((value) => scoreText(measure, value)).join(", ")
          : Number.isNaN(low)
          ? ""
          : `${scoreText(measure, low)} to ${scoreText(measure, high)}`,
    ],
    ...hasLoss ? [loss] : [],
    ["fit s", ({ medians }) => number(medians.fitSeconds)],
    [
      "density",
      ({ medians: { density } }) => density === null ? "" : `${(100 * density).toFixed(2)} %`,
    ],
    ["weights", ({ medians }) => medians.weights === null ? "" : countOf(medians.weights)],
    ["FLOPs", ({ medians }) => medians.flops?.toExponential(2) ?? ""],
    ["model MB", ({ medians }) => (medians.modelBytes / 1e6).toFixed(2)],
  ]);
  const pairs = perDataset.some(({ values }) => values.length === 2)
    ? "\nTwo seeds have no interval: their two scores stand in its place"
    : "";
  return plainTable(columns, rows, { keys: 2 }) + pairs;
}

/**
 * The methods over all data sets, for people.
 *
 * @param reference The method with which the others are compared.
 */
export function overallTable(summary: ComparisonSummary, reference: string): string {
  const { overall, datasets, measure, test } = summary;
  const hasLoss = overall.some(({ meanLogLoss }) => meanLogLoss !== null);
  const isSingle = datasets.length === 1;
  const tested = isSingle
    ? differencesOverSeeds(reference, summary, 0)
    : differencesTo(reference, summary, ({ score }) => score.estimate);
  const { factor, digits } = measure;
  const rows = overall.map(({ name, meanScore, meanRank, wins, meanLogLoss }, o) => [
    name,
    scoreText(measure, meanScore),
    meanRank.toFixed(2),
    Number(wins.toFixed(2)).toString(),
    ...hasLoss ? [meanLogLoss?.toFixed(4) ?? ""] : [],
    textOr("", tested[o].difference, (value) => signed(factor * value, digits)),
    ...isSingle ? [] : [textOr("", tested[o].adjustedP, pText)],
  ]);
  const lines = [
    plainTable([
      isSingle ? datasets[0] : `${datasets.length} data sets`,
      `mean${measure.unit || " R²"}`,
      "mean rank",
      "best",
      ...hasLoss ? ["log loss"] : [],
      "difference",
      ...isSingle ? [] : ["p"],
    ], rows),
    `Differences are to ${reference}` +
    (isSingle ? "" : "; p is Wilcoxon's over the data sets, adjusted after Holm"),
  ];
  if (test !== null) {
    lines.push(
      `Friedman p = ${test.pValue.toPrecision(2)}; mean ranks further apart than ` +
        `${test.criticalDifference.toFixed(2)} differ at 95 % (Nemenyi)`,
    );
  }
  return lines.join("\n");
}
