import { type FloatArray, floatsLike } from "../kernels/mod.ts";
import { checkPattern, checkShape, type Pattern, validatePattern } from "./pattern.ts";
import { transposeIndex } from "./transpose_index.ts";

/** A sparse weight matrix in canonical compressed sparse row form: a pattern with weights. */
export interface Csr<Data extends FloatArray = Float32Array> extends Pattern {
  /** Length nnz: the weights, in the order of `indices`. */
  readonly data: Data;
}

/** A sparse matrix as a list of entries: SciPy's coordinate format. */
export interface Coo<Data extends FloatArray = Float32Array> {
  /** Output neurons × input neurons. */
  readonly shape: readonly [rows: number, columns: number];
  /** The row of every entry. */
  readonly rows: Int32Array;
  /** The column of every entry. */
  readonly columns: Int32Array;
  /** The value of every entry. */
  readonly values: Data;
}

/**
 * Checks a matrix in constant time: its pattern as {@linkcode checkPattern} does, then the type and
 * length of its weights.
 *
 * @throws {TypeError} If an array has the wrong type or length.
 * @throws {RangeError} If the shape or an end of `indptr` is out of range.
 */
export function checkCsr(matrix: Csr<FloatArray>): void {
  checkPattern(matrix);
  checkWeights(matrix);
}

/**
 * Checks a matrix in O(rows + nnz): its pattern as {@linkcode validatePattern} does, then the type and
 * length of its weights. Weights may have any value, including NaN and zero.
 *
 * @throws {TypeError} If an array has the wrong type or length.
 * @throws {RangeError} At the first violation, naming the row and the value.
 *
 * @example Usage
 * ```ts
 * import { csrFromDense, validateCsr } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const matrix = csrFromDense(Float32Array.of(0, 5, 6), 1, 3);
 * matrix.indices.reverse();
 * assert.throws(() => validateCsr(matrix), /row 0 has index 1 after 2/);
 * ```
 */
export function validateCsr(matrix: Csr<FloatArray>): void {
  validatePattern(matrix);
  checkWeights(matrix);
}

function checkWeights({ data, indices }: Csr<FloatArray>): void {
  if (!(data instanceof Float32Array) && !(data instanceof Float64Array)) {
    throw new TypeError("Cannot use the matrix: data needs to be a Float32Array or Float64Array");
  }
  if (data.length !== indices.length) {
    throw new TypeError(
      `Cannot use the matrix: data has length ${data.length}, need ${indices.length}, the length of indices`,
    );
  }
}

/**
 * Makes a sparse matrix of the nonzero elements of a dense one. Sparse layers are drawn without it; it
 * is for data and tests.
 *
 * @param dense Length rows × columns, row by row.
 * @param rows Output neurons.
 * @param columns Input neurons.
 * @returns A matrix with weights of the same type. It leaves out zeros of either sign and keeps NaN.
 * @throws {TypeError} If `dense` has another length.
 * @throws {RangeError} If a size is not an integer from 0 to 2³¹ − 1.
 *
 * @example Usage
 * ```ts
 * import { csrFromDense } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const matrix = csrFromDense(Float32Array.of(1, 0, 2, 0, 3, 0), 2, 3);
 * assert.deepEqual([...matrix.indptr], [0, 2, 3]);
 * assert.deepEqual([...matrix.indices], [0, 2, 1]);
 * assert.deepEqual([...matrix.data], [1, 2, 3]);
 * ```
 */
export function csrFromDense<Data extends FloatArray>(
  dense: Data,
  rows: number,
  columns: number,
): Csr<Data> {
  checkShape([rows, columns]);
  if (dense.length !== rows * columns) {
    throw new TypeError(
      `Cannot read a dense matrix of shape [${rows}, ${columns}]: ` +
        `found ${dense.length} elements, need ${rows * columns}`,
    );
  }
  let count = 0;
  for (let i = 0; i < dense.length; i++) if (dense[i] !== 0) count++;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(count);
  const data = floatsLike(dense, count);
  let entry = 0;
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    for (let column = 0; column < columns; column++) {
      const value = dense[base + column];
      if (value !== 0) {
        indices[entry] = column;
        data[entry++] = value;
      }
    }
    indptr[row + 1] = entry;
  }
  return { shape: [rows, columns], indptr, indices, data };
}

/**
 * Converts a matrix to dense form, which takes rows × columns numbers.
 *
 * @returns Length rows × columns, row by row.
 */
export function csrToDense<Data extends FloatArray>(matrix: Csr<Data>): Data {
  const { shape: [rows, columns], indptr, indices, data } = matrix;
  const dense = floatsLike(data, rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      dense[row * columns + indices[entry]] = data[entry];
    }
  }
  return dense;
}

/**
 * Makes a matrix of a list of entries in any order, in O(rows + columns + nnz). Entries with the same
 * row and column are summed in the order of the list, as in SciPy. Explicit zeros stay.
 *
 * @throws {TypeError} If the three lists differ in length.
 * @throws {RangeError} If a row or column is out of range, naming the entry.
 *
 * @example Usage
 * ```ts
 * import { csrFromCoo } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const matrix = csrFromCoo({
 *   shape: [2, 3],
 *   rows: Int32Array.of(1, 0, 1),
 *   columns: Int32Array.of(2, 1, 2),
 *   values: Float32Array.of(5, 7, 1),
 * });
 * assert.deepEqual([...matrix.indices], [1, 2]);
 * assert.deepEqual([...matrix.data], [7, 6]);
 * ```
 */
export function csrFromCoo<Data extends FloatArray>(entries: Coo<Data>): Csr<Data> {
  const { shape: [rows, columns], values } = entries;
  checkShape(entries.shape);
  const length = values.length;
  if (entries.rows.length !== length || entries.columns.length !== length) {
    throw new TypeError(
      `Cannot read a list of entries: found ${entries.rows.length} rows, ` +
        `${entries.columns.length} columns and ${length} values, need as many of each`,
    );
  }
  requireRange("row", entries.rows, rows);
  requireRange("column", entries.columns, columns);
  // Two stable counting sorts: by column, then by row.
  const byColumn = stableOrder(entries.columns, columns);
  const order = stableOrder(entries.rows, rows, byColumn);

  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(length);
  const data = floatsLike(values, length);
  let count = 0;
  let lastRow = -1;
  for (let i = 0; i < length; i++) {
    const row = entries.rows[order[i]];
    const column = entries.columns[order[i]];
    if (row === lastRow && indices[count - 1] === column) {
      data[count - 1] += values[order[i]];
    } else {
      indices[count] = column;
      data[count++] = values[order[i]];
      indptr[row + 1]++;
      lastRow = row;
    }
  }
  for (let row = 0; row < rows; row++) indptr[row + 1] += indptr[row];
  return {
    shape: [rows, columns],
    indptr,
    indices: indices.slice(0, count),
    data: data.slice(0, count) as Data,
  };
}

/** Lists the entries of a matrix, row by row. */
export function csrToCoo<Data extends FloatArray>(matrix: Csr<Data>): Coo<Data> {
  const { shape, indptr, indices, data } = matrix;
  const rows = new Int32Array(indices.length);
  for (let row = 0; row < shape[0]; row++) rows.fill(row, indptr[row], indptr[row + 1]);
  return { shape: [...shape], rows, columns: indices.slice(), values: data.slice() as Data };
}

/**
 * The transpose of a matrix, canonical again, in O(rows + columns + nnz).
 *
 * @example Usage
 * ```ts
 * import { csrFromDense, csrToDense, transposeCsr } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const matrix = csrFromDense(Float32Array.of(1, 0, 2, 0, 3, 0), 2, 3);
 * assert.deepEqual([...csrToDense(transposeCsr(matrix))], [1, 0, 0, 3, 2, 0]);
 * ```
 */
export function transposeCsr<Data extends FloatArray>(matrix: Csr<Data>): Csr<Data> {
  const { indptr, rows, entries } = transposeIndex(matrix);
  const data = floatsLike(matrix.data, entries.length);
  for (let i = 0; i < entries.length; i++) data[i] = matrix.data[entries[i]];
  return { shape: [matrix.shape[1], matrix.shape[0]], indptr, indices: rows, data };
}

function requireRange(name: string, numbers: Int32Array, limit: number): void {
  const i = numbers.findIndex((number) => number < 0 || number >= limit);
  if (i < 0) return;
  const found = `entry ${i} has ${name} ${numbers[i]}`;
  throw new RangeError(`Cannot read a list of entries: ${found}, need 0 to ${limit - 1}`);
}

/** The order that sorts `keys`. Equal keys stay in the order of `previous`, or of the list. */
function stableOrder(keys: Int32Array, limit: number, previous?: Int32Array): Int32Array {
  const starts = new Int32Array(limit + 1);
  for (let i = 0; i < keys.length; i++) starts[keys[i] + 1]++;
  for (let key = 0; key < limit; key++) starts[key + 1] += starts[key];
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const entry = previous === undefined ? i : previous[i];
    order[starts[keys[entry]]++] = entry;
  }
  return order;
}
