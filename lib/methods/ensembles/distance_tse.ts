/**
 * Distance re-initialisation (Dist-TSE): a new member's weights are farther from its predecessor's than
 * random regrowth usually makes them. Algorithm 2 of P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi
 * and D. C. Mocanu, "Multilayer perceptron ensembles in a truly sparse training context", Neural
 * Computing and Applications, 2025, https://doi.org/10.1007/s00521-025-11294-3.
 *
 * @module
 */
import { integer, number } from "../../setting.ts";
import {
  growRandom,
  type LayerwiseStrategy,
  pruneMagnitude,
  pruneSigned,
} from "../../topology/mod.ts";
import { GROWTH, growthOf, type GrowthSettings } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";
import { type DistanceOptions, growDistant } from "./distant_growth.ts";

/** The settings of Dist-TSE. */
export interface DistanceSettings extends GrowthSettings {
  /** λ: the distance coefficient of Dist-TSE. */
  readonly lambda: number;
  /** The number of candidates from which Dist-TSE's threshold is computed. */
  readonly distanceSamples: number;
}

/**
 * The distance strategy. To re-initialise a hidden-to-hidden layer, candidates are drawn: random
 * regrowths with weights from the initialiser. First `samples` candidates give the mean and the standard
 * deviation (divided by their number) of the Euclidean (Frobenius) distance to the layer before pruning.
 * Then candidates are drawn until the distance of one exceeds mean + λ × standard deviation. The first
 * layer, and all layers in updates, use `grow`.
 *
 * The notes of a growth are `iterations` (all candidates, samples included, as in the paper),
 * `distance`, `mean`, `deviation`, and `failSafe: "farthest"` if no candidate was far enough.
 *
 * A candidate takes O(connections to grow): see {@linkcode drawCandidate}.
 *
 * @throws {RangeError} If an option is out of range; from `grow`, with `failSafe: "error"`, if no
 * candidate is far enough.
 *
 * @example Usage
 * ```ts
 * import { distanceTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distanceTopology({ lambda: 2 }).name, "Dist-TSE");
 * ```
 */
export function distanceTopology(options: DistanceOptions = {}): LayerwiseStrategy {
  const {
    lambda = 1.5,
    samples = 100,
    maxIterations = 1000,
    failSafe = "farthest",
    grow = growRandom,
  } = options;
  if (!Number.isFinite(lambda)) {
    throw new RangeError(`Cannot grow by distance: lambda is ${lambda}, need a finite number`);
  }
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(`Cannot grow by distance: samples is ${samples}, need an integer from 1`);
  }
  if (!Number.isInteger(maxIterations) || maxIterations < 1) {
    throw new RangeError(
      `Cannot grow by distance: maxIterations is ${maxIterations}, need an integer from 1`,
    );
  }
  if (failSafe !== "farthest" && failSafe !== "error") {
    throw new RangeError(
      `Cannot grow by distance: failSafe is "${failSafe}", need "farthest" or "error"`,
    );
  }
  const settled = { lambda, samples, maxIterations, failSafe, grow };
  return {
    name: "Dist-TSE",
    update: { prune: pruneSigned, grow },
    reinitialize: { prune: pruneMagnitude, grow: (request) => growDistant(request, settled) },
  };
}

/**
 * Dist-TSE (Distance TSE): each new member begins far from its predecessor, by the Euclidean distance of
 * the weights.
 */
export const DIST_TSE: Method<"dist", DistanceSettings> = {
  name: "dist",
  title: "Dist-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth; a new member's weights are far from those of its predecessor",
  layers: "sparse",
  members: "sequential",
  settings: {
    ...GROWTH,
    lambda: number("λ: the distance coefficient of Dist-TSE", 1.5, 0, 100),
    distanceSamples: integer(
      "The number of candidates from which Dist-TSE's threshold is computed",
      100,
      2,
      1_000_000,
    ),
  },
  paper: {},
  strategy: ({ lambda, distanceSamples: samples, ...growth }) =>
    distanceTopology({ lambda, samples, grow: growthOf(growth) }),
  label: ({ lambda }) => `Dist-TSE, λ = ${lambda}`,
};
