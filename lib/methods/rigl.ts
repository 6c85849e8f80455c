import {
  gradientPlacement,
  type GradientPlacementOptions,
  growWith,
  pruneMagnitude,
  type TopologyStrategy,
} from "../topology/mod.ts";

/**
 * RigL: the weights smallest in magnitude go, and as many connections grow where the gradient is
 * largest, with weight 0 (Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020).
 * The same change, larger, between two members of one training run makes it the EDST of Liu et al.,
 * "Deep ensembling with no overhead for either training or testing", ICLR 2022.
 *
 * @throws {RangeError} If `candidates` is not at least 1.
 *
 * @example Usage
 * ```ts
 * import { riglTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(riglTopology().name, "RigL");
 * ```
 */
export function riglTopology(options: GradientPlacementOptions = {}): TopologyStrategy {
  const change = { prune: pruneMagnitude, grow: growWith(gradientPlacement(options)) };
  return { name: "RigL", update: change, reinitialize: change };
}
