/**
 * EDST with random growth (EDST_RG). S. Liu et al., "Deep ensembling with no overhead for either training
 * or testing: the all-round blessings of dynamic sparsity", ICLR 2022, https://arxiv.org/abs/2106.14568.
 *
 * @module
 */
import {
  type Grow,
  growRandom,
  type LayerwiseStrategy,
  pruneMagnitude,
  pruneSigned,
} from "../../topology/mod.ts";
import {
  GROWTH,
  growthOf,
  type GrowthSettings,
  inSteps,
  STEPS,
  type StepSettings,
} from "../growth.ts";
import type { Method } from "../method.ts";
import { riglTopology } from "../sparse_to_sparse/mod.ts";

/**
 * EDST with random growth: updates are those of sparse evolutionary training. Between two members the
 * weights smallest in magnitude are pruned, and as many connections grow at random.
 *
 * @param grow The growth rule. Left out: random growth.
 *
 * @example Usage
 * ```ts
 * import { randomGrowthTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(randomGrowthTopology().name, "EDST_RG");
 * ```
 */
export function randomGrowthTopology(grow: Grow = growRandom): LayerwiseStrategy {
  return {
    name: "EDST_RG",
    update: { prune: pruneSigned, grow },
    reinitialize: { prune: pruneMagnitude, grow },
  };
}

/**
 * EDST: members from one training run, with random growth unless the settings ask for another rule. With
 * growth by gradient, updates every 1,000 steps and a pruning rate of 0.5 it is the publication's EDST for
 * CIFAR. As in the publication, the pruning rate is the same in all updates. The publication's runs have
 * 150 epochs of exploration and 100 epochs for each of three members, and they replace 0.8 of the
 * connections between two members.
 */
export const EDST: Method<"edst", GrowthSettings & StepSettings> = {
  name: "edst",
  title: "EDST_RG",
  family: "ensembles",
  source:
    'S. Liu et al., "Deep ensembling with no overhead for either training or testing: the all-round ' +
    'blessings of dynamic sparsity", ICLR 2022, ' +
    "https://arxiv.org/abs/2106.14568",
  says: "random growth; with `--growth gradient` it is the original EDST",
  layers: "sparse",
  members: "sequential",
  settings: { ...GROWTH, ...STEPS },
  paper: { refinement: "plain" },
  strategy(settings) {
    const { growth } = settings;
    const byGradient = growth === "gradient" || growth === "sampled-gradient";
    const topology = byGradient
      ? { ...riglTopology({ candidates: settings.growthCandidates }), name: "EDST" }
      : randomGrowthTopology(growthOf(settings));
    return inSteps(topology, settings, ({ from }) => () => from);
  },
};
