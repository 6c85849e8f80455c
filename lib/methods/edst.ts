import {
  type Grow,
  growRandom,
  pruneMagnitude,
  pruneSigned,
  type TopologyStrategy,
} from "../topology/mod.ts";

/**
 * EDST with random growth (EDST_RG): updates as in sparse evolutionary training; between two members
 * the weights smallest in magnitude go and as many connections grow at random (Liu et al., "Deep
 * ensembling with no overhead for either training or testing", ICLR 2022).
 *
 * @param grow Where connections grow, if not at random.
 *
 * @example Usage
 * ```ts
 * import { randomGrowthTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(randomGrowthTopology().name, "EDST_RG");
 * ```
 */
export function randomGrowthTopology(grow: Grow = growRandom): TopologyStrategy {
  return {
    name: "EDST_RG",
    update: { prune: pruneSigned, grow },
    reinitialize: { prune: pruneMagnitude, grow },
  };
}
