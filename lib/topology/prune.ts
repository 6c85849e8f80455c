/**
 * Pruning: the choice of the connections to remove, by the magnitude of their weights.
 *
 * @module
 */
import { type FloatArray, floatsLike } from "../kernels/mod.ts";
import { blockNorms, blockSizeOf } from "../sparse/mod.ts";
import { selectSmallest } from "./radix_selection.ts";
import type { LayerTopology } from "./strategy.ts";

/**
 * Multiplies `count` by a fraction and rounds down, without the error of binary numbers: 0.29 of 100 is
 * 29, although 0.29 × 100 is 28.999999999999996.
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
  // Fraction and product are each rounded by up to half a unit in the last place.
  return Math.min(count, Math.floor(fraction * count * (1 + Number.EPSILON)));
}

/**
 * Prunes as sparse evolutionary training does (D. C. Mocanu et al., 2018,
 * https://doi.org/10.1038/s41467-018-04316-3): the given fraction of the positive weights that are
 * closest to zero, and the same fraction of the negative ones, each rounded down. Of equal weights the
 * lower entry numbers are pruned first. Zeros of either sign count as positive, NaN as positive and
 * largest. A block has weights of both signs: blocks are pruned as by {@linkcode pruneMagnitude}. Takes
 * O(weights).
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
  if (blockSizeOf(topology) > 1) return pruneMagnitude(topology, fraction);
  const { weights } = topology;
  // Magnitudes of positive weights fill the array from the front, those of negative ones from the back.
  const magnitudes = floatsLike(weights, weights.length);
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
 * Prunes the given fraction of the weights, rounded down: those smallest in magnitude. Of equal weights the
 * lower entry numbers are pruned first. NaN counts as largest. Blocks are ranked by the L2 norm of their
 * weights. Takes O(weights).
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
  const blockSize = blockSizeOf(topology);
  const weights = blockSize === 1 ? topology.weights : blockNorms(topology.weights, blockSize);
  const magnitudes = floatsLike(weights, weights.length);
  let numbers = 0;
  for (let entry = 0; entry < weights.length; entry++) {
    const magnitude = Math.abs(weights[entry]);
    if (magnitude >= 0) magnitudes[numbers++] = magnitude;
  }
  const limit = threshold(magnitudes.subarray(0, numbers), pruneCount(fraction, weights.length));
  return entriesBelow(weights, limit, limit);
}

/** The limit up to which a group of weights is pruned. */
interface Threshold {
  /** The number of weights to prune. */
  readonly count: number;
  /** Weights of lower magnitude are pruned. */
  readonly magnitude: number;
  /** The number of weights of exactly this magnitude that remain to be pruned. */
  ties: number;
  /** The number of NaNs that remain to be pruned. */
  nans: number;
}

/** The threshold that prunes exactly `count` weights: numbers first, then NaNs. Reorders `magnitudes`. */
function threshold(magnitudes: FloatArray, count: number): Threshold {
  const { length } = magnitudes;
  if (count === 0) return { count, magnitude: -1, ties: 0, nans: 0 };
  if (count > length) return { count, magnitude: Infinity, ties: length, nans: count - length };
  return { count, ...selectSmallest(magnitudes, count), nans: 0 };
}

/** The entries to prune, ascending. Weights of either sign have their own threshold. */
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
