/**
 * In-time over-parameterization (ITOP). S. Liu, L. Yin, D. C. Mocanu and M. Pechenizkiy, "Do we actually
 * need dense over-parameterization? In-time over-parameterization in sparse training", ICML 2021,
 * https://arxiv.org/abs/2102.02887.
 *
 * @module
 */
import {
  growWith,
  type LayerwiseStrategy,
  pruneMagnitude,
  RANDOM_PLACEMENT,
} from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";
import { riglTopology } from "./rigl.ts";

const SOURCE =
  'S. Liu et al., "Do we actually need dense over-parameterization? In-time over-parameterization in ' +
  'sparse training", ICML 2021, https://arxiv.org/abs/2102.02887';

/**
 * The SET of ITOP: the weights smallest in magnitude are pruned, whatever their sign, and as many
 * connections grow at random with weight 0. The pruning rate begins at 0.5 and falls along a cosine.
 * Updates are rare, every 1,500 steps of 128 rows, so that new connections have time to grow before the
 * next pruning. In the paper the accuracy depends on the share of positions that were ever connected. Many
 * updates and a long training raise this share.
 *
 * @example Usage
 * ```ts
 * import { setItopTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(setItopTopology().name, "SET-ITOP");
 * ```
 */
export function setItopTopology(): LayerwiseStrategy {
  const grow = growWith({ ...RANDOM_PLACEMENT, weights: "zero" });
  return { name: "SET-ITOP", source: SOURCE, update: { prune: pruneMagnitude, grow } };
}

/** SET with the settings of ITOP. The steps are those of the paper; small tables need fewer of them. */
export const SET_ITOP: Method<"set-itop", StepSettings> = {
  name: "set-itop",
  title: "SET-ITOP",
  family: "sparse to sparse",
  source: SOURCE,
  says: "rare and large updates: prunes the weakest weights, random growth",
  layers: "sparse",
  members: "independent",
  settings: STEPS,
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 1500, pruneRate: 0.5 },
  strategy: (settings) => inSteps(setItopTopology(), settings),
};

/** RigL with the settings of ITOP: 4,000 steps of 128 rows, on CIFAR. */
export const RIGL_ITOP: Method<"rigl-itop", StepSettings> = {
  name: "rigl-itop",
  title: "RigL-ITOP",
  family: "sparse to sparse",
  source: SOURCE,
  says: "rare and large updates: prunes the weakest weights, grows where the gradient is largest",
  costs: "the gradient of all positions, on one batch",
  layers: "sparse",
  members: "independent",
  settings: STEPS,
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 4000, pruneRate: 0.5 },
  only: { growth: ["gradient"] },
  strategy: (settings) => inSteps({ ...riglTopology(), name: "RigL-ITOP" }, settings),
};
