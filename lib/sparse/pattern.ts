/**
 * The positions of a layer's connections: compressed sparse row form without weights. Row `j` lists the
 * inputs of output neuron `j`: `indices[indptr[j]]` to `indices[indptr[j + 1] - 1]`, ascending, each at
 * most once (SciPy's canonical format).
 */
export interface Pattern {
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** Length rows + 1: row starts, from 0 to nnz, never falling. */
  readonly indptr: Int32Array;
  /** Length nnz: the input neuron of every connection. */
  readonly indices: Int32Array;
}

/** The most connections, rows or columns of a pattern: indices have 32 bits. */
const LIMIT = 2 ** 31 - 1;

/** The number of connections. */
export function nnz(pattern: Pattern): number {
  return pattern.indices.length;
}

/**
 * Checks that a shape is two integers from 0 to 2³¹ − 1.
 *
 * @throws {TypeError} If the shape is not a pair.
 * @throws {RangeError} If one of the two is not such an integer.
 */
export function checkShape(shape: readonly number[]): void {
  if (!Array.isArray(shape) || shape.length !== 2) {
    throw new TypeError(`Cannot use shape [${shape}]: need [rows, columns]`);
  }
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0 || size > LIMIT) {
      throw new RangeError(
        `Cannot use shape [${shape.join(", ")}]: found ${size}, need integers from 0 to ${LIMIT}`,
      );
    }
  }
}

/**
 * Checks a pattern in constant time: types, shape, lengths, and the first and last element of `indptr`.
 * {@linkcode validatePattern} also checks the indices.
 *
 * @throws {TypeError} If an array has the wrong type or length.
 * @throws {RangeError} If the shape or an end of `indptr` is out of range.
 */
export function checkPattern(pattern: Pattern): void {
  checkShape(pattern.shape);
  const { shape: [rows], indptr, indices } = pattern;
  if (!(indptr instanceof Int32Array) || !(indices instanceof Int32Array)) {
    throw new TypeError("Cannot use the pattern: indptr and indices need to be Int32Arrays");
  }
  if (indptr.length !== rows + 1) {
    throw new TypeError(
      `Cannot use the pattern: indptr has length ${indptr.length}, need ${rows + 1} (rows + 1)`,
    );
  }
  if (indptr[0] !== 0) {
    throw new RangeError(`Cannot use the pattern: indptr begins with ${indptr[0]}, need 0`);
  }
  const [end, length] = [indptr[rows], indices.length];
  if (end !== length) {
    throw new RangeError(
      `Cannot use the pattern: indptr ends with ${end}, need ${length}, the length of indices`,
    );
  }
}

/**
 * Checks a pattern in O(rows + nnz) for the canonical format, in this order:
 *
 * 1. everything {@linkcode checkPattern} checks;
 * 2. `indptr` never falls;
 * 3. every index lies in [0, columns);
 * 4. the indices of every row ascend, each at most once.
 *
 * @throws {TypeError} If an array has the wrong type or length.
 * @throws {RangeError} At the first violation, naming the row and the value.
 *
 * @example Usage
 * ```ts
 * import { validatePattern } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = { shape: [2, 3], indptr: Int32Array.of(0, 1, 2), indices: Int32Array.of(0, 7) } as const;
 * assert.throws(() => validatePattern(pattern), /row 1 has index 7, need 0 to 2/);
 * ```
 */
export function validatePattern(pattern: Pattern): void {
  checkPattern(pattern);
  const { shape: [rows, columns], indptr, indices } = pattern;
  for (let row = 0; row < rows; row++) {
    const [start, end] = [indptr[row], indptr[row + 1]];
    if (end < start) {
      throw new RangeError(
        `Cannot use the pattern: indptr falls from ${start} to ${end} at row ${row}`,
      );
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const index = indices[entry];
      if (index < 0 || index >= columns) {
        throw new RangeError(
          `Cannot use the pattern: row ${row} has index ${index}, need 0 to ${columns - 1}`,
        );
      }
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row] + 1; entry < indptr[row + 1]; entry++) {
      if (indices[entry] <= indices[entry - 1]) {
        throw new RangeError(
          `Cannot use the pattern: row ${row} has index ${indices[entry]} after ` +
            `${indices[entry - 1]}, need ascending indices, each at most once`,
        );
      }
    }
  }
}

/** The number of connections of every neuron. */
export interface Degrees {
  /** Length rows: the incoming connections of every output neuron. */
  readonly incoming: Int32Array;
  /** Length columns: the outgoing connections of every input neuron. */
  readonly outgoing: Int32Array;
}

/**
 * Counts the connections of every neuron of a layer.
 *
 * @example Usage
 * ```ts
 * import { degrees } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = { shape: [2, 3], indptr: Int32Array.of(0, 2, 3), indices: Int32Array.of(0, 2, 2) } as const;
 * assert.deepEqual([...degrees(pattern).incoming], [2, 1]);
 * assert.deepEqual([...degrees(pattern).outgoing], [1, 0, 2]);
 * ```
 */
export function degrees(pattern: Pattern): Degrees {
  const { shape: [rows, columns], indptr, indices } = pattern;
  const incoming = new Int32Array(rows);
  const outgoing = new Int32Array(columns);
  for (let row = 0; row < rows; row++) incoming[row] = indptr[row + 1] - indptr[row];
  for (let entry = 0; entry < indices.length; entry++) outgoing[indices[entry]]++;
  return { incoming, outgoing };
}
