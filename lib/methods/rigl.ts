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
  type UpdateTimes,
} from "../topology/mod.ts";

/**
 * RigL: the weights smallest in magnitude are pruned, and as many connections grow where the gradient is
 * largest, with weight 0. {@linkcode cosineTimes} are its times. With a larger change of this kind between two members it is the EDST of S. Liu
 * et al., ICLR 2022, https://arxiv.org/abs/2106.14568.
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

/**
 * RigL's times: an update every ΔT steps until the share T_end of training. The share of connections that
 * it replaces falls by a cosine: α / 2 × (1 + cos(π t / T_end)). The paper has ΔT = 100, α = 0.3 and
 * T_end = 0.75.
 *
 * @example Usage
 * ```ts
 * import { cosineTimes } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const { pruneRate } = cosineTimes(100, 0.3, 0.75);
 * assert.equal(pruneRate!(0), 0.3);
 * assert.ok(Math.abs(pruneRate!(0.375) - 0.15) < 1e-15);
 * ```
 */
export function cosineTimes(every: number, pruneRate: number, until: number): UpdateTimes {
  return {
    every,
    unit: "steps",
    until,
    pruneRate: (progress) => pruneRate / 2 * (1 + Math.cos(Math.PI * progress / until)),
  };
}
