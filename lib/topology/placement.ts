import { type Pattern, sampleFree } from "../sparse/mod.ts";
import type { Grow, GrowRequest, Growth } from "./strategy.ts";

/** How connections are placed among the positions that are free, whatever makes them so. */
export interface Placement {
  /**
   * Chooses positions.
   *
   * @param taken Connections whose positions are not to be chosen; all of the layer's shape.
   * @param count How many to choose.
   * @returns Length `count`: flat positions, ascending, each at most once.
   * @throws {RangeError} If fewer are free.
   */
  readonly choose: (
    request: GrowRequest,
    taken: readonly Pattern[],
    count: number,
  ) => Float64Array;
  /** What the new connections weigh: drawn from the layer's initialiser, or nothing. */
  readonly weights: "initializer" | "zero";
}

/**
 * Every set of free positions is equally likely, and the weights come from the initialiser.
 *
 * @example Usage
 * ```ts
 * import { disjointTopology } from "@sparsemble/sparsemble/methods";
 * import { RANDOM_PLACEMENT } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const strategy = disjointTopology({ fully: true, placement: RANDOM_PLACEMENT });
 * assert.equal(strategy.name, "FD-TSE");
 * ```
 */
export const RANDOM_PLACEMENT: Placement = {
  choose: (request, taken, count) =>
    sampleFree(taken, count, request.survivors.shape, request.random),
  weights: "initializer",
};

/**
 * Grows by a placement among all positions that are free after the removal.
 *
 * @example Usage
 * ```ts
 * import { growWith, strengthPlacement, type TopologyStrategy } from "@sparsemble/sparsemble/topology";
 * import { pruneSigned } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const grow = growWith(strengthPlacement({ candidates: 5 }));
 * const mine: TopologyStrategy = { name: "mine", update: { prune: pruneSigned, grow } };
 * assert.equal(mine.update?.grow, grow);
 * ```
 */
export function growWith(placement: Placement): Grow {
  return (request) => {
    const positions = placement.choose(request, [request.survivors], request.count);
    return { positions, ...placedWeights(placement, request, positions.length) };
  };
}

/**
 * Grows connections uniformly at random among the positions that are free after the removal: a
 * just-removed position may come back. Their weights come from the layer's initialiser.
 *
 * @throws {RangeError} If fewer positions are free than connections to grow.
 *
 * @example Usage
 * ```ts
 * import { growRandom, pruneSigned, type TopologyStrategy } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const mine: TopologyStrategy = { name: "mine", update: { prune: pruneSigned, grow: growRandom } };
 * assert.equal(mine.update?.grow, growRandom);
 * ```
 */
export const growRandom: Grow = growWith(RANDOM_PLACEMENT);

/** The weights of a placement's new connections, where they are not left to the initialiser. */
export function placedWeights(
  placement: Placement,
  request: GrowRequest,
  count: number,
): Pick<Growth, "values"> {
  if (placement.weights === "initializer") return {};
  const double = request.before.weights instanceof Float64Array;
  return { values: double ? new Float64Array(count) : new Float32Array(count) };
}
