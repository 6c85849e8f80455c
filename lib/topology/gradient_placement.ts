/**
 * Growth where the gradient is largest (U. Evci, T. Gale, J. Menick, P. S. Castro and E. Elsen,
 * "Rigging the lottery: making all tickets winners", ICML 2020), without ever holding the gradient of
 * all positions: candidates are scored block by block, and only the best are kept.
 *
 * @module
 */
import {
  countFree,
  freePositions,
  sampleFree,
  sampleFreeEvenly,
} from "../sparse/free_positions.ts";
import { unionOfPatterns } from "../sparse/overlap.ts";
import type { GrowRequest } from "./strategy.ts";
import { keepLargest } from "./largest_scores.ts";
import type { Placement } from "./placement.ts";

/** Positions scored at a time where every free one is a candidate. */
const BLOCK = 1 << 15;

/** Which positions are scored, and what new connections weigh. */
export interface GradientPlacementOptions {
  /**
   * Candidates per connection to grow, drawn at random among the free positions, evenly spread. Where no more are
   * free, and with `null`, every free position is a candidate: exact, in time proportional to the
   * layer's positions, not to its connections.
   *
   * @default {5}
   */
  readonly candidates?: number | null;
  /**
   * What new connections weigh: with `"zero"`, as in the publication, the network computes the same
   * before and after they are grown.
   *
   * @default {"zero"}
   */
  readonly weights?: Placement["weights"];
}

/**
 * Places connections where the magnitude of the loss's gradient is largest, as a training run's
 * {@linkcode GrowRequest.gradientAt} tells it. Of equal ones the first position is taken. Takes memory
 * in proportion to the connections grown and the block of candidates that is being scored.
 *
 * @throws {RangeError} If `candidates` is not at least 1.
 *
 * @example Usage
 * ```ts
 * import { gradientPlacement, growWith, pruneMagnitude, type TopologyStrategy } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const grow = growWith(gradientPlacement({ candidates: 10 }));
 * const mine: TopologyStrategy = { name: "mine", update: { prune: pruneMagnitude, grow } };
 * assert.equal(mine.name, "mine");
 * ```
 */
export function gradientPlacement(options: GradientPlacementOptions = {}): Placement {
  const { candidates = 5, weights = "zero" } = options;
  if (candidates !== null && !(candidates >= 1)) {
    throw new RangeError(`Cannot grow by gradient: candidates is ${candidates}, need at least 1`);
  }
  return {
    weights,
    choose(request, taken, count) {
      const { survivors: { shape }, random } = request;
      const gradientAt = gradientOf(request);
      const none = unionOfPatterns(taken);
      const free = countFree([none], shape);
      // All that are free, or the error that there are too few.
      if (count === 0 || free <= count) return sampleFree([none], count, shape, random);
      const best = keepLargest(count);
      const pool = candidates === null ? free : Math.ceil(candidates * count);
      const blocks = pool < free
        ? [sampleFreeEvenly([none], pool, shape, random)]
        : freePositions(none, BLOCK);
      for (const block of blocks) best.offer(block, gradientAt(block));
      return best.positions();
    },
  };
}

function gradientOf(request: GrowRequest): NonNullable<GrowRequest["gradientAt"]> {
  if (request.gradientAt === undefined) {
    throw new TypeError(
      `Cannot grow layer ${request.before.layer} by gradient: found no gradient in the request, ` +
        "need `gradientAt`, as a training run gives it",
    );
  }
  return request.gradientAt;
}
