import { type Grow, growRandom, pruneSigned, type TopologyStrategy } from "../topology/mod.ts";

/**
 * Sparse evolutionary training: every few epochs the weights closest to zero go, of each sign on its
 * own, and as many connections grow at random (Mocanu et al., "Scalable training of artificial
 * neural networks with adaptive sparse connectivity inspired by network science", Nature
 * Communications 9, 2018).
 *
 * @param grow Where connections grow, if not at random.
 *
 * @example Usage
 * ```ts
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(setTopology().name, "SET");
 * ```
 */
export function setTopology(grow: Grow = growRandom): TopologyStrategy {
  return { name: "SET", update: { prune: pruneSigned, grow } };
}
