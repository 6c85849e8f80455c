import { classSets, type Conformal } from "../prediction/mod.ts";
import type { Model } from "./model.ts";

/** Intervals around predicted numbers, in the unit of the target. */
export interface Intervals {
  /** The lower ends. */
  readonly lower: Float64Array;
  /** The upper ends. */
  readonly upper: Float64Array;
}

/**
 * Computes prediction intervals. They contain the true number for the share of new rows that the setting
 * `coverage` names.
 *
 * @param values The numbers that {@linkcode predictValues} gives.
 * @throws {TypeError} If the model has no intervals, or predicts classes.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, predictValues } from "@sparsemble/sparsemble";
 * import { predictionIntervals } from "@sparsemble/sparsemble/model";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 200 }, (_, row) => [row % 20]),
 *   targets: Array.from({ length: 200 }, (_, row) => row % 20 + row % 3),
 * });
 * const small = { hidden: [16], epochs: 4, members: 2, trials: 1 };
 * const model = await fit(dataset, { ...small, coverage: 0.9 });
 * const { lower, upper } = predictionIntervals(model, predictValues(model, [[10]]));
 * assert.ok(lower[0] < upper[0]);
 * ```
 */
export function predictionIntervals(model: Model, values: ArrayLike<number>): Intervals {
  const { quantile } = conformalOf(model);
  if (model.targetScaling === undefined) {
    throw new TypeError("Cannot give intervals: found a model of classes, need one of numbers");
  }
  return {
    lower: Float64Array.from(values, (value) => value - quantile),
    upper: Float64Array.from(values, (value) => value + quantile),
  };
}

/**
 * Computes prediction sets. They contain the true class for the share of new rows that the setting
 * `coverage` names. The most probable class is in every set.
 *
 * @param probabilities The probabilities that {@linkcode predictProba} gives.
 * @throws {TypeError} If the model has no sets, or predicts numbers.
 */
export function predictionSets(model: Model, probabilities: ArrayLike<number>): string[][] {
  const conformal = conformalOf(model);
  if (model.targetScaling !== undefined) {
    throw new TypeError(
      "Cannot give sets of classes: found a model of numbers, need one of classes",
    );
  }
  return classSets(probabilities, model.classes.length, conformal)
    .map((set) => set.map((label) => model.classes[label]));
}

function conformalOf({ conformal }: Model): Conformal {
  if (conformal !== undefined) return conformal;
  throw new TypeError(
    "Cannot give intervals or sets: found a model without, need one trained with a coverage",
  );
}
