/**
 * The best of a stream of scored positions, by a heap that never holds more than are kept.
 *
 * @module
 */

/** The best positions so far. */
export interface BestPositions {
  /** Offers positions, ascending and after all earlier ones, with a score each. */
  offer(positions: Float64Array, scores: ArrayLike<number>): void;
  /** The positions kept, ascending. */
  positions(): Float64Array;
}

/**
 * Keeps the positions whose scores are largest in magnitude; of equal ones the first, and NaN counts
 * as 0. Takes O(`count`) memory and O(log `count`) time for every position that is kept for a while.
 */
export function keepLargest(count: number): BestPositions {
  // A heap whose root is the worst of what is kept: the smallest, of equal ones the last.
  const magnitudes = new Float64Array(count);
  const kept = new Float64Array(count);
  let size = 0;

  const isWorse = (magnitude: number, position: number, at: number) =>
    magnitude < magnitudes[at] || (magnitude === magnitudes[at] && position > kept[at]);

  function put(at: number, magnitude: number, position: number): void {
    magnitudes[at] = magnitude;
    kept[at] = position;
  }

  function rise(magnitude: number, position: number): void {
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(magnitude, position, parent)) break;
      put(at, magnitudes[parent], kept[parent]);
      at = parent;
    }
    put(at, magnitude, position);
  }

  function sink(magnitude: number, position: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && isWorse(magnitudes[child + 1], kept[child + 1], child)) child++;
      if (isWorse(magnitude, position, child)) break;
      put(at, magnitudes[child], kept[child]);
      at = child;
    }
    put(at, magnitude, position);
  }

  return {
    offer(positions, scores) {
      for (let i = 0; i < positions.length; i++) {
        // NaN counts as 0.
        const magnitude = Math.abs(scores[i]) || 0;
        if (size < count) rise(magnitude, positions[i]);
        else if (count > 0 && magnitude > magnitudes[0]) sink(magnitude, positions[i]);
      }
    },
    positions: () => kept.slice(0, size).sort(),
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
 * import { largestScores } from "@sparsemble/sparsemble";
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
