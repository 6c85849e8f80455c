import { floatsLike } from "../kernels/mod.ts";
import { blockSizeOf, type Pattern, sampleFree } from "../sparse/mod.ts";
import type { Grow, GrowRequest, Growth } from "./strategy.ts";

/** A rule that chooses positions of new connections among the free ones. */
export interface Placement {
  /**
   * Chooses positions.
   *
   * @param taken Connections whose positions are not free; patterns of the layer's shape.
   * @param count The number of positions to choose.
   * @returns Length `count`: flat positions, ascending, each at most once.
   * @throws {RangeError} If fewer than `count` positions are free.
   */
  readonly choose: (request: GrowRequest, taken: readonly Pattern[], count: number) => Float64Array;
  /** The weights of new connections: drawn from the layer's initialiser, or 0. */
  readonly weights: "initializer" | "zero";
  /** The floating-point operations of a choice, without those of gradients. Left out: 0. */
  readonly flops?: ((request: GrowRequest) => number) | undefined;
}

/**
 * The random placement: every set of free positions is equally likely. The initialiser draws weights.
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
 * Makes a growth rule of a placement: it chooses among all positions that are free after pruning.
 *
 * @example Usage
 * ```ts
 * import type { TopologyStrategy } from "@sparsemble/sparsemble";
 * import { growWith, pruneSigned, strengthPlacement } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const grow = growWith(strengthPlacement({ candidates: 5 }));
 * const mine = { name: "mine", update: { prune: pruneSigned, grow } } satisfies TopologyStrategy;
 * assert.equal(mine.update.grow, grow);
 * ```
 */
export function growWith(placement: Placement): Grow {
  return (request) => {
    const positions = placement.choose(request, [request.survivors], request.count);
    return { positions, ...placedGrowth(placement, request, positions.length) };
  };
}

/**
 * Grows connections uniformly at random among the positions that are free after pruning. A connection
 * that was just pruned may come back. The layer's initialiser draws the weights.
 *
 * @throws {RangeError} If fewer positions are free than connections to grow.
 *
 * @example Usage
 * ```ts
 * import { growRandom, pruneSigned, type TopologyStrategy } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const update = { prune: pruneSigned, grow: growRandom };
 * const mine = { name: "mine", update } satisfies TopologyStrategy;
 * assert.equal(mine.update.grow, growRandom);
 * ```
 */
export const growRandom: Grow = growWith(RANDOM_PLACEMENT);

/**
 * The weights and operations of growth by a placement. The weights are zeros, unless the initialiser draws
 * them.
 */
export function placedGrowth(
  placement: Placement,
  request: GrowRequest,
  count: number,
): Pick<Growth, "values" | "flops"> {
  const values = placement.weights === "initializer"
    ? {}
    : { values: floatsLike(request.before.weights, count * blockSizeOf(request.before)) };
  if (placement.flops === undefined || count === 0) return values;
  return { ...values, flops: placement.flops(request) };
}
