import type { Pattern } from "./pattern.ts";

/**
 * The union of patterns: the connections that are in at least one of them. Takes O(patterns × nnz).
 *
 * @param patterns At least one pattern; all of the same shape.
 * @returns A new pattern, or an argument itself where it equals the union.
 * @throws {RangeError} If there is no pattern, or more than 2³¹ − 1 connections.
 * @throws {TypeError} If two shapes differ.
 *
 * @example Usage
 * ```ts
 * import {
 *   patternFromPositions,
 *   positionsOf,
 *   unionOfPatterns,
 * } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const a = patternFromPositions(Float64Array.of(0, 2), [2, 3]);
 * const b = patternFromPositions(Float64Array.of(2, 4), [2, 3]);
 * assert.deepEqual([...positionsOf(unionOfPatterns([a, b]))], [0, 2, 4]);
 * ```
 */
export function unionOfPatterns(patterns: readonly Pattern[]): Pattern {
  if (patterns.length === 0) {
    throw new RangeError("Cannot unite patterns: found none, need at least one");
  }
  return patterns.reduce(unionOfTwo);
}

function unionOfTwo(a: Pattern, b: Pattern): Pattern {
  requireSameShape(a, b, "unite patterns");
  const [rows, columns] = a.shape;
  if (a === b || b.indices.length === 0) return a;
  if (a.indices.length === 0) return b;
  const room = a.indices.length + b.indices.length;
  if (room >= 2 ** 31) {
    throw new RangeError(`Cannot unite patterns: ${room} connections, need at most 2^31 - 1`);
  }
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(room);
  const left = a.indices;
  const right = b.indices;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let i = a.indptr[row];
    let j = b.indptr[row];
    const iEnd = a.indptr[row + 1];
    const jEnd = b.indptr[row + 1];
    while (i < iEnd && j < jEnd) {
      // No branch on the order of the two: the processor would guess it wrong half of the time.
      const x = left[i];
      const y = right[j];
      indices[count++] = x < y ? x : y;
      i += x <= y ? 1 : 0;
      j += y <= x ? 1 : 0;
    }
    while (i < iEnd) indices[count++] = left[i++];
    while (j < jEnd) indices[count++] = right[j++];
    indptr[row + 1] = count;
  }
  return { shape: [rows, columns], indptr, indices: indices.slice(0, count) };
}

/**
 * Counts the connections that two patterns share.
 *
 * @throws {TypeError} If their shapes differ.
 *
 * @example Usage
 * ```ts
 * import { overlap, patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const a = patternFromPositions(Float64Array.of(0, 2, 5), [2, 3]);
 * const b = patternFromPositions(Float64Array.of(2, 4, 5), [2, 3]);
 * assert.equal(overlap(a, b), 2);
 * ```
 */
export function overlap(a: Pattern, b: Pattern): number {
  requireSameShape(a, b, "compare patterns");
  const [rows] = a.shape;
  let shared = 0;
  for (let row = 0; row < rows; row++) {
    let i = a.indptr[row];
    let j = b.indptr[row];
    const iEnd = a.indptr[row + 1];
    const jEnd = b.indptr[row + 1];
    while (i < iEnd && j < jEnd) {
      const x = a.indices[i];
      const y = b.indices[j];
      shared += x === y ? 1 : 0;
      i += x <= y ? 1 : 0;
      j += y <= x ? 1 : 0;
    }
  }
  return shared;
}

/**
 * The Jaccard distance of two patterns: connections in exactly one of them / connections in at least
 * one. It is 0 for equal patterns, including empty ones, and 1 for disjoint ones.
 *
 * @throws {TypeError} If their shapes differ.
 */
export function jaccardDistance(a: Pattern, b: Pattern): number {
  const shared = overlap(a, b);
  const union = a.indices.length + b.indices.length - shared;
  return union === 0 ? 0 : (union - shared) / union;
}

function requireSameShape(a: Pattern, b: Pattern, intent: string): void {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1]) {
    throw new TypeError(
      `Cannot ${intent}: found shapes [${a.shape.join(", ")}] and [${b.shape.join(", ")}], ` +
        "need equal ones",
    );
  }
}
