/**
 * Which connections to remove: those whose weights matter least.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import { selectSmallest } from "./radix_selection.ts";
import type { LayerTopology } from "./strategy.ts";

/**
 * How many of `count` things a fraction is, rounded down. The product is taken as meant: 0.29 of 100
 * is 29, although 0.29 × 100 is 28.999999999999996 in binary.
 *
 * @throws {RangeError} If `fraction` is not from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { pruneCount } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pruneCount(0.2, 14), 2);
 * assert.equal(pruneCount(0.29, 100), 29);
 * ```
 */
export function pruneCount(fraction: number, count: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`Cannot prune a fraction of ${fraction}: need a number from 0 to 1`);
  }
  // Two roundings, of the fraction and of the product, can each take half a unit in the last place.
  return Math.min(count, Math.floor(fraction * count * (1 + Number.EPSILON)));
}

/**
 * Prunes as sparse evolutionary training does (Mocanu et al. 2018): of the weights that are not
 * negative the given fraction closest to zero, and of the negative ones likewise, each rounded down.
 * The counts are exact even among ties, of which the lower entry numbers go first. Zeros of either
 * sign count as positive; NaN counts as positive and largest. Takes O(nnz).
 *
 * @param topology The layer.
 * @param fraction The pruning rate ζ, from 0 to 1.
 * @returns The entry numbers to remove, ascending.
 * @throws {RangeError} If `fraction` is not from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { pruneSigned } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const removed = pruneSigned({
 *   layer: 0,
 *   layers: 2,
 *   shape: [1, 4],
 *   indptr: Int32Array.of(0, 4),
 *   indices: Int32Array.of(0, 1, 2, 3),
 *   weights: Float32Array.of(0.1, 0.2, -3, -4),
 * }, 0.5);
 * assert.deepEqual([...removed], [0, 2]);
 * ```
 */
export function pruneSigned(topology: LayerTopology, fraction: number): Int32Array {
  const { weights } = topology;
  // The magnitudes of the one sign from the front, those of the other from the back.
  const magnitudes = emptyLike(weights);
  let positive = 0;
  let finite = 0;
  let front = weights.length;
  for (let entry = 0; entry < weights.length; entry++) {
    const weight = weights[entry];
    if (weight < 0) {
      magnitudes[--front] = -weight;
    } else {
      positive++;
      if (weight >= 0) magnitudes[finite++] = Math.abs(weight);
    }
  }
  const negative = weights.length - positive;
  const low = threshold(magnitudes.subarray(0, finite), pruneCount(fraction, positive));
  const high = threshold(magnitudes.subarray(front), pruneCount(fraction, negative));
  return entriesBelow(weights, low, high);
}

/**
 * Prunes the given fraction of the weights, rounded down, that are smallest in magnitude. The count is
 * exact even among ties, of which the lower entry numbers go first; NaN counts as largest. Takes
 * O(nnz).
 *
 * @param topology The layer.
 * @param fraction The global pruning rate q, from 0 to 1.
 * @returns The entry numbers to remove, ascending.
 * @throws {RangeError} If `fraction` is not from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { pruneMagnitude } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const removed = pruneMagnitude({
 *   layer: 0,
 *   layers: 2,
 *   shape: [1, 4],
 *   indptr: Int32Array.of(0, 4),
 *   indices: Int32Array.of(0, 1, 2, 3),
 *   weights: Float32Array.of(0.1, 0.2, -3, -4),
 * }, 0.5);
 * assert.deepEqual([...removed], [0, 1]);
 * ```
 */
export function pruneMagnitude(topology: LayerTopology, fraction: number): Int32Array {
  const { weights } = topology;
  const magnitudes = emptyLike(weights);
  let numbers = 0;
  for (let entry = 0; entry < weights.length; entry++) {
    const magnitude = Math.abs(weights[entry]);
    if (magnitude >= 0) magnitudes[numbers++] = magnitude;
  }
  const limit = threshold(magnitudes.subarray(0, numbers), pruneCount(fraction, weights.length));
  return entriesBelow(weights, limit, limit);
}

/** Where a group of weights is cut. */
interface Threshold {
  /** How many weights fall. */
  readonly count: number;
  /** Magnitudes below this fall. */
  readonly magnitude: number;
  /** How many weights of exactly this magnitude are still to fall. */
  ties: number;
  /** How many NaNs are still to fall. */
  nans: number;
}

/** Cuts a group so that exactly `count` of it fall: first its numbers, which are used up, then NaNs. */
function threshold(magnitudes: FloatArray, count: number): Threshold {
  const { length } = magnitudes;
  if (count === 0) return { count, magnitude: -1, ties: 0, nans: 0 };
  if (count > length) return { count, magnitude: Infinity, ties: length, nans: count - length };
  return { count, ...selectSmallest(magnitudes, count), nans: 0 };
}

/** The entries that fall, by the first threshold if not negative, by the second if negative. */
function entriesBelow(weights: FloatArray, positive: Threshold, negative: Threshold): Int32Array {
  const count = positive === negative ? positive.count : positive.count + negative.count;
  const removed = new Int32Array(count);
  let length = 0;
  for (let entry = 0; length < count; entry++) {
    const weight = weights[entry];
    const limit = weight < 0 ? negative : positive;
    const magnitude = Math.abs(weight);
    if (magnitude < limit.magnitude) removed[length++] = entry;
    else if (magnitude === limit.magnitude) {
      if (limit.ties-- > 0) removed[length++] = entry;
    } else if (Number.isNaN(magnitude) && limit.nans-- > 0) removed[length++] = entry;
  }
  return removed;
}

function emptyLike(weights: FloatArray): FloatArray {
  return weights instanceof Float64Array
    ? new Float64Array(weights.length)
    : new Float32Array(weights.length);
}
