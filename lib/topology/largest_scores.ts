/**
 * Selects the best of a stream of scored positions. The memory is twice the number of positions to keep.
 *
 * @module
 */
import { selectSmallest } from "./radix_selection.ts";

/** A selection of the best positions so far. */
export interface BestPositions {
  /** Offers positions with their scores. Positions ascend, within a call and from call to call. */
  offer(positions: Float64Array, scores: ArrayLike<number>): void;
  /** Returns the kept positions, ascending. */
  positions(): Float64Array;
}

/**
 * Keeps the `count` positions whose scores are largest in magnitude. Of equal scores the first position
 * is kept; NaN counts as 0. Takes O(`count`) memory and linear time: when the store is full, its smaller
 * half is dropped, and no score up to that limit is stored from then on.
 */
export function keepLargest(count: number): BestPositions {
  const stored = new Float64Array(2 * count);
  const magnitudes = new Float64Array(2 * count);
  const scratch = new Float64Array(2 * count);
  let size = 0;
  /** Magnitudes up to this limit are not among the largest. */
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
 * Selects the positions whose scores are largest in magnitude. Of equal scores the first position is
 * selected; NaN counts as 0.
 *
 * @param positions Flat positions, ascending.
 * @param scores One score per position.
 * @param count The number of positions to select; all of them if there are no more.
 * @returns The selected positions, ascending.
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
