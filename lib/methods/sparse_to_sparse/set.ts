/**
 * Sparse evolutionary training (SET). D. C. Mocanu et al., "Scalable training of artificial neural
 * networks with adaptive sparse connectivity inspired by network science", Nature Communications 9,
 * 2018, https://doi.org/10.1038/s41467-018-04316-3.
 *
 * @module
 */
import { type Grow, growRandom, type LayerwiseStrategy, pruneSigned } from "../../topology/mod.ts";
import {
  GROWTH,
  growthOf,
  type GrowthSettings,
  inSteps,
  STEPS,
  type StepSettings,
} from "../growth.ts";
import type { Method } from "../method.ts";

/**
 * Sparse evolutionary training: the positive and the negative weights closest to zero are pruned, and as
 * many connections grow at random. The initialiser draws their weights. The paper has ζ = 0.3 and an update
 * after every epoch; the recipes here have their own ζ and interval.
 *
 * @param grow The growth rule. Left out: random growth.
 *
 * @example Usage
 * ```ts
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(setTopology().name, "SET");
 * ```
 */
export function setTopology(grow: Grow = growRandom): LayerwiseStrategy {
  return { name: "SET", update: { prune: pruneSigned, grow } };
}

/** Sparse evolutionary training: one network or independent ones. */
export const SET: Method<"set", GrowthSettings & StepSettings> = {
  name: "set",
  title: "SET-MLP",
  family: "sparse to sparse",
  source:
    'D. C. Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse ' +
    'connectivity inspired by network science", Nature Communications 9, 2018, ' +
    "https://doi.org/10.1038/s41467-018-04316-3",
  says: "prunes the weakest weights of each sign, random growth",
  layers: "sparse",
  members: "independent",
  settings: { ...GROWTH, ...STEPS },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  strategy: (settings) => inSteps(setTopology(growthOf(settings)), settings),
};
