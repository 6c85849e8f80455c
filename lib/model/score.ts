/**
 * The score of a model on rows whose classes or numbers are known.
 *
 * @module
 */
import { layerSizeOf, predictionFlops, totalFlops } from "../counters/mod.ts";
import { preprocess, type TargetScaling, unscaleTargets } from "../data/preprocessing/mod.ts";
import { type Dataset, requireDataset } from "../data/table/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { quoted, quotedList, quotedPath } from "../messages.ts";
import {
  accuracyOf,
  assessClasses,
  assessNumbers,
  type ClassAssessment,
  type Coverage,
  ensembleOutputs,
  intervalCoverage,
  LEAST_PROBABILITY,
  memberOutputs,
  modelFeatures,
  mostProbable,
  type NumberAssessment,
  type ProbabilityScores,
  type RegressionErrors,
  regressionErrors,
  scoreProbabilities,
  setCoverage,
} from "../prediction/mod.ts";
import { type Model, requireModel } from "./model.ts";
import { calibrated, finiteOutputs, openMembers } from "./predictor.ts";

/** The score of a model that predicts numbers. */
export interface RegressionScore extends RegressionErrors {
  /** The ensemble's numbers beside the true ones: a baseline, residuals. */
  readonly assessment: NumberAssessment;
  /** The share of rows that the intervals hold. Left out: the model has none. */
  readonly coverage?: Coverage | undefined;
  /** Each member alone. */
  readonly members: readonly RegressionErrors[];
  /** Floating-point operations of all members' predictions, by formula. */
  readonly flops: number;
}

/**
 * The errors of an ensemble that predicts numbers, and of each member alone, in the unit of the target.
 *
 * @param dataset Its categories are matched by name, and its features by position, with the model's.
 * @throws {TypeError} If the model or the data set has classes instead of numbers.
 */
export function scoreRegression(
  model: Model,
  dataset: Dataset,
  kernels?: Kernels,
): RegressionScore {
  requireScorable(model, dataset);
  const { rows, weights } = dataset;
  const { targetScaling, targets } = requireNumbers(model, dataset);
  const inputs = modelInputs(model, dataset);
  using ensemble = openMembers(model, kernels);
  const numbersOf = (outputs: Float32Array) => unscaleTargets(targetScaling, outputs);
  const predicted = numbersOf(finiteOutputs(ensembleOutputs(ensemble, inputs, rows), 1));
  const { conformal } = model;
  return {
    ...regressionErrors(predicted, targets, weights),
    assessment: assessNumbers(predicted, targets, targetScaling.mean, weights),
    coverage: conformal && intervalCoverage(predicted, targets, conformal, weights),
    members: memberOutputs(ensemble, inputs, rows)
      .map((outputs) => regressionErrors(numbersOf(outputs), targets, weights)),
    flops: membersFlops(model, rows),
  };
}

/** The score of a model that predicts classes. */
export interface Score extends ProbabilityScores {
  /** The share of rows whose class is in its set. Left out: the model has no sets. */
  readonly coverage?: Coverage | undefined;
  /** The share of rows the ensemble gets right. */
  readonly accuracy: number;
  /** The ensemble's classes beside the true ones: interval, baseline, confusions, reliability. */
  readonly assessment: ClassAssessment;
  /** The share each member alone gets right. */
  readonly members: readonly number[];
  /** Floating-point operations of all members' predictions, by formula. */
  readonly flops: number;
}

/**
 * The share of rows that the ensemble, and each member alone, classifies correctly, and how good the
 * ensemble's probabilities are.
 *
 * @param dataset Its classes and categories are matched by name, and its features by position, with
 * the model's.
 * @throws {RangeError} If a row's class is not one of the model's, or an output is not finite.
 * @throws {TypeError} If the model predicts numbers, or the data set has numbers to predict.
 */
export function scoreMembers(model: Model, dataset: Dataset, kernels?: Kernels): Score {
  requireScorable(model, dataset);
  const { rows, weights } = dataset;
  requireClasses(model, dataset);
  const labels = modelLabels(model, dataset);
  const inputs = modelInputs(model, dataset);
  using ensemble = openMembers(model, kernels);
  const each = memberOutputs(ensemble, inputs, rows);
  const mean = new Float32Array(each[0].length);
  each.forEach((p, m) => {
    const { vote } = model.members[m];
    for (let k = 0; k < p.length; k++) {
      mean[k] += vote === undefined ? p[k] / each.length : p[k] * vote;
    }
  });
  const classes = model.classes.length;
  const accuracy = (p: Float32Array) => accuracyOf(mostProbable(p, classes), labels, weights);
  const probabilities = finiteOutputs(calibrated(model, mean), classes);
  return {
    accuracy: accuracy(probabilities),
    ...scoreProbabilities(probabilities, labels, classes, LEAST_PROBABILITY, weights),
    assessment: assessClasses(probabilities, labels, model.classes, weights),
    coverage: model.conformal &&
      setCoverage(probabilities, labels, classes, model.conformal, weights),
    members: each.map(accuracy),
    flops: membersFlops(model, rows),
  };
}

/** The share of rows that the ensemble classifies correctly; R² of a model that predicts numbers. */
export function score(model: Model, dataset: Dataset, kernels?: Kernels): number {
  requireScorable(model, dataset);
  return model.targetScaling === undefined
    ? scoreMembers(model, dataset, kernels).accuracy
    : scoreRegression(model, dataset, kernels).r2;
}

/** Refuses what is no model, or no data set. */
export function requireScorable(model: Model, dataset: Dataset): void {
  requireModel("score a model", model);
  requireDataset("score a model", dataset);
}

/** Refuses a model or a data set of classes where numbers are to be scored. */
export function requireNumbers(
  { targetScaling }: Model,
  { targets }: Dataset,
): { targetScaling: TargetScaling; targets: Float32Array } {
  if (targetScaling !== undefined && targets !== undefined) return { targetScaling, targets };
  const whose = targetScaling === undefined ? "model" : "data set";
  throw new TypeError(`Cannot score numbers: found a ${whose} of classes, need one of numbers`);
}

/** Refuses a model or a data set of numbers where classes are to be scored. */
export function requireClasses({ targetScaling }: Model, { targets }: Dataset): void {
  if (targetScaling === undefined && targets === undefined) return;
  const whose = targetScaling === undefined ? "data set" : "model";
  throw new TypeError(`Cannot score classes: found a ${whose} of numbers, need one of classes`);
}

/** The inputs of a data set's rows, its categories matched with the model's. */
export function modelInputs({ preprocessing }: Model, dataset: Dataset): Float32Array {
  const features = modelFeatures(preprocessing, dataset);
  return preprocess(preprocessing, features, dataset.rows, dataset.columns);
}

function membersFlops({ members }: Model, rows: number): number {
  return members.reduce(
    (sum, { layers }) => sum + totalFlops(predictionFlops(layers.map(layerSizeOf), rows)),
    0,
  );
}

/** The labels of a data set as the model numbers its classes. */
export function modelLabels(model: Model, dataset: Dataset): Int32Array {
  const labels = dataset.classes.map((label) => model.classes.indexOf(label));
  return dataset.labels.map((label, row) => {
    if (labels[label] < 0) {
      throw new RangeError(
        `Cannot score row ${row} of ${quotedPath(dataset.source)}: found class ` +
          `${quoted(dataset.classes[label])}, need one of ${quotedList(model.classes)}`,
      );
    }
    return labels[label];
  });
}
