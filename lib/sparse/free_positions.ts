/**
 * Uniform draws among the positions where no connection is, by rank: draw which of the free positions
 * are meant, then find them in one walk along the taken ones. Nothing is drawn twice, however full
 * the layer.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { unionOfPatterns } from "./overlap.ts";
import { checkShape, type Pattern } from "./pattern.ts";
import { checkPositions } from "./positions.ts";
import { sampleSorted } from "./sequential_sampling.ts";

/**
 * How many positions of a shape are taken by none of the given connections.
 *
 * @param taken Flat positions, ascending, each at most once; or patterns, whose union is meant.
 * @param shape Output neurons × input neurons.
 * @throws {TypeError} If a pattern has another shape.
 * @throws {RangeError} If positions are out of order or out of range.
 *
 * @example Usage
 * ```ts
 * import { countFree } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.equal(countFree(Float64Array.of(0, 4), [2, 3]), 4);
 * ```
 */
export function countFree(
  taken: Float64Array | readonly Pattern[],
  shape: readonly [rows: number, columns: number],
): number {
  return shape[0] * shape[1] - takenIn(taken, shape).count;
}

/**
 * Draws distinct positions among those that are free, every subset equally likely, in
 * O(rows + taken + count).
 *
 * @param taken Flat positions, ascending, each at most once; or patterns, whose union is meant.
 * @param count How many to draw.
 * @param shape Output neurons × input neurons.
 * @param random The source of chance.
 * @returns Length `count`: flat positions, ascending, each at most once, none of them taken.
 * @throws {RangeError} If fewer than `count` are free, or positions are out of order or range.
 * @throws {TypeError} If a pattern has another shape.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { sampleFree } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const free = sampleFree(Float64Array.of(0, 1, 4), 3, [2, 3], randomStream(1));
 * assert.deepEqual([...free], [2, 3, 5]);
 * ```
 */
export function sampleFree(
  taken: Float64Array | readonly Pattern[],
  count: number,
  shape: readonly [rows: number, columns: number],
  random: Random,
): Float64Array {
  return sampleBy(sampleSorted, taken, count, shape, random);
}

/**
 * Draws distinct positions among those that are free, spread evenly: one out of every run of
 * free / `count` of them. Every position is equally likely, but not every subset. That is less
 * random than {@linkcode sampleFree}, and several times as fast.
 *
 * @param taken Flat positions, ascending, each at most once; or patterns, whose union is meant.
 * @param count How many to draw.
 * @param shape Output neurons × input neurons.
 * @param random The source of chance.
 * @returns Length `count`: flat positions, ascending, each at most once, none of them taken.
 * @throws {RangeError} If fewer than `count` are free, or positions are out of order or range.
 * @throws {TypeError} If a pattern has another shape.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { sampleFreeEvenly } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const free = sampleFreeEvenly(Float64Array.of(0, 1, 4), 3, [2, 3], randomStream(1));
 * assert.deepEqual([...free], [2, 3, 5]);
 * ```
 */
export function sampleFreeEvenly(
  taken: Float64Array | readonly Pattern[],
  count: number,
  shape: readonly [rows: number, columns: number],
  random: Random,
): Float64Array {
  return sampleBy(sampleEvenly, taken, count, shape, random);
}

function sampleBy(
  sample: typeof sampleSorted,
  taken: Float64Array | readonly Pattern[],
  count: number,
  shape: readonly [rows: number, columns: number],
  random: Random,
): Float64Array {
  const found = takenIn(taken, shape);
  const free = shape[0] * shape[1] - found.count;
  if (!Number.isInteger(count) || count < 0 || count > free) {
    throw new RangeError(
      `Cannot draw ${count} free positions in shape [${shape.join(", ")}]: ${free} are free`,
    );
  }
  const positions = sample(count, free, random);
  if (found.pattern === undefined) passPositions(positions, taken as Float64Array);
  else passPattern(positions, found.pattern);
  return positions;
}

/**
 * One integer out of every run of population / `count`. The runs begin at a random place and go on at
 * 0: they differ in length by 1, and no integer is to profit from lying in a short one.
 */
function sampleEvenly(count: number, population: number, random: Random): Float64Array {
  if (count === 0) return new Float64Array();
  const shift = random.below(population);
  const drawn = new Float64Array(count);
  let from = 0;
  let wrapped = count;
  for (let i = 0; i < count; i++) {
    const to = Math.floor((i + 1) * population / count);
    const integer = from + Math.floor(random.float() * (to - from)) + shift;
    if (integer >= population && wrapped === count) wrapped = i;
    drawn[i] = integer < population ? integer : integer - population;
    from = to;
  }
  const ascending = new Float64Array(count);
  ascending.set(drawn.subarray(wrapped));
  ascending.set(drawn.subarray(0, wrapped), count - wrapped);
  return ascending;
}

/**
 * All positions where no connection is, in blocks, row after row: nothing as large as the layer is
 * ever held.
 *
 * @param taken The connections.
 * @param size How many positions a block holds; the last one may be shorter.
 * @returns Blocks of flat positions, ascending. A block may be kept.
 *
 * @example Usage
 * ```ts
 * import { freePositions, patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const taken = patternFromPositions(Float64Array.of(0, 4), [2, 3]);
 * const blocks = [...freePositions(taken, 3)].map((block) => [...block]);
 * assert.deepEqual(blocks, [[1, 2, 3], [5]]);
 * ```
 */
export function* freePositions(taken: Pattern, size: number): Generator<Float64Array> {
  const { shape: [rows, columns], indptr, indices } = taken;
  let left = rows * columns - indices.length;
  let block = new Float64Array(Math.min(size, left));
  let length = 0;
  for (let row = 0; row < rows; row++) {
    let entry = indptr[row];
    for (let column = 0; column < columns; column++) {
      if (entry < indptr[row + 1] && indices[entry] === column) {
        entry++;
        continue;
      }
      block[length++] = row * columns + column;
      if (length < block.length) continue;
      yield block;
      left -= length;
      block = new Float64Array(Math.min(size, left));
      length = 0;
    }
  }
}

function takenIn(
  taken: Float64Array | readonly Pattern[],
  shape: readonly [rows: number, columns: number],
): { count: number; pattern?: Pattern } {
  checkShape(shape);
  if (shape[0] * shape[1] > 2 ** 53) {
    throw new RangeError(
      `Cannot number the positions of shape [${shape.join(", ")}]: need at most 2^53 of them`,
    );
  }
  if (taken instanceof Float64Array) {
    checkPositions(taken, shape, "find free positions");
    return { count: taken.length };
  }
  for (const pattern of taken) {
    if (pattern.shape[0] !== shape[0] || pattern.shape[1] !== shape[1]) {
      throw new TypeError(
        `Cannot find free positions in shape [${shape.join(", ")}]: ` +
          `found a pattern of shape [${pattern.shape.join(", ")}]`,
      );
    }
  }
  if (taken.length === 0) return { count: 0 };
  const pattern = unionOfPatterns(taken);
  return { count: pattern.indices.length, pattern };
}

/** Turns ranks among the free positions into positions, in place. */
function passPositions(ranks: Float64Array, taken: Float64Array): void {
  if (taken.length === 0) return;
  let before = 0;
  for (let i = 0; i < ranks.length; i++) {
    let position = ranks[i] + before;
    while (before < taken.length && taken[before] <= position) {
      before++;
      position++;
    }
    ranks[i] = position;
  }
}

/** The same, with the taken positions read off a pattern. */
function passPattern(ranks: Float64Array, pattern: Pattern): void {
  const { shape: [rows, columns], indptr, indices } = pattern;
  let i = 0;
  for (let row = 0; row < rows && i < ranks.length; row++) {
    const base = row * columns;
    const end = indptr[row + 1];
    let before = indptr[row];
    const firstRankBelow = base + columns - end;
    while (i < ranks.length && ranks[i] < firstRankBelow) {
      let column = ranks[i] + before - base;
      while (before < end && indices[before] <= column) {
        before++;
        column++;
      }
      ranks[i++] = base + column;
    }
  }
}
