/**
 * Checks of the arguments of kernels. Compiled code does not check them: an index beyond the end of an
 * array would read or write other memory. Ranges and lengths are checked in every call; connections are
 * checked when a layer is first used. `intent` is the task in error messages, such as "compute
 * sparseForward".
 *
 * @module
 */
import type { FloatArray } from "./float_array.ts";
import { Itself } from "./itself.ts";
import {
  backwardEnd,
  BLOCK_SIZES,
  type DenseArrays,
  type PerWeight,
  type SparseArrays,
} from "./kernels.ts";

/** Marks on layers that have been checked: for connections, and for the transpose index. */
class Checked extends Itself {
  #rows = false;
  #columns = false;

  static hasRows(layer: SparseArrays): boolean {
    return #rows in layer && layer.#rows;
  }

  static hasColumns(layer: SparseArrays): boolean {
    return #columns in layer && layer.#columns;
  }

  static mark(layer: SparseArrays, rows: boolean, columns: boolean): void {
    // A frozen layer cannot be marked, so it is checked in every call.
    if (!(#rows in layer) && Object.isExtensible(layer)) new Checked(layer);
    if (!(#rows in layer)) return;
    layer.#rows = rows;
    layer.#columns = columns;
  }
}

/**
 * Checks that the connections of a sparse layer stay within its arrays, in O(rows + nnz). Kernels call it
 * when they first use a layer, and not again. Call it after a change of a layer's connections or transpose
 * index in place.
 *
 * @throws {TypeError} If an array has the wrong type or length.
 * @throws {RangeError} If row starts fall, or an index is out of range.
 *
 * @example Usage
 * ```ts
 * import { checkConnections, type SparseArrays } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * const none = { indptr: new Int32Array(4), rows: new Int32Array(0), entries: new Int32Array(0) };
 * const layer: SparseArrays = {
 *   blockSize: 1,
 *   rows: 1,
 *   columns: 3,
 *   indptr: Int32Array.of(0, 1),
 *   indices: Int32Array.of(3),
 *   weights: Float32Array.of(0.5),
 *   bias: Float32Array.of(0),
 *   transpose: { ...none, weights: new Float32Array(0) },
 * };
 * assert.throws(() => checkConnections(layer), /found index 3 in row 0, need 0 to 2/);
 * ```
 */
export function checkConnections(layer: SparseArrays): void {
  Checked.mark(layer, false, false);
  const { rows, columns } = layer;
  checkSizes("use the connections", 16, rows, columns);
  checkRowRange("use the connections", layer, 0, rows);
  checkRows("use the connections", layer, 0, rows);
}

/** Checks the arguments of a forward kernel. */
export function checkForward(
  intent: string,
  layer: SparseArrays | DenseArrays,
  x: FloatArray,
  out: FloatArray,
  factor: FloatArray | null,
  stride: number,
  from: number,
  to: number,
): void {
  const { rows, columns } = layer;
  checkSizes(intent, stride, rows, columns);
  checkRowRange(intent, layer, from, to);
  if (isSparse(layer)) checkRows(intent, layer, from, to);
  checkPerWeight(intent, "layer", layer, layer);
  checkFloats(intent, "x", x, columns * stride);
  checkFloats(intent, "out", out, rows * stride);
  if (factor !== null) checkFloats(intent, "factor", factor, rows * stride);
}

/** Checks the arguments of a forward kernel for one sample. */
export function checkOneRow(
  intent: string,
  layer: SparseArrays | DenseArrays,
  x: FloatArray,
  out: FloatArray,
): void {
  const { rows, columns } = layer;
  checkSizes(intent, 16, rows, columns);
  checkRowRange(intent, layer, 0, rows);
  if (isSparse(layer)) checkRows(intent, layer, 0, rows);
  checkPerWeight(intent, "layer", layer, layer);
  checkFloats(intent, "x", x, columns);
  checkFloats(intent, "out", out, rows);
}

/** Checks the arguments of a backward kernel. */
export function checkBackward(
  intent: string,
  layer: SparseArrays | DenseArrays,
  dz: FloatArray,
  factor: FloatArray | null,
  dx: FloatArray,
  stride: number,
  from: number,
  to: number,
): void {
  const { rows, columns, weights } = layer;
  checkSizes(intent, stride, rows, columns);
  if (!isSparse(layer)) {
    checkRange(intent, from, to, columns);
    checkFloats(intent, "weights", weights, rows * columns);
  } else {
    checkRange(intent, from, to, backwardEnd(layer, stride));
    if (layer.blockSize === 1) {
      checkColumns(intent, layer, from, to);
      const { transpose } = layer;
      checkFloats(intent, "transpose.weights", transpose.weights, transpose.rows.length);
    } else {
      checkRowRange(intent, layer, 0, rows);
      checkRows(intent, layer, 0, rows);
      checkFloats(intent, "weights", weights, layer.indices.length * layer.blockSize);
    }
  }
  checkFloats(intent, "dz", dz, rows * stride);
  if (factor !== null) checkFloats(intent, "factor", factor, columns * stride);
  checkFloats(intent, "dx", dx, columns * stride);
}

/** Checks the arguments of a gradient kernel. */
export function checkGradient(
  intent: string,
  layer: SparseArrays | DenseArrays,
  x: FloatArray,
  dz: FloatArray,
  gradient: PerWeight,
  stride: number,
  batch: number,
  from: number,
  to: number,
): void {
  const { rows, columns } = layer;
  checkSizes(intent, stride, rows, columns);
  checkRowRange(intent, layer, from, to);
  checkBatch(intent, batch, stride);
  if (isSparse(layer)) checkRows(intent, layer, from, to);
  checkFloats(intent, "x", x, columns * stride);
  checkFloats(intent, "dz", dz, rows * stride);
  checkPerWeight(intent, "gradient", gradient, layer);
}

/** Checks arrays with a value for every weight and bias of a layer. */
export function checkPerWeight(
  intent: string,
  name: string,
  { weights, bias }: PerWeight,
  layer: SparseArrays | DenseArrays,
): void {
  const { rows, columns } = layer;
  const count = isSparse(layer) ? layer.indices.length * layer.blockSize : rows * columns;
  checkFloats(intent, name, weights, count, ".weights");
  checkFloats(intent, name, bias, rows, ".bias");
}

/** Checks the arguments of an optimiser. `square` is left out for sgdUpdate. */
export function checkUpdate(
  intent: string,
  gradient: FloatArray,
  weights: FloatArray,
  state: FloatArray,
  square: FloatArray | null,
  from: number,
  to: number,
): void {
  checkRange(intent, from, to, to);
  checkFloats(intent, "gradient", gradient, to);
  checkFloats(intent, "weights", weights, to);
  checkFloats(intent, "velocity or mean", state, to);
  if (square !== null) checkFloats(intent, "square", square, to);
}

/** Checks the arguments of a loss, except its targets. */
export function checkLoss(
  intent: string,
  classes: number,
  batch: number,
  stride: number,
  z: FloatArray,
  dz: FloatArray,
  result: Float64Array,
  weights: FloatArray | null,
): void {
  checkSoftmax(intent, classes, batch, stride, z, dz);
  if (!(result instanceof Float64Array)) throw wrongType(intent, "result", result, "Float64Array");
  if (result.length < 2) throw tooShort(intent, "result", result, 2);
  if (weights !== null) checkFloats(intent, "weights", weights, batch);
}

/** Checks that every sample's label is one of the classes. */
export function checkLabels(
  intent: string,
  labels: Int32Array,
  batch: number,
  classes: number,
): void {
  checkIntegers(intent, "labels", labels, batch);
  for (let b = 0; b < batch; b++) {
    if (labels[b] >= 0 && labels[b] < classes) continue;
    throw outOfRange(intent, `label ${labels[b]} of sample ${b}`, `0 to ${classes - 1}`);
  }
}

/** Checks the arguments of a softmax. */
export function checkSoftmax(
  intent: string,
  classes: number,
  batch: number,
  stride: number,
  z: FloatArray,
  p: FloatArray,
): void {
  checkSizes(intent, stride, classes, 0);
  if (classes === 0) throw outOfRange(intent, "0 classes", "at least 1");
  checkBatch(intent, batch, stride);
  checkFloats(intent, "z", z, classes * stride);
  checkFloats(intent, "the result", p, classes * stride);
}

/** Checks the arguments of the sine units. */
export function checkSine(
  intent: string,
  rows: number,
  z: FloatArray,
  factor: FloatArray | null,
  stride: number,
  from: number,
  to: number,
): void {
  checkSizes(intent, stride, rows, 0);
  checkRange(intent, from, to, rows);
  checkFloats(intent, "z", z, rows * stride);
  if (factor !== null) checkFloats(intent, "factor", factor, rows * stride);
}

/**
 * Checks that a value is an array of floats, at least as long as the kernel reads.
 *
 * @param field A suffix of the name in errors. It is a separate argument so that no text is joined without
 * an error.
 */
export function checkFloats(
  intent: string,
  name: string,
  array: FloatArray,
  least: number,
  field = "",
): void {
  if (!(array instanceof Float32Array || array instanceof Float64Array)) {
    throw wrongType(intent, name + field, array, "Float32Array");
  }
  if (array.length < least) throw tooShort(intent, name + field, array, least);
}

function isSparse(layer: SparseArrays | DenseArrays): layer is SparseArrays {
  return "indptr" in layer;
}

function checkSizes(intent: string, stride: number, rows: number, columns: number): void {
  if ((rows | 0) !== rows || (columns | 0) !== columns || rows < 0 || columns < 0) {
    throw outOfRange(intent, `a layer of ${rows} by ${columns}`, "32-bit integers from 0");
  }
  if ((stride | 0) !== stride || stride < 1 || stride % 16 !== 0) {
    throw outOfRange(intent, `a stride of ${stride}`, "a positive multiple of 16");
  }
}

/** Checks a range of output neurons, which begins and ends between blocks. */
function checkRowRange(
  intent: string,
  layer: SparseArrays | DenseArrays,
  from: number,
  to: number,
): void {
  checkRange(intent, from, to, layer.rows);
  if (!isSparse(layer) || layer.blockSize === 1) return;
  const { blockSize, rows } = layer;
  if (!(BLOCK_SIZES as readonly number[]).includes(blockSize)) {
    throw outOfRange(intent, `blocks of ${blockSize} neurons`, `one of ${BLOCK_SIZES.join(", ")}`);
  }
  for (const count of [rows, from, to]) {
    if (count % blockSize === 0) continue;
    const what = count === rows ? `${rows} rows` : `the range from ${from} to ${to}`;
    throw outOfRange(intent, what, `multiples of ${blockSize}, the size of the blocks`);
  }
}

function checkRange(intent: string, from: number, to: number, limit: number): void {
  if ((from | 0) === from && (to | 0) === to && from >= 0 && from <= to && to <= limit) return;
  throw outOfRange(intent, `the range from ${from} to ${to}`, `integers within 0 to ${limit}`);
}

function checkBatch(intent: string, batch: number, stride: number): void {
  if ((batch | 0) === batch && batch >= 1 && batch <= stride) return;
  throw outOfRange(intent, `a batch of ${batch}`, `1 to ${stride} samples, the stride`);
}

function checkRows(intent: string, layer: SparseArrays, from: number, to: number): void {
  if (Checked.hasRows(layer)) return;
  const { rows, columns, blockSize: G, indptr, indices } = layer;
  checkIntegers(intent, "indptr", indptr, rows / G + 1);
  checkIntegers(intent, "indices", indices, 0);
  const line = G === 1 ? "row" : "block row";
  checkLists(intent, line, indptr, indices.length, from / G, to / G, [["index", indices, columns]]);
  // A part of the rows is checked in every call, because the next part may be written into the same arrays.
  if (from === 0 && to === rows) Checked.mark(layer, true, Checked.hasColumns(layer));
}

function checkColumns(intent: string, layer: SparseArrays, from: number, to: number): void {
  if (Checked.hasColumns(layer)) return;
  const { rows, columns, weights, transpose: { indptr, rows: neurons, entries } } = layer;
  checkIntegers(intent, "transpose.indptr", indptr, columns + 1);
  checkIntegers(intent, "transpose.rows", neurons, 0);
  checkIntegers(intent, "transpose.entries", entries, neurons.length);
  checkFloats(intent, "weights", weights, neurons.length);
  checkLists(intent, "column", indptr, neurons.length, from, to, [
    ["row", neurons, rows],
    ["entry", entries, neurons.length],
  ]);
  if (from === 0 && to === columns) Checked.mark(layer, Checked.hasRows(layer), true);
}

/** Checks that row starts ascend within the connections, and every index is below its limit. */
function checkLists(
  intent: string,
  line: string,
  indptr: Int32Array,
  connections: number,
  from: number,
  to: number,
  lists: readonly (readonly [name: string, indices: Int32Array, limit: number])[],
): void {
  for (let i = from; i <= to; i++) {
    const [start, before] = [indptr[i], i === from ? 0 : indptr[i - 1]];
    if (start >= before && start <= connections) continue;
    throw outOfRange(intent, `${line} start ${i} at ${start}`, `${before} to ${connections}`);
  }
  for (const [name, indices, limit] of lists) {
    for (let k = indptr[from]; k < indptr[to]; k++) {
      if (indices[k] >= 0 && indices[k] < limit) continue;
      let i = from;
      while (indptr[i + 1] <= k) i++;
      throw outOfRange(intent, `${name} ${indices[k]} in ${line} ${i}`, `0 to ${limit - 1}`);
    }
  }
}

function checkIntegers(intent: string, name: string, array: Int32Array, least: number): void {
  if (!(array instanceof Int32Array)) throw wrongType(intent, name, array, "Int32Array");
  if (array.length < least) throw tooShort(intent, name, array, least);
}

function tooShort(
  intent: string,
  name: string,
  { length }: ArrayLike<unknown>,
  least: number,
): TypeError {
  return new TypeError(
    `Cannot ${intent}: found ${name} of length ${length}, need at least ${least}`,
  );
}

function wrongType(intent: string, name: string, found: unknown, need: string): TypeError {
  const type = (found as object | undefined)?.constructor?.name ?? `${found}`;
  return new TypeError(`Cannot ${intent}: found ${name} of type ${type}, need a ${need}`);
}

function outOfRange(intent: string, found: string, need: string): RangeError {
  return new RangeError(`Cannot ${intent}: found ${found}, need ${need}`);
}
