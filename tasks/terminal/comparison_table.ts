import { type ComparisonSummary, scoreText } from "../../lib/experiments/comparison/mod.ts";
import { plainTable } from "./result_table.ts";

/** Every method on every data set, for people. */
export function perDatasetTable({ perDataset, measure }: ComparisonSummary): string {
  const number = (value: number | null, digits = 3) =>
    value === null ? "" : Number(value.toPrecision(digits)).toString();
  const hasLoss = perDataset.some(({ logLoss }) => logLoss !== null);
  const rows = perDataset.map(({ dataset, name, score, logLoss, medians }) => {
    const { estimate, low, high } = score;
    return [
      dataset,
      name,
      scoreText(measure, estimate),
      Number.isNaN(low) ? "" : `${scoreText(measure, low)} to ${scoreText(measure, high)}`,
      ...hasLoss ? [logLoss?.toFixed(4) ?? ""] : [],
      number(medians.fitSeconds),
      medians.density === null ? "" : `${(100 * medians.density).toFixed(2)} %`,
      medians.weights === null ? "" : `${medians.weights}`,
      medians.flops === null ? "" : medians.flops.toExponential(2),
      (medians.modelBytes / 1e6).toFixed(2),
    ];
  });
  const head = [
    "data",
    "method",
    `${measure.name}${measure.unit}`,
    "95 % interval",
    ...hasLoss ? ["log loss"] : [],
    "fit s",
    "density",
    "weights",
  ];
  return plainTable([...head, "FLOPs", "model MB"], rows);
}

/** The methods over all data sets, for people. */
export function overallTable({ overall, datasets, measure, test }: ComparisonSummary): string {
  const hasLoss = overall.some(({ meanLogLoss }) => meanLogLoss !== null);
  const rows = overall.map(({ name, meanScore, meanRank, wins, meanLogLoss }) => [
    name,
    scoreText(measure, meanScore),
    meanRank.toFixed(2),
    Number(wins.toFixed(2)).toString(),
    ...hasLoss ? [meanLogLoss?.toFixed(4) ?? ""] : [],
  ]);
  const lines = [
    plainTable([
      `${datasets.length} data sets`,
      `mean${measure.unit || " R²"}`,
      "mean rank",
      "best",
      ...hasLoss ? ["log loss"] : [],
    ], rows),
  ];
  if (test !== null) {
    lines.push(
      `Friedman p = ${test.pValue.toPrecision(2)}; mean ranks further apart than ` +
        `${test.criticalDifference.toFixed(2)} differ at 95 % (Nemenyi)`,
    );
  }
  return lines.join("\n");
}
