/**
 * The front door: fit, predict, predictProba, score, save, load.
 *
 * @module
 */
import { layerSizeOf, predictionFlops, totalFlops } from "./counters/flops.ts";
import type { Dataset } from "./data/dataset.ts";
import { preprocess } from "./data/preprocessing.ts";
import { unscaleTargets } from "./data/target_scaling.ts";
import { modelFeatures, rawFeatures, type RawRows } from "./ensemble/raw_rows.ts";
import {
  accuracyOf,
  ensembleProbabilities,
  memberProbabilities,
  mostProbable,
  openEnsemble,
} from "./ensemble/prediction.ts";
import { withTemperature } from "./ensemble/calibration.ts";
import { type Model, modelOf } from "./ensemble/model.ts";
import { type ProbabilityScores, scoreProbabilities } from "./ensemble/probability_scores.ts";
import { type RegressionErrors, regressionErrors } from "./ensemble/regression_errors.ts";
import { prepareProblem } from "./ensemble/problem.ts";
import { activationOf, completeSettings, type Settings } from "./ensemble/settings.ts";
import { settingsForRows } from "./ensemble/recipes.ts";
import type { TrainingEvent } from "./ensemble/training_event.ts";
import { train } from "./ensemble/train.ts";
import { openRun } from "./ensemble/training_run.ts";
import { chooseKernels, openKernels } from "./kernels/choose.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { TopologyStrategy } from "./topology/strategy.ts";

export type { Model } from "./ensemble/model.ts";
export type { RawRows } from "./ensemble/raw_rows.ts";
export { load, save } from "./checkpoints/model_file.ts";

/** What can be given to {@linkcode fit} beside data and settings. */
export interface FitOptions {
  /** Called with everything that happens in training. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** A topology strategy of one's own, in place of the method's. */
  readonly strategy?: TopologyStrategy | undefined;
  /** A back end, in place of the one the settings name. */
  readonly kernels?: Kernels | undefined;
  /** Threads that compute; their number changes no bit of the result. Left out: 1. */
  readonly threads?: number | undefined;
  /** Stops training between two batches; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How long training keeps the event loop waiting, in milliseconds. */
const BREATH = 50;

/**
 * Trains an ensemble.
 *
 * @param dataset The rows to learn from, with classes or with numbers to predict. Some are held out to
 * choose the members.
 * @param settings Any of the settings; the others are the paper's for the method.
 * @throws {TypeError | RangeError} If the settings are wrong or do not fit the data.
 * @throws {TrainingDiverged} If the loss is no longer a finite number.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, predict } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]),
 *   labels: Array.from({ length: 400 }, (_, row) => row % 20 < 10 ? "left" : "right"),
 * });
 * const model = await fit(dataset, {
 *   hidden: [32, 32],
 *   epsilon: 8,
 *   epochs: 40,
 *   explore: 20,
 *   members: 2,
 *   batchSize: 32,
 * });
 * assert.deepEqual(predict(model, [[1, 5], [18, 5]]), ["left", "right"]);
 * ```
 */
export async function fit(
  dataset: Dataset,
  settings: Partial<Settings> = {},
  options: FitOptions = {},
): Promise<Model> {
  // What the target holds says what is to be learnt, unless somebody expects something else.
  const task = dataset.targets === undefined ? "classification" : "regression";
  const complete = settingsForRows(
    completeSettings({ ...settings, task: settings.task ?? task }),
    dataset.rows,
  );
  const prepared = prepareProblem(dataset, complete);
  using opened = options.kernels === undefined
    ? await openKernels(complete.kernels, options.threads ?? 1)
    : null;
  const kernels = options.kernels ?? opened!.kernels;
  using run = openRun(prepared.problem, complete, kernels, { strategy: options.strategy });
  let breathed = performance.now();
  for (const event of train(run)) {
    options.onEvent?.(event);
    if (performance.now() - breathed > BREATH) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      options.signal?.throwIfAborted();
      breathed = performance.now();
    }
  }
  return modelOf(run, prepared, dataset);
}

/** A model in kernel memory, ready to answer again and again. */
export interface Predictor extends Disposable {
  /** The probability of every class for every row: length rows × classes, row after row. */
  predictProba(rows: RawRows): Float32Array;
  /** The most probable class of every row, as it was written in the training file. */
  predict(rows: RawRows): string[];
  /** The number of every row, of a model that predicts numbers: the mean of its members'. */
  predictValues(rows: RawRows): Float32Array;
  /** Gives the memory back. Safe to call twice. */
  dispose(): void;
}

/**
 * Opens a model for many predictions: a single row then costs its arithmetic and little else.
 *
 * @param kernels A back end of one's own. Left out: the fastest there is.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, openPredictor } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20, row]),
 *   labels: Array.from({ length: 200 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 * });
 * const settings = { hidden: [20], epsilon: 5, epochs: 30, explore: 10, members: 2, batchSize: 16 };
 * using predictor = openPredictor(await fit(dataset, settings));
 * assert.equal(predictor.predictProba([[3, 50]]).length, 2);
 * ```
 */
export function openPredictor(model: Model, kernels?: Kernels): Predictor {
  const chosen = kernels ?? chooseKernels("auto").kernels;
  const ensemble = openEnsemble(model.members, activationOf(model.settings), chosen);
  const { targetScaling } = model;
  const outputs = (rows: RawRows) => {
    const { features, count } = rawFeatures(model.preprocessing, rows);
    const columns = model.preprocessing.featureNames.length;
    const inputs = preprocess(model.preprocessing, features, count, columns);
    return ensembleProbabilities(ensemble, inputs, count);
  };
  const predictProba = (rows: RawRows) => {
    if (targetScaling !== undefined) throw wrongTask("classes", "predictValues");
    return calibrated(model, outputs(rows));
  };
  const dispose = () => ensemble.dispose();
  return {
    predictProba,
    predict: (rows) => {
      const labels = mostProbable(predictProba(rows), model.classes.length);
      return Array.from(labels, (label) => model.classes[label]);
    },
    predictValues(rows) {
      if (targetScaling === undefined) throw wrongTask("numbers", "predict or predictProba");
      return unscaleTargets(targetScaling, outputs(rows));
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

function calibrated({ temperature, classes }: Model, probabilities: Float32Array): Float32Array {
  return temperature === undefined
    ? probabilities
    : withTemperature(probabilities, classes.length, temperature);
}

function wrongTask(asked: "classes" | "numbers", instead: string): TypeError {
  const own = asked === "classes" ? "numbers" : "classes";
  return new TypeError(`Cannot predict ${asked}: found a model of ${own}, need ${instead} for it`);
}

/**
 * The probability of every class for every row.
 *
 * @param rows Raw feature columns, in the order of `model.preprocessing.featureNames`.
 * @returns Length rows × classes, row after row.
 * @throws {TypeError} If the rows have another number of columns, or text in a column of numbers.
 * @throws {RangeError} If a value is infinite.
 */
export function predictProba(model: Model, rows: RawRows, kernels?: Kernels): Float32Array {
  using predictor = openPredictor(model, kernels);
  return predictor.predictProba(rows);
}

/** The most probable class of every row, as it was written in the training file. */
export function predict(model: Model, rows: RawRows, kernels?: Kernels): string[] {
  using predictor = openPredictor(model, kernels);
  return predictor.predict(rows);
}

/**
 * The number of every row, of a model that predicts numbers: the mean of its members', in the unit of the
 * target.
 *
 * @param rows Raw feature columns, in the order of `model.preprocessing.featureNames`.
 * @throws {TypeError} If the model predicts classes, the rows have another number of columns, or there is
 * text in a column of numbers.
 * @throws {RangeError} If a value is infinite.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, predictValues } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]),
 *   targets: Array.from({ length: 400 }, (_, row) => 1000 + 10 * (row % 20)),
 * });
 * const settings = { hidden: [32, 32], epsilon: 8, epochs: 60, explore: 20, members: 2 };
 * const model = await fit(dataset, { ...settings, batchSize: 32, learningRate: 0.01, dropout: 0 });
 * const [value] = predictValues(model, [[10, 5]]);
 * assert.ok(Math.abs(value - 1100) < 20, `${value}`);
 * ```
 */
export function predictValues(model: Model, rows: RawRows, kernels?: Kernels): Float32Array {
  using predictor = openPredictor(model, kernels);
  return predictor.predictValues(rows);
}

/** How a model that predicts numbers does on rows whose numbers are known. */
export interface RegressionScore extends RegressionErrors {
  /** Each member alone. */
  readonly members: readonly RegressionErrors[];
  /** Floating-point operations of all members' predictions, as counted. */
  readonly flops: number;
}

/**
 * The errors of an ensemble that predicts numbers, and of each member alone, in the unit of the target.
 *
 * @param dataset Its categories are matched by name, and its features by position, with the model's.
 * @throws {TypeError} If the model or the data set is of classes.
 */
export function scoreRegression(
  model: Model,
  dataset: Dataset,
  kernels?: Kernels,
): RegressionScore {
  const { rows, columns, targets } = dataset;
  const { targetScaling } = model;
  if (targetScaling === undefined || targets === undefined) {
    const whose = targetScaling === undefined ? "model" : "data set";
    throw new TypeError(`Cannot score numbers: found a ${whose} of classes, need one of numbers`);
  }
  const features = modelFeatures(model.preprocessing, dataset);
  const inputs = preprocess(model.preprocessing, features, rows, columns);
  const chosen = kernels ?? chooseKernels("auto").kernels;
  using ensemble = openEnsemble(model.members, activationOf(model.settings), chosen);
  const errors = (outputs: Float32Array) =>
    regressionErrors(unscaleTargets(targetScaling, outputs), targets);
  return {
    ...errors(ensembleProbabilities(ensemble, inputs, rows)),
    members: memberProbabilities(ensemble, inputs, rows).map(errors),
    flops: membersFlops(model, rows),
  };
}

/** How a model does on labelled rows. */
export interface Score extends ProbabilityScores {
  /** The share of rows the ensemble gets right. */
  readonly accuracy: number;
  /** The share each member alone gets right. */
  readonly members: readonly number[];
  /** Floating-point operations of all members' predictions, as counted. */
  readonly flops: number;
}

/**
 * The share of rows that the ensemble, and each member alone, classifies correctly, and how good the
 * ensemble's probabilities are.
 *
 * @param dataset Its classes and categories are matched by name, and its features by position, with
 * the model's.
 * @throws {RangeError} If a row's class is not one of the model's.
 * @throws {TypeError} If the model predicts numbers, or the data set has numbers to predict.
 */
export function scoreMembers(model: Model, dataset: Dataset, kernels?: Kernels): Score {
  const { rows, columns } = dataset;
  if (model.targetScaling !== undefined || dataset.targets !== undefined) {
    const whose = model.targetScaling === undefined ? "data set" : "model";
    throw new TypeError(`Cannot score classes: found a ${whose} of numbers, need one of classes`);
  }
  const labels = modelLabels(model, dataset);
  const features = modelFeatures(model.preprocessing, dataset);
  const inputs = preprocess(model.preprocessing, features, rows, columns);
  const chosen = kernels ?? chooseKernels("auto").kernels;
  using ensemble = openEnsemble(model.members, activationOf(model.settings), chosen);
  const each = memberProbabilities(ensemble, inputs, rows);
  const mean = new Float32Array(each[0].length);
  for (const p of each) for (let k = 0; k < p.length; k++) mean[k] += p[k] / each.length;
  const classes = model.classes.length;
  const accuracy = (p: Float32Array) => accuracyOf(mostProbable(p, classes), labels);
  const probabilities = calibrated(model, mean);
  return {
    accuracy: accuracy(probabilities),
    ...scoreProbabilities(probabilities, labels, classes),
    members: each.map(accuracy),
    flops: membersFlops(model, rows),
  };
}

/** The share of rows that the ensemble classifies correctly; R² of a model that predicts numbers. */
export function score(model: Model, dataset: Dataset, kernels?: Kernels): number {
  return model.targetScaling === undefined
    ? scoreMembers(model, dataset, kernels).accuracy
    : scoreRegression(model, dataset, kernels).r2;
}

function membersFlops({ members }: Model, rows: number): number {
  return members.reduce(
    (sum, { layers }) => sum + totalFlops(predictionFlops(layers.map(layerSizeOf), rows)),
    0,
  );
}

function modelLabels(model: Model, dataset: Dataset): Int32Array {
  const labels = dataset.classes.map((label) => model.classes.indexOf(label));
  return dataset.labels.map((label, row) => {
    if (labels[label] < 0) {
      throw new RangeError(
        `Cannot score row ${row} of "${dataset.source}": found class "${
          dataset.classes[label]
        }", ` +
          `need one of ${model.classes.map((name) => `"${name}"`).join(", ")}`,
      );
    }
    return labels[label];
  });
}
