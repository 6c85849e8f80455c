/**
 * The best of a stream of scored positions, in a store that holds at most twice as many as are kept.
 *
 * @module
 */
import { selectSmallest } from "./radix_selection.ts";

/** The best positions so far. */
export interface BestPositions {
  /** Offers positions, ascending and after all earlier ones, with a score each. */
  offer(positions: Float64Array, scores: ArrayLike<number>): void;
  /** The positions kept, ascending. */
  positions(): Float64Array;
}

/**
 * Keeps the positions whose scores are largest in magnitude; of equal ones the first, and NaN counts
 * as 0. Takes O(`count`) memory, and time in proportion to what is offered: whenever twice as many are
 * stored as are kept, the smaller half goes, and what is no larger is not stored from then on.
 */
export function keepLargest(count: number): BestPositions {
  const stored = new Float64Array(2 * count);
  const magnitudes = new Float64Array(2 * count);
  const scratch = new Float64Array(2 * count);
  let size = 0;
  /** Magnitudes up to this one are not among the largest. */
  let limit = count > 0 ? -1 : Infinity;

  function drop(): void {
    if (size <= count) return;
    scratch.set(magnitudes);
    const least = selectSmallest(scratch.subarray(0, size), size - count + 1).magnitude;
    let ties = count;
    for (let i = 0; i < size; i++) ties -= magnitudes[i] > least ? 1 : 0;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      if (magnitudes[i] < least || (magnitudes[i] === least && ties-- <= 0)) continue;
      magnitudes[kept] = magnitudes[i];
      stored[kept++] = stored[i];
    }
    size = kept;
    limit = least;
  }

  return {
    offer(positions, scores) {
      for (let i = 0; i < positions.length; i++) {
        // NaN counts as 0.
        const magnitude = Math.abs(scores[i]) || 0;
        if (magnitude <= limit) continue;
        if (size === stored.length) {
          drop();
          if (magnitude <= limit) continue;
        }
        magnitudes[size] = magnitude;
        stored[size++] = positions[i];
      }
    },
    positions() {
      drop();
      return stored.slice(0, size);
    },
  };
}

/**
 * The positions whose scores are largest in magnitude; of equal ones the first, and NaN counts as 0.
 *
 * @param positions Flat positions, ascending.
 * @param scores As many scores.
 * @param count How many positions to keep; all of them if there are no more.
 * @returns The positions kept, ascending.
 * @throws {TypeError} If there are not as many scores as positions.
 *
 * @example Usage
 * ```ts
 * import { largestScores } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const kept = largestScores(Float64Array.of(2, 3, 7), [0.1, -5, 1], 2);
 * assert.deepEqual([...kept], [3, 7]);
 * ```
 */
export function largestScores(
  positions: Float64Array,
  scores: ArrayLike<number>,
  count: number,
): Float64Array {
  if (scores.length !== positions.length) {
    throw new TypeError(
      `Cannot choose among ${positions.length} positions: found ${scores.length} scores`,
    );
  }
  const best = keepLargest(Math.min(count, positions.length));
  best.offer(positions, scores);
  return best.positions();
}
