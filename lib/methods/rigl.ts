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
} from "../topology/mod.ts";
import { GROWTH, type GrowthSettings } from "./growth.ts";
import type { Method } from "./method.ts";

/**
 * RigL: the weights smallest in magnitude are pruned, and as many connections grow where the gradient is
 * largest, with weight 0. With a larger change of this kind between two members it is the EDST of S. Liu
 * et al., ICLR 2022, https://arxiv.org/abs/2106.14568.
 *
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
export function riglTopology(options: GradientPlacementOptions = {}): LayerwiseStrategy {
  const change = { prune: pruneMagnitude, grow: growWith(gradientPlacement(options)) };
  return { name: "RigL", update: change, reinitialize: change };
}

/** RigL: one network or independent ones. */
export const RIGL: Method<"rigl", Pick<GrowthSettings, "growthCandidates">> = {
  name: "rigl",
  title: "RigL",
  source: 'U. Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020, ' +
    "https://arxiv.org/abs/1911.11134",
  says: "the weakest weights go, growth where the gradient is largest",
  layers: "sparse",
  members: "independent",
  settings: { growthCandidates: GROWTH.growthCandidates },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  only: { growth: ["gradient"] },
  strategy: ({ growthCandidates: candidates }) => riglTopology({ candidates }),
};
