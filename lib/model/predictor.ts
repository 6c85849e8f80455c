/**
 * Predictions of a model for raw rows: classes, probabilities or numbers.
 *
 * @module
 */
import { preprocess, unscaleTargets } from "../data/preprocessing/mod.ts";
import { chooseKernels, type Kernels, requireKernels } from "../kernels/mod.ts";
import {
  ensembleOutputs,
  mostProbable,
  type OpenEnsemble,
  openEnsemble,
  rawFeatures,
  type RawRows,
  withTemperature,
} from "../prediction/mod.ts";
import { activationOf } from "../settings/mod.ts";
import { plural } from "../messages.ts";
import { type Model, requireModel } from "./model.ts";
import { useResident } from "./resident.ts";

/** A model in kernel memory, for many predictions. After `dispose` its functions throw an Error. */
export interface Predictor extends Disposable {
  /**
   * The probability of every class for every row: length rows × classes, row after row.
   *
   * @param before The number of earlier rows of the same table, for row numbers in messages. Left out: 0.
   */
  predictProba(rows: RawRows, before?: number): Float32Array;
  /** The most probable class of every row, spelled as in the training file. */
  predict(rows: RawRows): string[];
  /** The predicted number of every row: the mean of the members' numbers. */
  predictValues(rows: RawRows, before?: number): Float32Array;
  /** Gives the memory back. Safe to call twice. */
  dispose(): void;
}

/**
 * Opens a model for many predictions. A single row then costs little more than its arithmetic.
 *
 * @param kernels The back end. Left out: the fastest available.
 * @throws {TypeError} If `model` is no model, or `kernels` are no kernels.
 * @throws {RangeError} If the model has no members.
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
 * using predictor = openPredictor(await fit(dataset, { hidden: [20], epochs: 4, members: 2 }));
 * assert.equal(predictor.predictProba([[3, 50]]).length, 2);
 * ```
 */
export function openPredictor(model: Model, kernels?: Kernels): Predictor {
  requireModel("predict", model);
  return predictorOf(model, openMembers(model, kernels));
}

/** Makes a predictor of a model whose members are in kernel memory. */
function predictorOf(model: Model, ensemble: OpenEnsemble): Predictor {
  const { targetScaling } = model;
  const outputs = (rows: RawRows) => {
    const { features, count } = rawFeatures(model.preprocessing, rows);
    const columns = model.preprocessing.featureNames.length;
    const inputs = preprocess(model.preprocessing, features, count, columns);
    return ensembleOutputs(ensemble, inputs, count);
  };
  const predictProba = (rows: RawRows, before = 0) => {
    if (targetScaling !== undefined) throw wrongTask("classes", "predictValues");
    return finiteOutputs(calibrated(model, outputs(rows)), model.classes.length, before);
  };
  const dispose = () => ensemble.dispose();
  return {
    predictProba,
    predict: (rows) => {
      const labels = mostProbable(predictProba(rows), model.classes.length);
      return Array.from(labels, (label) => model.classes[label]);
    },
    predictValues(rows, before = 0) {
      if (targetScaling === undefined) throw wrongTask("numbers", "predict or predictProba");
      return finiteOutputs(unscaleTargets(targetScaling, outputs(rows)), 1, before);
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** Copies the model's members into kernel memory. */
export function openMembers({ members, settings }: Model, kernels?: Kernels): OpenEnsemble {
  const chosen = kernels ?? chooseKernels("auto").kernels;
  requireKernels("predict", chosen);
  return openEnsemble(members, activationOf(settings), chosen);
}

/** Applies the model's temperature to the ensemble's probabilities. */
export function calibrated(
  { temperature, classes }: Model,
  probabilities: Float32Array,
): Float32Array {
  return temperature === undefined
    ? probabilities
    : withTemperature(probabilities, classes.length, temperature);
}

/**
 * Checks that outputs are finite. Without this check, NaN would predict the first class.
 *
 * @param before The number of earlier rows, for the message.
 * @throws {RangeError} If an output is not finite.
 */
export function finiteOutputs(outputs: Float32Array, width: number, before = 0): Float32Array {
  const first = outputs.findIndex((output) => !Number.isFinite(output));
  if (first < 0) return outputs;
  let rows = 0;
  for (let from = 0; from < outputs.length; from += width) {
    if (!outputs.subarray(from, from + width).every(Number.isFinite)) rows++;
  }
  throw new RangeError(
    `Cannot predict ${plural(rows, "row")} of ${
      before + outputs.length / width
    }: found outputs that are not ` +
      `finite, first in row ${
        before + Math.floor(first / width)
      } (from 0), need values nearer to the training rows'`,
  );
}

function wrongTask(asked: "classes" | "numbers", instead: string): TypeError {
  const own = asked === "classes" ? "numbers" : "classes";
  return new TypeError(`Cannot predict ${asked}: found a model of ${own}, need ${instead} for it`);
}

/** Calls a predictor that stays in kernel memory for the next call, as long as its model is in use. */
function ask<Answer>(
  model: Model,
  kernels: Kernels | undefined,
  question: (predictor: Predictor) => Answer,
): Answer {
  requireModel("predict", model);
  return useResident(
    model,
    kernels,
    openMembers,
    (members) => question(predictorOf(model, members)),
  );
}

/**
 * Predicts the probability of every class for every row. The model stays in kernel memory for the next
 * call, so its arrays must not be changed in place.
 *
 * @param rows Raw feature columns, in the order of `model.preprocessing.featureNames`.
 * @returns Length rows × classes, row after row.
 * @throws {TypeError} If the rows have another number of columns, or text in a column of numbers.
 * @throws {RangeError} If a value is infinite, or an output is not finite.
 */
export function predictProba(model: Model, rows: RawRows, kernels?: Kernels): Float32Array {
  return ask(model, kernels, (predictor) => predictor.predictProba(rows));
}

/**
 * Predicts the most probable class of every row, spelled as in the training file.
 *
 * @param rows Raw feature columns, in the order of `model.preprocessing.featureNames`.
 * @param kernels The back end. Left out: the fastest available.
 * @returns Length rows.
 * @throws {TypeError} If the model predicts numbers, the rows have another number of columns, or there is
 * text in a column of numbers.
 * @throws {RangeError} If a value is infinite, or an output is not finite.
 */
export function predict(model: Model, rows: RawRows, kernels?: Kernels): string[] {
  return ask(model, kernels, (predictor) => predictor.predict(rows));
}

/**
 * The predicted number of every row, in the unit of the target: the mean of the members' numbers.
 *
 * @param rows Raw feature columns, in the order of `model.preprocessing.featureNames`.
 * @throws {TypeError} If the model predicts classes, the rows have another number of columns, or there is
 * text in a column of numbers.
 * @throws {RangeError} If a value is infinite, or an output is not finite.
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
 * const model = await fit(dataset, { hidden: [32, 32], members: 2, trials: 0 });
 * const [value] = predictValues(model, [[10, 5]]);
 * assert.ok(Math.abs(value - 1100) < 20, `${value}`);
 * ```
 */
export function predictValues(model: Model, rows: RawRows, kernels?: Kernels): Float32Array {
  return ask(model, kernels, (predictor) => predictor.predictValues(rows));
}
