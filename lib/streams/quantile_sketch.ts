/**
 * Quantiles of more values than fit into memory, from one pass. Values are collected in a buffer. A full
 * buffer is sorted, and every other value is kept with twice the weight. Two such halves of equal weight
 * are merged and halved in the same way. Odd and even places are kept in turn, so the sketch is
 * deterministic, and a bound of the rank error is counted along the way.
 *
 * G. S. Manku, S. Rajagopalan and B. G. Lindsay, "Approximate medians and other quantiles in one pass and
 * with limited memory", SIGMOD 1998, https://doi.org/10.1145/276304.276342. Alternating halves follow P. K.
 * Agarwal et al., "Mergeable summaries", PODS 2012, https://doi.org/10.1145/2213556.2213562, who draw them
 * at random.
 *
 * @module
 */

/** The number of values that a buffer holds at first. */
const FIRST_BUFFER = 16;

/** A sketch of the distribution of values. */
export interface QuantileSketch {
  /** The number of values so far. */
  readonly count: number;
  /** Adds a value: a finite number that a 32-bit float holds. */
  add(value: number): void;
  /**
   * The largest error of a rank: the number of values below a value differs from its rank by at most this
   * bound. It is 0 as long as all values are kept.
   */
  readonly rankError: number;
  /** The kept values in order. Adding to the sketch changes the result. */
  ranks(also?: WeightedValue): Ranks;
}

/** A value that several rows have. */
export interface WeightedValue {
  /** The value. */
  readonly value: number;
  /** The number of rows, or their weight. */
  readonly weight: number;
}

/** The values of a sketch in ascending order. */
export interface Ranks {
  /** The number of values that the kept ones stand for. */
  readonly count: number;
  /** The value of a rank, from 0 to `count` − 1. */
  at(rank: number): number;
}

/**
 * The largest error of ranks, as a share of the values.
 *
 * @param capacity The number of values that a buffer holds.
 */
export function sketchError(values: number, capacity: number): number {
  let bound = 0;
  for (let [level, weight] = [0, 1]; values >= capacity * weight; level++, weight *= 2) {
    bound += Math.ceil(Math.floor(values / (capacity * weight)) / 2) * weight;
  }
  return bound / Math.max(1, values);
}

/** The number of bytes of a sketch of `values` values. */
export function sketchBytes(values: number, capacity: number): number {
  const levels = Math.max(1, Math.ceil(Math.log2(Math.max(1, values / capacity))) + 1);
  return 4 * capacity * (1 + levels / 2);
}

/**
 * Makes an empty sketch.
 *
 * @param capacity The number of values that its buffer holds: an even number from 2. Up to this number all
 * values are kept. For n values the sketch takes about `capacity` × log₂(n / `capacity`) / 2 floats.
 * @throws {RangeError} If the capacity is not such a number.
 *
 * @example Usage
 * ```ts
 * import { quantileSketch } from "@sparsemble/sparsemble/streams";
 * import assert from "node:assert/strict";
 *
 * const sketch = quantileSketch(512);
 * for (let value = 0; value < 100_000; value++) sketch.add(value);
 * const median = sketch.ranks().at(50_000);
 * assert.ok(Math.abs(median - 50_000) <= sketch.rankError);
 * assert.ok(sketch.rankError < 0.01 * 100_000);
 * ```
 */
export function quantileSketch(capacity: number): QuantileSketch {
  if (!Number.isSafeInteger(capacity) || capacity < 2 || capacity % 2 !== 0) {
    throw new RangeError(
      `Cannot make a sketch: found a capacity of ${capacity}, need an even number from 2`,
    );
  }
  // A buffer grows with its values: a wide table has many sketches, often of few rows.
  let buffer = new Float32Array(Math.min(capacity, FIRST_BUFFER));
  let used = 0;
  let count = 0;
  /** For every level from 1 on, a sorted half that waits for another; `null` for none. */
  const waiting: (Float32Array | null)[] = [];
  /** For every level from 0 on, the number of halvings of a full buffer. */
  const halvings: number[] = [];
  let [lowest, highest] = [Infinity, -Infinity];
  let merged: Float32Array | undefined;
  /** Halves that are no longer needed are used again. Otherwise there would be as much garbage as values. */
  const free: Float32Array[] = [];

  function grow(): void {
    const larger = new Float32Array(Math.min(capacity, 2 * buffer.length));
    larger.set(buffer);
    buffer = larger;
  }

  function halve(sorted: Float32Array, level: number): void {
    const turn = (halvings[level] ?? 0) % 2;
    halvings[level] = (halvings[level] ?? 0) + 1;
    const half = free.pop() ?? new Float32Array(capacity / 2);
    for (let k = 0; k < half.length; k++) half[k] = sorted[2 * k + turn];
    const other = waiting[level + 1] ?? null;
    if (other === null) {
      waiting[level + 1] = half;
      return;
    }
    waiting[level + 1] = null;
    merged ??= new Float32Array(capacity);
    merge(half, other, merged);
    free.push(half, other);
    halve(merged, level + 1);
  }

  return {
    get count() {
      return count;
    },
    get rankError() {
      return halvings.reduce((sum, times, level) => sum + Math.ceil(times / 2) * 2 ** level, 0);
    },
    add(value) {
      if (used === buffer.length) grow();
      buffer[used++] = value;
      count++;
      if (used < capacity) return;
      buffer.sort();
      if (buffer[0] < lowest) lowest = buffer[0];
      if (buffer[capacity - 1] > highest) highest = buffer[capacity - 1];
      halve(buffer, 0);
      used = 0;
    },
    ranks(also) {
      let all: Weighted = [buffer.slice(0, used).sort(), new Float64Array(used).fill(1)];
      waiting.forEach((half, level) => {
        if (half === null) return;
        all = joined(all, [half, new Float64Array(half.length).fill(2 ** level)]);
      });
      if (also !== undefined && also.weight > 0) {
        all = joined(all, [Float32Array.of(also.value), Float64Array.of(also.weight)]);
      }
      const [values, weights] = all;
      const total = count + (also?.weight ?? 0);
      /** The number of values up to and including each. */
      const until = new Float64Array(values.length);
      let sum = 0;
      for (let k = 0; k < until.length; k++) until[k] = sum += weights[k];
      const first = Math.min(lowest, values[0] ?? NaN);
      const last = Math.max(highest, values[values.length - 1] ?? NaN);
      return {
        count: total,
        at(rank) {
          // The smallest and the largest value are exact.
          if (rank <= 0) return first;
          if (rank >= total - 1) return last;
          let [from, to] = [0, values.length - 1];
          while (from < to) {
            const middle = (from + to) >>> 1;
            if (until[middle] > rank) to = middle;
            else from = middle + 1;
          }
          return values[from];
        },
      };
    },
  };
}

/** Merges two sorted halves. */
function merge(one: Float32Array, other: Float32Array, into: Float32Array): void {
  let [i, j] = [0, 0];
  for (let k = 0; k < into.length; k++) {
    into[k] = j === other.length || i < one.length && one[i] <= other[j] ? one[i++] : other[j++];
  }
}

/** Values in ascending order, and the weight of each. */
type Weighted = readonly [values: Float32Array, weights: Float64Array];

/** Merges two lists. */
function joined([one, ofOne]: Weighted, [other, ofOther]: Weighted): Weighted {
  const values = new Float32Array(one.length + other.length);
  const weights = new Float64Array(values.length);
  let [i, j] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    const isOne = j === other.length || i < one.length && one[i] <= other[j];
    values[k] = isOne ? one[i] : other[j];
    weights[k] = isOne ? ofOne[i++] : ofOther[j++];
  }
  return [values, weights];
}
