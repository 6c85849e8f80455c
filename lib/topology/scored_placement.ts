/**
 * Growth at the positions with the best scores, without ever holding the scores of all positions:
 * candidates are scored block by block, and only the best are kept.
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

/** Positions scored at a time where every free one is a candidate. */
const BLOCK = 1 << 15;

/** Which positions are scored. */
export interface CandidateOptions {
  /**
   * Candidates per connection to grow, drawn at random among the free positions, evenly spread. Where no more are
   * free, and with `null`, every free position is a candidate: exact, in time proportional to the
   * layer's positions, not to its connections.
   *
   * @default {5}
   */
  readonly candidates?: number | null;
}

/** Tells the scores of positions; they come in ascending order, each once. */
export type PositionScore = (positions: Float64Array) => ArrayLike<number>;

/**
 * Places connections where scores are largest in magnitude; of equal ones the first position is taken.
 * Takes memory in proportion to the connections grown and the block of candidates that is being scored.
 *
 * @param scoreOf Called once for a change of a layer.
 * @throws {RangeError} If `candidates` is not at least 1.
 *
 * @example Usage
 * ```ts
 * import { growWith, scoredPlacement } from "@sparsemble/sparsemble/topology";
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * // To the left.
 * const left = scoredPlacement({ candidates: 3 }, "initializer", ({ survivors: { shape } }) =>
 *   (positions) => positions.map((position) => shape[1] - position % shape[1]));
 * assert.equal(setTopology(growWith(left)).name, "SET");
 * ```
 */
export function scoredPlacement(
  { candidates = 5 }: CandidateOptions,
  weights: Placement["weights"],
  scoreOf: (request: GrowRequest) => PositionScore,
): Placement {
  if (candidates !== null && !(candidates >= 1)) {
    throw new RangeError(
      `Cannot grow by scores: candidates is ${candidates}, need at least 1`,
    );
  }
  return {
    weights,
    choose(request, taken, count) {
      const { survivors: { shape }, random } = request;
      const score = scoreOf(request);
      const none = unionOfPatterns(taken);
      const free = countFree([none], shape);
      // All that are free, or the error that there are too few.
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
