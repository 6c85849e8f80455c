/**
 * Boosting. Classes: J. Zhu, H. Zou, S. Rosset and T. Hastie, "Multi-class AdaBoost", Statistics and Its
 * Interface 2, 2009, https://doi.org/10.4310/SII.2009.v2.n3.a8. Numbers: J. H. Friedman, "Greedy function
 * approximation: a gradient boosting machine", Annals of Statistics 29, 2001,
 * https://doi.org/10.1214/aos/1013203451.
 *
 * @module
 */
import { number } from "../../setting.ts";
import type { GrowthSettings, StepSettings } from "../growth.ts";
import type { KnownRows } from "../members.ts";
import type { Method } from "../method.ts";
import { SET } from "../sparse_to_sparse/mod.ts";

/** The settings of boosting. */
export interface BoostingSettings extends GrowthSettings, StepSettings {
  /** ν, the shrinkage: the factor of a boosted member's answer, or of its vote. */
  readonly shrinkage: number;
}

/**
 * Computes the votes of members and the weights of the rows after them (SAMME). A member's vote is ν ×
 * (log((1 − e) / e) + log(K − 1)), where e is the weighted share of wrong rows and K the number of classes.
 * The weight of a wrong row is then multiplied by exp(vote). A member that is no better than chance has
 * vote 0. For a member without a wrong row, e is half the smallest weight of a row.
 *
 * @param outputs Probabilities of each member: rows × classes, row by row.
 *
 * @example Usage
 * ```ts
 * import { adaBoost } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * // Of four rows one is wrong: e = 1/4, and the vote is ln 3. The wrong row then weighs a half.
 * const right = [1, 0, 1, 0, 1, 0, 1, 0];
 * const { weights, votes } = adaBoost(Int32Array.of(0, 0, 0, 1), [Float32Array.from(right)], 1);
 * assert.equal(votes[0], Math.log(3));
 * assert.deepEqual(Array.from(weights, (weight) => weight.toFixed(9)), [
 *   ...["0.166666667", "0.166666667", "0.166666667", "0.500000000"],
 * ]);
 * ```
 */
export function adaBoost(
  labels: Int32Array,
  outputs: readonly Float32Array[],
  shrinkage: number,
): { weights: Float64Array; votes: number[] } {
  const { length } = labels;
  let weights = new Float64Array(length).fill(1 / length);
  const votes = outputs.map((probabilities) => {
    const classes = probabilities.length / length;
    const isWrong = (row: number) => {
      const own = probabilities.subarray(row * classes, (row + 1) * classes);
      return own.indexOf(Math.max(...own)) !== labels[row];
    };
    const wrong = weights.reduce((sum, weight, row) => sum + (isWrong(row) ? weight : 0), 0);
    const lightest = weights.reduce((least, weight) => Math.min(least, weight));
    const share = Math.min(1, Math.max(wrong, lightest / 2));
    const evidence = share === 1 ? 0 : Math.log((1 - share) / share) + Math.log(classes - 1);
    const vote = shrinkage * Math.max(0, evidence);
    const raw = weights.map((weight, row) => isWrong(row) ? weight * Math.exp(vote) : weight);
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    weights = raw.map((weight) => weight / total);
    return vote;
  });
  return { weights, votes };
}

/**
 * Computes the residuals that the next member learns: the targets minus the first member's answers, minus ν
 * × the answers of the others.
 *
 * @example Usage
 * ```ts
 * import { residuals } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const left = residuals(Float32Array.of(4), [Float32Array.of(2), Float32Array.of(3)], 0.5);
 * assert.deepEqual([...left], [0.5]);
 * ```
 */
export function residuals(
  targets: Float32Array,
  outputs: readonly Float32Array[],
  shrinkage: number,
): Float32Array {
  return targets.map((target, row) =>
    outputs.reduce((left, output, member) => left - part(member, shrinkage) * output[row], target)
  );
}

/** The factor of a member's answer: 1 for the first member, ν for the others. */
function part(member: number, shrinkage: number): number {
  return member === 0 ? 1 : shrinkage;
}

/**
 * Boosting of sparse networks, each of which evolves as in sparse evolutionary training.
 *
 * With classes it is SAMME: a row that a member gets wrong weighs more for the next member. The answer is
 * the mean of the members' probabilities, weighted by their votes. The publication counts votes for the
 * most probable class instead.
 *
 * With numbers it is least-squares boosting: a member learns the residuals of the members before it. The
 * answer is that of the first member plus ν × the sum of the others, so the score of a single later member
 * says little. The publication begins with a constant instead of a network.
 *
 * Boosting is meant for weak members, because strong ones leave few wrong rows. Use a small network or few
 * epochs. Friedman's ν of 0.1 is for hundreds of trees; the default of 0.5 is for few networks.
 */
export const BOOSTING: Method<"boosting", BoostingSettings> = {
  name: "boosting",
  title: "Boosting",
  family: "ensembles",
  source: 'J. Zhu, H. Zou, S. Rosset and T. Hastie, "Multi-class AdaBoost", Statistics and Its ' +
    "Interface 2, 2009, https://doi.org/10.4310/SII.2009.v2.n3.a8",
  says: "as with `set`; each member learns from the errors of the members before it",
  layers: "sparse",
  members: "independent",
  settings: {
    ...SET.settings,
    shrinkage: number(
      "ν, the shrinkage: the factor of a boosted member's answer, or of its vote",
      0.5,
      0,
      1,
    ),
  },
  paper: { explore: 0, learningRate: 0.01 },
  lesson: ({ labels, targets }: KnownRows, earlier, { shrinkage }) => {
    if (earlier.length === 0) return {};
    if (targets !== undefined) return { targets: residuals(targets, earlier, shrinkage) };
    return { weights: adaBoost(labels, earlier, shrinkage).weights };
  },
  votes: ({ labels, targets }, outputs, { shrinkage }) => {
    if (targets !== undefined) return outputs.map((_, member) => part(member, shrinkage));
    const { votes } = adaBoost(labels, outputs, shrinkage);
    const total = votes.reduce((sum, vote) => sum + vote, 0);
    return votes.map((vote) => total === 0 ? 1 / votes.length : vote / total);
  },
  strategy: (settings) => ({ ...SET.strategy!(settings), name: "boosting" }),
};
