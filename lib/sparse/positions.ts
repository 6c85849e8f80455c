/**
 * Flat positions of connections: row × columns + column. They are doubles, exact up to 2⁵³, because a
 * layer of 500,000 × 500,000 has more positions than 32 bits can number.
 *
 * @module
 */
import { checkShape, type Pattern } from "./pattern.ts";

/**
 * Lists the flat position, row × columns + column, of every connection.
 *
 * @returns Length nnz, ascending.
 *
 * @example Usage
 * ```ts
 * import { positionsOf } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = { shape: [2, 3], indptr: Int32Array.of(0, 2, 3), indices: Int32Array.of(0, 2, 1) } as const;
 * assert.deepEqual([...positionsOf(pattern)], [0, 2, 4]);
 * ```
 */
export function positionsOf(pattern: Pattern): Float64Array {
  const { shape: [rows, columns], indptr, indices } = pattern;
  const positions = new Float64Array(indices.length);
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      positions[entry] = base + indices[entry];
    }
  }
  return positions;
}

/**
 * Checks that positions ascend, each at most once, and lie inside a shape.
 *
 * @param positions The flat positions.
 * @param shape Output neurons × input neurons.
 * @param intent The caller's task, for the error: "Cannot <intent>: …".
 * @throws {TypeError} If `positions` is not a Float64Array.
 * @throws {RangeError} At the first violation.
 */
export function checkPositions(
  positions: Float64Array,
  shape: Pattern["shape"],
  intent: string,
): void {
  if (!(positions instanceof Float64Array)) {
    throw new TypeError(`Cannot ${intent}: the positions need to be a Float64Array`);
  }
  const cells = shape[0] * shape[1];
  let last = -1;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i];
    if (!Number.isInteger(position) || position < 0 || position >= cells) {
      throw new RangeError(
        `Cannot ${intent}: position ${i} is ${position}, need an integer from 0 to ${cells - 1}`,
      );
    }
    if (position <= last) {
      throw new RangeError(
        `Cannot ${intent}: position ${i} is ${position} after ${last}, ` +
          "need ascending positions, each at most once",
      );
    }
    last = position;
  }
}

/**
 * Makes a pattern with connections at the given flat positions.
 *
 * @param positions Flat positions, row × columns + column, ascending, each at most once.
 * @param shape Output neurons × input neurons.
 * @throws {TypeError} If `positions` is not a Float64Array or `shape` is not a pair.
 * @throws {RangeError} If a position is not an integer, out of range or out of order.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = patternFromPositions(Float64Array.of(0, 2, 4), [2, 3]);
 * assert.deepEqual([...pattern.indptr], [0, 2, 3]);
 * assert.deepEqual([...pattern.indices], [0, 2, 1]);
 * ```
 */
export function patternFromPositions(
  positions: Float64Array,
  shape: Pattern["shape"],
): Pattern {
  checkShape(shape);
  checkPositions(positions, shape, "make a pattern");
  const [rows, columns] = shape;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(positions.length);
  let entry = 0;
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    const end = base + columns;
    while (entry < positions.length && positions[entry] < end) {
      indices[entry] = positions[entry] - base;
      entry++;
    }
    indptr[row + 1] = entry;
  }
  return { shape: [rows, columns], indptr, indices };
}
