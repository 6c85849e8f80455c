import type { Pattern } from "./pattern.ts";

/** The transpose index of a pattern: its connections listed by input neuron. Weights do not move. */
export interface TransposeIndex {
  /** Length columns + 1: the start of every input neuron's connections in `rows` and `entries`. */
  readonly indptr: Int32Array;
  /** Length nnz: the output neuron of every connection, ascending within an input neuron. */
  readonly rows: Int32Array;
  /** Length nnz: the connection's entry number in the pattern. */
  readonly entries: Int32Array;
}

/**
 * Makes the transpose index of a pattern by a counting sort, in O(rows + columns + nnz).
 *
 * @param pattern The pattern, canonical.
 * @param into The arrays to write to, such as views over kernel memory. Left out: new arrays.
 * @returns `into`, or the new index.
 * @throws {TypeError} If an array of `into` has the wrong length.
 *
 * @example Usage
 * ```ts
 * import { transposeIndex } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = { shape: [2, 3], indptr: Int32Array.of(0, 2, 4), indices: Int32Array.of(0, 2, 0, 1) } as const;
 * const index = transposeIndex(pattern);
 * assert.deepEqual([...index.indptr], [0, 2, 3, 4]);
 * assert.deepEqual([...index.rows], [0, 1, 1, 0]);
 * assert.deepEqual([...index.entries], [0, 2, 3, 1]);
 * ```
 */
export function transposeIndex(pattern: Pattern, into?: TransposeIndex): TransposeIndex {
  const { shape: [, columns], indices } = pattern;
  const count = indices.length;
  const index = into ?? {
    indptr: new Int32Array(columns + 1),
    rows: new Int32Array(count),
    entries: new Int32Array(count),
  };
  requireLength("indptr", index.indptr, columns + 1);
  requireLength("rows", index.rows, count);
  requireLength("entries", index.entries, count);

  if (columns > WIDE) indexByBlocks(pattern, index, columnsOfBlock(columns, count));
  else indexAtOnce(pattern, index);
  return index;
}

/** Patterns with more columns are sorted in two passes: their column starts exceed a core's cache. */
const WIDE = 65_536;

/** The number of connections in a block that stays in a core's cache. */
const BLOCK = 131_072;

function indexAtOnce({ shape: [rows, columns], indptr, indices }: Pattern, index: TransposeIndex) {
  const count = indices.length;
  // Columns are counted two places to the right. So starts[c + 1] is the place of column c's next
  // entry, and after the last entry `starts` is the finished `indptr`, without a second array.
  const starts = index.indptr;
  starts.fill(0);
  for (let entry = 0; entry < count; entry++) {
    const after = indices[entry] + 2;
    if (after <= columns) starts[after]++;
  }
  for (let column = 2; column <= columns; column++) starts[column] += starts[column - 1];
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const place = starts[indices[entry] + 1]++;
      index.rows[place] = row;
      index.entries[place] = entry;
    }
  }
}

/** The number of columns of a block with about {@linkcode BLOCK} connections: a power of two. */
function columnsOfBlock(columns: number, count: number): number {
  let width = 1;
  while (width < WIDE && 2 * width * count <= BLOCK * columns) width *= 2;
  return width;
}

/**
 * Makes the same index in two passes: the first moves every connection to the block of its column, the
 * second to its place in the block. In one pass over a million columns nearly every write would miss
 * the caches; these passes write to few places at a time. Takes 2 bytes a connection of extra memory.
 *
 * @param width The number of columns of a block: a power of two up to 65,536.
 */
export function indexByBlocks(
  { shape: [rows, columns], indptr, indices }: Pattern,
  index: TransposeIndex,
  width: number,
): void {
  const count = indices.length;
  const shift = 31 - Math.clz32(width);
  const blocks = Math.ceil(columns / width);
  const ends = new Int32Array(blocks + 1);
  for (let entry = 0; entry < count; entry++) ends[(indices[entry] >> shift) + 1]++;
  for (let block = 0; block < blocks; block++) ends[block + 1] += ends[block];
  const columnInBlock = new Uint16Array(count);
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const column = indices[entry];
      // ends[block] counts up from the block's start to its end.
      const place = ends[column >> shift]++;
      index.rows[place] = row;
      index.entries[place] = entry;
      columnInBlock[place] = column & (width - 1);
    }
  }
  // The second pass moves one block at a time, through these arrays.
  let largest = 0;
  for (let block = 0; block < blocks; block++) {
    largest = Math.max(largest, ends[block] - (block === 0 ? 0 : ends[block - 1]));
  }
  const blockRows = new Int32Array(largest);
  const blockEntries = new Int32Array(largest);
  const starts = new Int32Array(width);
  index.indptr[0] = 0;
  for (let block = 0, from = 0; block < blocks; block++) {
    const to = ends[block];
    blockRows.set(index.rows.subarray(from, to));
    blockEntries.set(index.entries.subarray(from, to));
    starts.fill(0);
    for (let place = from; place < to; place++) starts[columnInBlock[place]]++;
    const first = block * width;
    for (let column = first, start = from; column < Math.min(first + width, columns); column++) {
      const connections = starts[column - first];
      starts[column - first] = start;
      start += connections;
      index.indptr[column + 1] = start;
    }
    for (let i = 0; i < to - from; i++) {
      const place = starts[columnInBlock[from + i]]++;
      index.rows[place] = blockRows[i];
      index.entries[place] = blockEntries[i];
    }
    from = to;
  }
}

function requireLength(name: string, array: Int32Array, length: number): void {
  if (array.length !== length) {
    throw new TypeError(
      `Cannot index the pattern by columns: ${name} has length ${array.length}, need ${length}`,
    );
  }
}
