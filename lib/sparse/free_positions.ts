/**
 * Random draws among free positions: those without a connection. First ranks among the free positions
 * are drawn, then one pass over the taken positions turns ranks into positions. Nothing is drawn twice,
 * however full the layer is.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { unionOfPatterns } from "./overlap.ts";
import { checkShape, type Pattern } from "./pattern.ts";
import { checkPositions } from "./positions.ts";
import { sampleSorted } from "./sequential_sampling.ts";

/** Taken positions: flat positions, ascending, each at most once; or patterns, whose union is taken. */
export type Taken = Float64Array | readonly Pattern[];

/**
 * Counts the free positions of a shape: those without a connection.
 *
 * @param shape Output neurons × input neurons.
 * @throws {TypeError} If a pattern has another shape.
 * @throws {RangeError} If positions are out of order or out of range.
 */
export function countFree(taken: Taken, shape: Pattern["shape"]): number {
  return shape[0] * shape[1] - takenIn(taken, shape).count;
}

/**
 * Draws distinct free positions, every subset with the same probability, in O(rows + taken + count).
 *
 * @param count The number of positions to draw.
 * @param shape Output neurons × input neurons.
 * @param random The random numbers.
 * @returns Length `count`: free flat positions, ascending, each at most once.
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
  taken: Taken,
  count: number,
  shape: Pattern["shape"],
  random: Random,
): Float64Array {
  return sampleBy(sampleSorted, taken, count, shape, random);
}

/**
 * Draws distinct free positions that are evenly spread: one out of every free / `count` consecutive
 * ones. Every position is equally likely, but not every subset. It is several times as fast as
 * {@linkcode sampleFree}, with the same parameters, result and errors.
 */
export function sampleFreeEvenly(
  taken: Taken,
  count: number,
  shape: Pattern["shape"],
  random: Random,
): Float64Array {
  return sampleBy(sampleEvenly, taken, count, shape, random);
}

function sampleBy(
  sample: typeof sampleSorted,
  taken: Taken,
  count: number,
  shape: Pattern["shape"],
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
 * Draws one integer out of every population / `count` consecutive ones. These runs differ in length by
 * 1, and an integer in a short run is more likely. So the runs begin at a random integer and continue
 * at 0 after the last: every integer is equally likely.
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
 * Lists all free positions in blocks, row by row. It never holds an array of the layer's size.
 *
 * @param taken The connections.
 * @param size The number of positions in a block. The last block may be shorter.
 * @returns Blocks of flat positions, ascending. All are views of one array: copy what is to be kept.
 *
 * @example Usage
 * ```ts
 * import { freePositions, patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const taken = patternFromPositions(Float64Array.of(0, 4), [2, 3]);
 * const blocks = Array.from(freePositions(taken, 3), (block) => [...block]);
 * assert.deepEqual(blocks, [[1, 2, 3], [5]]);
 * ```
 */
export function* freePositions(taken: Pattern, size: number): Generator<Float64Array> {
  const { shape: [rows, columns], indptr, indices } = taken;
  const block = new Float64Array(Math.min(size, rows * columns - indices.length));
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
      length = 0;
    }
  }
  if (length > 0) yield block.subarray(0, length);
}

function takenIn(taken: Taken, shape: Pattern["shape"]): { count: number; pattern?: Pattern } {
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

/** Replaces ranks among the free positions by positions, in place. */
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

/** As {@linkcode passPositions}, with the taken positions in a pattern. */
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
