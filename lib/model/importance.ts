/**
 * The importance of a model's columns.
 *
 * @module
 */
import { requireOptions } from "../arguments.ts";
import { columnInputs, inputCount, unscaleTargets } from "../data/preprocessing/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { requireInteger } from "../messages.ts";
import {
  accuracyOf,
  drawPermutations,
  ensembleOutputs,
  inputStrengths,
  mostProbable,
  permutationLosses,
  regressionErrors,
} from "../prediction/mod.ts";
import { randomStream } from "../random.ts";
import { tInterval } from "../statistics/mod.ts";
import type { Model } from "./model.ts";
import { finiteOutputs, openMembers } from "./predictor.ts";
import {
  modelInputs,
  modelLabels,
  requireClasses,
  requireNumbers,
  requireScorable,
} from "./score.ts";

/** The importance of a column. */
export interface ColumnImportance {
  /** The column's name. */
  readonly column: string;
  /** The mean loss of score over the repeats when the column is permuted. */
  readonly loss: number;
  /** The lower end of the 95 % interval of the mean over all permutations (Student's). */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
  /** The loss in every repeat. */
  readonly losses: readonly number[];
  /**
   * The strength of the column's input neurons / the strength of all input neurons, as a mean over the
   * members.
   */
  readonly strength: number;
  /** The number of inputs that the column becomes; 0 if it is not used. */
  readonly inputs: number;
}

/** The importance of all columns of a model. */
export interface Importance {
  /** The kind of score: the accuracy of classes, from 0 to 1, or R² of numbers. */
  readonly measure: "accuracy" | "r2";
  /** The score without permutation. */
  readonly score: number;
  /** The number of scored rows. */
  readonly rows: number;
  /** The number of permutations of each column. */
  readonly repeats: number;
  /** `true` if the rows have weights. The score is then weighted. Left out without weights. */
  readonly weighted?: true | undefined;
  /** The columns in the order of the table. */
  readonly columns: readonly ColumnImportance[];
}

/**
 * The maximal number of permutations. More would narrow the interval of the mean little, and each one
 * predicts all rows.
 */
const MOST_REPEATS = 1000;

/**
 * Checks the number of permutations of each column.
 *
 * @throws {RangeError} If it is no integer from 2 to 1,000.
 */
export function requireRepeats(repeats: number): void {
  requireInteger("tell importance", repeats, "repeats", 2, MOST_REPEATS);
}

/** The options of {@linkcode importance}. */
export interface ImportanceOptions {
  /** The permutations of each column, from 2 to 1,000. Left out: 10. */
  readonly repeats?: number | undefined;
  /** The seed of the permutations. Left out: 1. */
  readonly seed?: number | undefined;
  /** The back end. Left out: the fastest available. */
  readonly kernels?: Kernels | undefined;
  /** Is called with the number of the next column, counted from 0. */
  readonly onColumn?: ((column: number, columns: number) => void) | undefined;
}

const OPTIONS: Readonly<Record<keyof ImportanceOptions, true>> = {
  repeats: true,
  seed: true,
  kernels: true,
  onColumn: true,
};

/**
 * Measures the importance of every column in two ways.
 *
 * **Permutation importance**: the loss of accuracy or R² when the column's values are permuted between rows
 * (L. Breiman, "Random forests", 2001, https://doi.org/10.1023/A:1010933404324). Use rows on which the
 * model was not trained. The interval is over permutations, not over other rows.
 *
 * **Strength**: the sum of |w| over the sparse connections that leave the column's input neurons. It needs
 * no rows (Z. Atashgahi et al., "Quick and robust feature selection: the strength of energy-efficient
 * sparse training for autoencoders", 2020, https://arxiv.org/abs/2012.00560). It is less reliable: a column
 * with many inputs has more strength, and a column of noise keeps some.
 *
 * A column of categories counts as one column, with all its inputs. If several columns carry the same
 * information, each has a small loss, because the model can use the others; their strengths remain large.
 *
 * @param dataset Rows with known classes or numbers, with the model's columns in its order. Its weights count.
 * @throws {RangeError} If `repeats` is no integer from 2 to 1,000, or a class is not one of the model's.
 * @throws {TypeError} If the model predicts classes and the data set has numbers, or the reverse.
 *
 * @example Usage
 * ```ts
 * import { datasetFromArrays, fit, importance } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]),
 *   labels: Array.from({ length: 400 }, (_, row) => row % 20 < 10 ? "low" : "high"),
 *   featureNames: ["hue", "noise"],
 * });
 * const model = await fit(dataset, { hidden: [32, 32], epsilon: 8 });
 * const [hue, noise] = importance(model, dataset).columns;
 * assert.ok(hue.low > 0.2 && noise.high < 0.1);
 * ```
 */
export function importance(
  model: Model,
  dataset: Dataset,
  options: ImportanceOptions = {},
): Importance {
  requireScorable(model, dataset);
  requireOptions("tell importance", options, OPTIONS);
  const { repeats = 10, seed = 1, kernels, onColumn } = options;
  requireRepeats(repeats);
  const { rows, weights } = dataset;
  const { targetScaling, classes, preprocessing } = model;
  if (targetScaling === undefined) requireClasses(model, dataset);
  else requireNumbers(model, dataset);
  const labels = targetScaling === undefined ? modelLabels(model, dataset) : new Int32Array(0);
  const inputs = modelInputs(model, dataset);
  const width = inputCount(preprocessing);
  const groups = columnInputs(preprocessing);
  using ensemble = openMembers(model, kernels);
  const scoreOf = (inputs: Float32Array) => {
    const outputs = finiteOutputs(ensembleOutputs(ensemble, inputs, rows), ensemble.classes);
    return targetScaling === undefined
      ? accuracyOf(mostProbable(outputs, classes.length), labels, weights)
      : regressionErrors(unscaleTargets(targetScaling, outputs), dataset.targets!, weights).r2;
  };
  const permutations = drawPermutations(rows, repeats, randomStream(seed, "importance"));
  const losses = permutationLosses(
    inputs,
    width,
    groups,
    permutations,
    scoreOf,
    (column) => onColumn?.(column, groups.length),
  );
  const strengths = inputShares(model, width);
  const score = scoreOf(inputs);
  // A share of rows cannot fall below 0, and neither score can rise above 1.
  const [least, most] = [score - 1, targetScaling === undefined ? score : Infinity];
  return {
    measure: targetScaling === undefined ? "accuracy" : "r2",
    score,
    rows,
    repeats,
    weighted: weights === undefined ? undefined : true,
    columns: groups.map((group, c) => {
      const { estimate, low, high } = tInterval(losses[c]);
      const strength = group.reduce((sum, input) => sum + strengths[input], 0);
      return {
        column: preprocessing.featureNames[c],
        loss: estimate,
        low: Math.max(least, low),
        high: Math.min(most, high),
        losses: losses[c],
        strength,
        inputs: group.length,
      };
    }),
  };
}

/**
 * Computes every input's share of the strength, as a mean over the members, weighted by their votes if they
 * have votes.
 *
 * @param width The number of inputs.
 * @returns Length inputs. They add up to 1.
 */
export function inputShares({ members }: Pick<Model, "members">, width: number): Float64Array {
  const shares = new Float64Array(width);
  // The votes of a boosted regression do not add up to 1.
  const parts = members.map(({ vote = 1 }) => Math.abs(vote));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  for (const [m, member] of members.entries()) {
    const strengths = inputStrengths(member);
    const all = strengths.reduce((sum, strength) => sum + strength, 0);
    if (all === 0 || whole === 0) continue;
    strengths.forEach((strength, input) => shares[input] += strength / all * parts[m] / whole);
  }
  return shares;
}
