/**
 * Growth at the positions with the best scores. Candidates are scored block by block, and only the best
 * are kept: the scores of all positions together are never held.
 *
 * @module
 */
import {
  countFree,
  freePositions,
  sampleFree,
  sampleFreeEvenly,
  unionOfPatterns,
} from "../sparse/mod.ts";
import { keepLargest } from "./largest_scores.ts";
import type { Placement } from "./placement.ts";
import type { GrowRequest } from "./strategy.ts";

/** The number of positions in a block, if every free position is a candidate. */
const BLOCK = 1 << 15;

/** Options of {@linkcode scoredPlacement}. */
export interface CandidateOptions {
  /**
   * Candidates per connection to grow: free positions, drawn at random and evenly spread. With `null`,
   * or if too few positions are free, every free position is a candidate. The best positions are then
   * found exactly, in time proportional to all positions of the layer instead of its connections.
   *
   * @default {5}
   */
  readonly candidates?: number | null;
}

/** Scores flat positions. They are ascending, and no position is scored twice. */
export type PositionScore = (positions: Float64Array) => ArrayLike<number>;

/**
 * Places connections where scores are largest in magnitude. Of equal scores the first position is taken.
 * Takes memory in proportion to the grown connections and one block of candidates.
 *
 * @param weights The weights of new connections.
 * @param scoreOf Makes the scoring function for one topology change of one layer.
 * @param flops The floating-point operations of these scores, without those of gradients. Left out: 0.
 * @throws {RangeError} If `candidates` is less than 1.
 *
 * @example Usage
 * ```ts
 * import { growWith, scoredPlacement } from "@sparsemble/sparsemble/topology";
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * // Prefers inputs with low numbers.
 * const left = scoredPlacement({ candidates: 3 }, "initializer", ({ survivors: { shape } }) =>
 *   (positions) => positions.map((position) => shape[1] - position % shape[1]));
 * assert.equal(setTopology(growWith(left)).name, "SET");
 * ```
 */
export function scoredPlacement(
  { candidates = 5 }: CandidateOptions,
  weights: Placement["weights"],
  scoreOf: (request: GrowRequest) => PositionScore,
  flops?: Placement["flops"],
): Placement {
  if (candidates !== null && !(candidates >= 1)) {
    throw new RangeError(
      `Cannot grow by scores: candidates is ${candidates}, need at least 1`,
    );
  }
  return {
    weights,
    flops,
    choose(request, taken, count) {
      const { survivors: { shape }, random } = request;
      const score = scoreOf(request);
      const none = unionOfPatterns(taken);
      const free = countFree([none], shape);
      // Takes all free positions, or throws that there are too few.
      if (count === 0 || free <= count) return sampleFree([none], count, shape, random);
      const best = keepLargest(count);
      const pool = candidates === null ? free : Math.ceil(candidates * count);
      const blocks = pool < free
        ? [sampleFreeEvenly([none], pool, shape, random)]
        : freePositions(none, BLOCK);
      for (const block of blocks) best.offer(block, score(block));
      return best.positions();
    },
  };
}
