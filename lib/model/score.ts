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
  assessmentSums,
  assessNumbers,
  type ClassAssessment,
  type Coverage,
  coverageSums,
  ensembleOutputs,
  errorSums,
  intervalCoverage,
  memberOutputs,
  modelFeatures,
  mostProbable,
  type NumberAssessment,
  type ProbabilityScores,
  probabilitySums,
  type RegressionErrors,
  regressionErrors,
} from "../prediction/mod.ts";
import { type Model, requireModel } from "./model.ts";
import { calibrated, finiteOutputs, openMembers } from "./predictor.ts";

/** The score of a model that predicts numbers. */
export interface RegressionScore extends RegressionErrors {
  /** A comparison of the ensemble's numbers with the true ones: a baseline, residuals. */
  readonly assessment: NumberAssessment;
  /** The coverage of the prediction intervals. Left out if the model has none. */
  readonly coverage?: Coverage | undefined;
  /** Each member alone. */
  readonly members: readonly RegressionErrors[];
  /** Floating-point operations of all members' predictions, by formula. */
  readonly flops: number;
}

/**
 * Scores a regression: the errors of the ensemble and of each member alone, in the unit of the target.
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
  using running = runningNumberScore(model, kernels);
  running.add(dataset);
  return running.score();
}

/** A score of rows that arrive in several parts. */
export interface RunningScore<Result> extends Disposable {
  /** Adds the rows of a data set. */
  add(dataset: Dataset): void;
  /**
   * The score of all rows so far. If all parts are whole batches, it equals the score of the same rows in
   * one part, bit for bit.
   */
  score(): Result;
}

/**
 * Begins a {@linkcode scoreRegression} of rows that arrive in several parts. The target, the prediction and
 * the weight of every row stay in memory, because quantiles of residuals need them.
 */
export function runningNumberScore(
  model: Model,
  kernels?: Kernels,
): RunningScore<RegressionScore> {
  const ensemble = openMembers(model, kernels);
  const sums = model.members.map(() => errorSums());
  const parts: { predicted: Float32Array; targets: Float32Array; weights?: Float32Array }[] = [];
  let scaling: TargetScaling | undefined;
  let all = 0;
  return {
    add(dataset) {
      const { rows, weights } = dataset;
      const { targetScaling, targets } = requireNumbers(model, dataset);
      scaling = targetScaling;
      const inputs = modelInputs(model, dataset);
      const numbersOf = (outputs: Float32Array) => unscaleTargets(targetScaling, outputs);
      const outputs = finiteOutputs(ensembleOutputs(ensemble, inputs, rows), 1, all);
      const part = { predicted: numbersOf(outputs), targets: targets.slice() };
      parts.push(weights === undefined ? part : { ...part, weights });
      memberOutputs(ensemble, inputs, rows).forEach((own, m) => {
        sums[m].add(numbersOf(own), targets, weights);
      });
      all += rows;
    },
    score() {
      const targets = joined(parts.map((part) => part.targets));
      const predicted = joined(parts.map((part) => part.predicted));
      const isWeighted = parts[0]?.weights !== undefined;
      const weights = isWeighted ? joined(parts.map((part) => part.weights!)) : undefined;
      const { conformal } = model;
      return {
        ...regressionErrors(predicted, targets, weights),
        assessment: assessNumbers(predicted, targets, scaling!.mean, weights),
        coverage: conformal && intervalCoverage(predicted, targets, conformal, weights),
        members: sums.map((own) => own.errors(targets, weights)),
        flops: membersFlops(model, all),
      };
    },
    [Symbol.dispose]: () => ensemble.dispose(),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

/** The score of a model that predicts classes. */
export interface Score extends ProbabilityScores {
  /** The coverage of the class sets. Left out if the model has none. */
  readonly coverage?: Coverage | undefined;
  /** The accuracy of the ensemble. */
  readonly accuracy: number;
  /**
   * A comparison of the ensemble's classes with the true ones: interval, baseline, confusions, reliability.
   */
  readonly assessment: ClassAssessment;
  /** The accuracy of each member alone. */
  readonly members: readonly number[];
  /** Floating-point operations of all members' predictions, by formula. */
  readonly flops: number;
}

/**
 * Scores a classifier: the accuracy of the ensemble and of each member alone, and scores of the ensemble's
 * probabilities.
 *
 * @param dataset Its classes and categories are matched by name, and its features by position, with
 * the model's.
 * @throws {RangeError} If a row's class is not one of the model's, or an output is not finite.
 * @throws {TypeError} If the model predicts numbers, or the data set has numbers to predict.
 */
export function scoreMembers(model: Model, dataset: Dataset, kernels?: Kernels): Score {
  requireScorable(model, dataset);
  using running = runningClassScore(model, kernels);
  running.add(dataset);
  return running.score();
}

/** Begins a {@linkcode scoreMembers} of rows that arrive in several parts. No row stays in memory. */
export function runningClassScore(model: Model, kernels?: Kernels): RunningScore<Score> {
  const ensemble = openMembers(model, kernels);
  const classes = model.classes.length;
  const ofAll = { right: 0, weight: 0 };
  const ofMembers = model.members.map(() => ({ right: 0, weight: 0 }));
  const probable = probabilitySums(classes);
  const assessed = assessmentSums(model.classes);
  const covered = model.conformal && coverageSums(classes, model.conformal);
  let all = 0;
  const count = (
    own: { right: number; weight: number },
    p: Float32Array,
    labels: Int32Array,
    weights: Float32Array | undefined,
  ) => {
    mostProbable(p, classes).forEach((predicted, row) => {
      const weight = weights?.[row] ?? 1;
      if (predicted === labels[row]) own.right += weight;
      own.weight += weight;
    });
  };
  return {
    add(dataset) {
      const { rows, weights } = dataset;
      requireClasses(model, dataset);
      const labels = modelLabels(model, dataset);
      const inputs = modelInputs(model, dataset);
      const each = memberOutputs(ensemble, inputs, rows);
      const mean = new Float32Array(each[0].length);
      each.forEach((p, m) => {
        const { vote } = model.members[m];
        for (let k = 0; k < p.length; k++) {
          mean[k] += vote === undefined ? p[k] / each.length : p[k] * vote;
        }
      });
      const probabilities = finiteOutputs(calibrated(model, mean), classes, all);
      count(ofAll, probabilities, labels, weights);
      probable.add(probabilities, labels, weights);
      assessed.add(probabilities, labels, weights);
      covered?.add(probabilities, labels, weights);
      each.forEach((p, m) => count(ofMembers[m], p, labels, weights));
      all += rows;
    },
    score: () => ({
      accuracy: ofAll.right / ofAll.weight,
      ...probable.scores(),
      assessment: assessed.assessment(),
      coverage: covered?.coverage(),
      members: ofMembers.map(({ right, weight }) => right / weight),
      flops: membersFlops(model, all),
    }),
    [Symbol.dispose]: () => ensemble.dispose(),
  };
}

/**
 * Scores a model: the accuracy of a classifier, or R² of a regression.
 *
 * @throws {TypeError} If `model` is no model, `dataset` is no data set, or one has classes and the other
 * numbers.
 * @throws {RangeError} If a row's class is not one of the model's, or an output is not finite.
 */
export function score(model: Model, dataset: Dataset, kernels?: Kernels): number {
  requireScorable(model, dataset);
  return model.targetScaling === undefined
    ? scoreMembers(model, dataset, kernels).accuracy
    : scoreRegression(model, dataset, kernels).r2;
}

/**
 * Checks that a value is a model and another a data set.
 *
 * @throws {TypeError} If one of them is not.
 */
export function requireScorable(model: Model, dataset: Dataset): void {
  requireModel("score a model", model);
  requireDataset("score a model", dataset);
}

/**
 * Checks that a model and a data set are both of a regression.
 *
 * @throws {TypeError} If one of them has classes.
 */
export function requireNumbers(
  { targetScaling }: Model,
  { targets }: Dataset,
): { targetScaling: TargetScaling; targets: Float32Array } {
  if (targetScaling !== undefined && targets !== undefined) return { targetScaling, targets };
  const whose = targetScaling === undefined ? "model" : "data set";
  throw new TypeError(`Cannot score numbers: found a ${whose} of classes, need one of numbers`);
}

/**
 * Checks that a model and a data set are both of a classification.
 *
 * @throws {TypeError} If one of them has numbers to predict.
 */
export function requireClasses({ targetScaling }: Model, { targets }: Dataset): void {
  if (targetScaling === undefined && targets === undefined) return;
  const whose = targetScaling === undefined ? "data set" : "model";
  throw new TypeError(`Cannot score classes: found a ${whose} of numbers, need one of classes`);
}

/**
 * Computes the networks' inputs for the rows of a data set. Its categories are matched with the model's by
 * name.
 */
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

/**
 * Converts a data set's labels to the model's numbers of classes.
 *
 * @throws {RangeError} If a row's class is not one of the model's.
 */
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
