import type { Dataset } from "../data/table/mod.ts";
import { type Model, modelLabels, predictProba, predictValues } from "../model/mod.ts";
import { accuracyOf, modelFeatures, mostProbable, regressionErrors } from "../prediction/mod.ts";

/** Compares an export's answers with the model's, on rows with known targets. */
export interface ExportCost {
  /** The number of rows that both answer. */
  readonly rows: number;
  /** The score: accuracy of classes, from 0 to 1, or R² of numbers. */
  readonly measure: "accuracy" | "r2";
  /** The model's score. */
  readonly model: number;
  /** The export's score. */
  readonly exported: number;
  /** The share of rows with the same most probable class. Left out for numbers. */
  readonly agreement?: number | undefined;
  /** The largest difference of a probability, or of a number in the target's unit. */
  readonly difference: number;
}

/**
 * Measures the loss of quality of an export. Rows without an answer are left out.
 *
 * @param predict Returns the export's answer to a raw row, or a number if it has none.
 * @param dataset Rows with known targets and the model's columns.
 * @throws {RangeError} If the export answers no row.
 */
export function exportCost(
  model: Model,
  predict: (row: ArrayLike<number>) => Float32Array | number,
  dataset: Dataset,
): ExportCost {
  const features = modelFeatures(model.preprocessing, dataset);
  const { columns } = dataset;
  const isNumber = model.targetScaling !== undefined;
  const width = isNumber ? 1 : model.classes.length;
  const own = isNumber ? predictValues(model, features) : predictProba(model, features);
  const answered: number[] = [];
  const others: number[] = [];
  for (let row = 0; row < dataset.rows; row++) {
    const answer = predict(features.subarray(row * columns, (row + 1) * columns));
    if (typeof answer === "number") continue;
    answered.push(row);
    others.push(...answer);
  }
  if (answered.length === 0) {
    throw new RangeError(
      "Cannot measure what the export costs: found no row that it answers, need one",
    );
  }
  const exported = Float32Array.from(others);
  const mine = Float32Array.from(
    exported,
    (_, i) => own[answered[Math.floor(i / width)] * width + i % width],
  );
  const difference = mine.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - exported[i])),
    0,
  );
  const common = { rows: answered.length, difference };
  const weights = dataset.weights && Float64Array.from(answered, (row) => dataset.weights![row]);
  if (isNumber) {
    const targets = Float32Array.from(answered, (row) => dataset.targets![row]);
    const scoreOf = (values: Float32Array) => regressionErrors(values, targets, weights).r2;
    return { ...common, measure: "r2", model: scoreOf(mine), exported: scoreOf(exported) };
  }
  const all = modelLabels(model, dataset);
  const labels = Int32Array.from(answered, (row) => all[row]);
  const [ours, theirs] = [mostProbable(mine, width), mostProbable(exported, width)];
  return {
    ...common,
    measure: "accuracy",
    model: accuracyOf(ours, labels, weights),
    exported: accuracyOf(theirs, labels, weights),
    agreement: ours.filter((label, row) => label === theirs[row]).length / ours.length,
  };
}
