/**
 * RigL. U. Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020,
 * https://arxiv.org/abs/1911.11134.
 *
 * @module
 */
import {
  gradientPlacement,
  type GradientPlacementOptions,
  growWith,
  type LayerwiseStrategy,
  pruneMagnitude,
} from "../../topology/mod.ts";
import { GROWTH, type GrowthSettings, inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/**
 * RigL: the weights smallest in magnitude are pruned, and as many connections grow where the gradient is
 * largest, with weight 0. The paper has an update every ΔT = 100 steps, for about three quarters of the
 * training (25,000 of 32,000 steps), with a pruning rate that falls from 0.3 along a cosine. The paper
 * changes the output layer too; here it is not changed. EDST (S. Liu et al., ICLR 2022,
 * https://arxiv.org/abs/2106.14568) is RigL with a larger change of the same kind between two members.
 *
 * @param options.candidates Left out: the gradient of all free positions, as in the paper.
 * @throws {RangeError} If `candidates` is less than 1.
 *
 * @example Usage
 * ```ts
 * import { riglTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(riglTopology().name, "RigL");
 * ```
 */
export function riglTopology(
  { candidates = null, weights }: GradientPlacementOptions = {},
): LayerwiseStrategy {
  const grow = growWith(gradientPlacement({ candidates, weights }));
  const change = { prune: pruneMagnitude, grow };
  return { name: "RigL", update: change, reinitialize: change };
}

/** RigL: one network or independent ones. */
export const RIGL: Method<"rigl", Pick<GrowthSettings, "growthCandidates"> & StepSettings> = {
  name: "rigl",
  title: "RigL",
  family: "sparse to sparse",
  source: 'U. Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020, ' +
    "https://arxiv.org/abs/1911.11134",
  says: "prunes the weakest weights, grows where the gradient is largest",
  costs: "the gradient of all positions, on one batch",
  layers: "sparse",
  members: "independent",
  settings: { growthCandidates: GROWTH.growthCandidates, ...STEPS },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { growthCandidates: null, updateSteps: 100, pruneRate: 0.3, evolveUntil: 0.75 },
  only: { growth: ["gradient", "sampled-gradient"] },
  strategy: (settings) =>
    inSteps(riglTopology({ candidates: settings.growthCandidates }), settings),
};
