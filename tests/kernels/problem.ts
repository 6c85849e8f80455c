/**
 * Small layers with inputs and gradients, the same numbers for every back end, and the means to
 * compare what the back ends make of them.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Arena } from "../../lib/kernels/arena.ts";
import type { FloatArray } from "../../lib/kernels/float_array.ts";
import {
  activationIndex,
  type DenseArrays,
  type Kernels,
  PANEL,
  type PerWeight,
  type SparseArrays,
  strideOf,
} from "../../lib/kernels/kernels.ts";
import { type Random, randomStream } from "../../lib/random.ts";
import { transposeIndex } from "../../lib/sparse/transpose_index.ts";

/** Below, at and above every tile, every panel and half panel, and every group of panels. */
export const BATCHES = [1, 15, 16, 17, 31, 32, 33, 46, 48, 64, 100, 127, 128, 129, 161, 200];

/** Half the distance of neighbouring 32-bit floats near 1. */
export const UNIT = 2 ** -24;

/** What stands around every array that a kernel writes. */
const SENTINEL = 12345;
/** Its length, on either side. Where a sanitizer watches, 0: what it guards begins at once. */
export const guard = { length: 32 };

/** Connections of a layer: for every block row of `blockSize` neurons (1 if absent) its inputs, ascending. */
export interface Connections {
  readonly name: string;
  readonly columns: number;
  readonly blockSize?: number;
  readonly inputs: readonly (readonly number[])[];
}

/** Every input with probability `density`, but for the rows and columns that stay empty. */
function drawn(name: string, rows: number, columns: number, density: number): Connections {
  const random = randomStream(1, "connections", name);
  const inputs = Array.from(
    { length: rows },
    () => Array.from({ length: columns }, (_, i) => i).filter(() => random.float() < density),
  );
  return { name, columns, inputs };
}

const full = (rows: number, columns: number): Connections => ({
  name: `full ${rows} × ${columns}`,
  columns,
  inputs: Array.from({ length: rows }, () => Array.from({ length: columns }, (_, i) => i)),
});

/** Layers at the borders of what the kernels can be given. */
export const LAYERS: readonly Connections[] = [
  full(1, 1),
  full(13, 9),
  full(1, 20),
  full(20, 1),
  { name: "no connection at all", columns: 7, inputs: [[], [], [], [], []] },
  { name: "1 × 1 and empty", columns: 1, inputs: [[]] },
  {
    name: "rows of 0 to 9 entries",
    columns: 12,
    inputs: Array.from({ length: 10 }, (_, j) => Array.from({ length: j }, (_, i) => i + j % 3)),
  },
  {
    name: "empty first and last rows and columns",
    columns: 6,
    inputs: [[], [1, 3], [], [2], [1, 2, 3, 4], []],
  },
  drawn("40 × 70", 40, 70, 0.2),
  drawn("17 × 33, sparse", 17, 33, 0.05),
];

/** Block layers at the borders of what the kernels can be given: some of each size of block. */
export const BLOCK_LAYERS: readonly Connections[] = [2, 4, 8, 16].flatMap((blockSize) =>
  [
    full(1, 1),
    full(1, 11),
    full(3, 9),
    LAYERS[4],
    LAYERS[6],
    LAYERS[7],
    drawn("5 × 70", 5, 70, 0.2),
    drawn("17 × 33, sparse", 17, 33, 0.05),
  ].map((layer) => ({ ...layer, blockSize, name: `${layer.name} blocks of ${blockSize}` }))
);

/** A layer's numbers, in ordinary memory and 32-bit precision. */
export interface Problem {
  readonly name: string;
  readonly blockSize: number;
  readonly rows: number;
  readonly columns: number;
  readonly batch: number;
  readonly stride: number;
  readonly indptr: readonly number[];
  readonly indices: readonly number[];
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Activations of the columns. */
  readonly x: Float32Array;
  /** Activations of the rows, zero in the padding. */
  readonly dz: Float32Array;
  /** Activations of the columns. */
  readonly factor: Float32Array;
  /** As long as the weights and the biases. */
  readonly velocity: { readonly weights: Float32Array; readonly bias: Float32Array };
}

/** Fills a layer with normal random numbers. */
export function sparseProblem(connections: Connections, batch: number): Problem {
  const { name, columns, inputs, blockSize = 1 } = connections;
  const indptr = [0];
  for (const row of inputs) indptr.push(indptr[indptr.length - 1] + row.length);
  return problem(name, blockSize, inputs.length, columns, batch, indptr, inputs.flat());
}

/** A layer with all its weights. */
export function denseProblem(rows: number, columns: number, batch: number): Problem {
  return sparseProblem(full(rows, columns), batch);
}

function problem(
  name: string,
  blockSize: number,
  blockRows: number,
  columns: number,
  batch: number,
  indptr: number[],
  indices: number[],
): Problem {
  const random = randomStream(2, name, batch);
  const stride = strideOf(batch);
  const [rows, nnz] = [blockRows * blockSize, indices.length * blockSize];
  return {
    name: `${name}, batch ${batch}`,
    blockSize,
    rows,
    columns,
    batch,
    stride,
    indptr,
    indices,
    weights: normals(nnz, random),
    bias: normals(rows, random),
    x: normals(columns * stride, random),
    dz: withPadding(normals(rows * stride, random), stride, batch, 0),
    factor: normals(columns * stride, random),
    velocity: { weights: normals(nnz, random), bias: normals(rows, random) },
  };
}

export function normals(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

/** The feature and the sample of every activation, in the order of memory. */
export function activationOrder(
  features: number,
  stride: number,
): { readonly feature: number; readonly sample: number }[] {
  const order = [];
  for (let start = 0; start < stride; start += PANEL) {
    const end = Math.min(start + PANEL, stride);
    for (let feature = 0; feature < features; feature++) {
      for (let sample = start; sample < end; sample++) order.push({ feature, sample });
    }
  }
  return order;
}

/** The feature of every activation, in the order of memory. */
export function featuresInOrder(features: number, stride: number): Int32Array {
  const order = new Int32Array(features * stride);
  let place = 0;
  for (let start = 0; start < stride; start += PANEL) {
    const width = Math.min(PANEL, stride - start);
    for (let feature = 0; feature < features; feature++) {
      order.fill(feature, place, place += width);
    }
  }
  return order;
}

/** What the judge says of a problem, or whatever else follows from it: worked out once for all back ends. */
export function onceFor<Of, T>(judgement: (of: Of) => T): (of: Of) => T {
  const known = new Map<Of, T>();
  return (of) => {
    if (!known.has(of)) known.set(of, judgement(of));
    return known.get(of)!;
  };
}

/** Writes a value for the samples beyond the batch. */
export function withPadding<T extends FloatArray>(
  array: T,
  stride: number,
  batch: number,
  value: number,
): T {
  const features = array.length / stride;
  for (let feature = 0; feature < features; feature++) {
    for (let sample = batch; sample < stride; sample++) {
      array[activationIndex(features, stride, feature, sample)] = value;
    }
  }
  return array;
}

/** The same problem with every number positive: its sums bound the rounding errors of the sums. */
export function absolute(p: Problem): Problem {
  const positive = (array: Float32Array) => array.map(Math.abs);
  return {
    ...p,
    weights: positive(p.weights),
    bias: positive(p.bias),
    x: positive(p.x),
    dz: positive(p.dz),
    factor: positive(p.factor),
    velocity: { weights: positive(p.velocity.weights), bias: positive(p.velocity.bias) },
  };
}

/** A problem in a back end's memory. Arrays that kernels write stand between guards. */
export interface OpenProblem {
  readonly arena: Arena;
  readonly layer: SparseArrays & DenseArrays;
  readonly x: FloatArray;
  readonly dz: FloatArray;
  readonly factor: FloatArray;
  readonly velocity: PerWeight;
  /** Activations of the rows. */
  readonly out: FloatArray;
  /** Activations of the rows. */
  readonly outFactor: FloatArray;
  /** Activations of the columns. */
  readonly dx: FloatArray;
  readonly gradient: PerWeight;
  /** Stride × strideOf(columns). */
  readonly transposed: FloatArray;
  /** Fails if anything was written outside the arrays. */
  checkGuards(): void;
}

export function openProblem(kernels: Kernels, p: Problem): OpenProblem {
  const arena = kernels.openArena();
  const { floats, checkGuards } = guardedFloats(arena);
  const { rows, columns, stride, blockSize } = p;
  // Blocks need no transpose index.
  const [ends, entries] = blockSize === 1 ? [columns + 1, p.indices.length] : [0, 0];
  const layer = {
    blockSize,
    rows,
    columns,
    indptr: integers(arena, p.indptr),
    indices: integers(arena, p.indices),
    weights: floats(p.weights),
    bias: floats(p.bias),
    transpose: {
      indptr: arena.integers(ends),
      rows: arena.integers(entries),
      entries: arena.integers(entries),
      weights: floats(new Float32Array(entries).fill(SENTINEL)),
    },
  };
  if (blockSize === 1) {
    const { indptr, indices, transpose } = layer;
    transposeIndex({ shape: [rows, columns], indptr, indices }, transpose);
  }
  const written = (length: number) => floats(new Float32Array(length).fill(SENTINEL));
  let transposed: FloatArray | undefined;
  return {
    arena,
    layer,
    x: floats(p.x),
    dz: floats(p.dz),
    factor: floats(p.factor),
    velocity: { weights: floats(p.velocity.weights), bias: floats(p.velocity.bias) },
    out: written(rows * stride),
    outFactor: written(rows * stride),
    dx: written(columns * stride),
    gradient: { weights: written(p.weights.length), bias: written(rows) },
    // As large as the input, and one kernel's.
    get transposed() {
      return transposed ??= written(stride * strideOf(columns));
    },
    checkGuards,
  };
}

/** What kernels left behind, in ordinary memory. */
export interface Outcome {
  readonly out: FloatArray;
  readonly outFactor: FloatArray;
  readonly dx: FloatArray;
  readonly gradient: PerWeight;
  readonly layer: PerWeight;
  readonly velocity: PerWeight;
}

/** Runs kernels on a fresh copy of a problem, and takes the memory back. */
export function runOn(
  kernels: Kernels,
  p: Problem,
  run: (open: OpenProblem) => void,
): Outcome {
  const open = openProblem(kernels, p);
  using _arena = open.arena;
  run(open);
  open.checkGuards();
  const copy = (a: PerWeight) => ({ weights: a.weights.slice(), bias: a.bias.slice() });
  return {
    out: open.out.slice(),
    outFactor: open.outFactor.slice(),
    dx: open.dx.slice(),
    gradient: copy(open.gradient),
    layer: copy(open.layer),
    velocity: copy(open.velocity),
  };
}

/** Copies numbers into an arena, with a guard on both sides. */
export function guardedFloats(
  arena: Arena,
): { floats: (values: ArrayLike<number>) => FloatArray; checkGuards: () => void } {
  const guards: FloatArray[] = [];
  return {
    floats(values) {
      const { length } = guard;
      const whole = arena.floats(values.length + 2 * length);
      whole.fill(SENTINEL);
      const array = whole.subarray(length, length + values.length);
      array.set(values);
      guards.push(whole.subarray(0, length), whole.subarray(length + values.length));
      return array;
    },
    checkGuards() {
      for (const guard of guards) assert.ok(guard.every((value) => value === SENTINEL), "guard");
    },
  };
}

export function integers(arena: Arena, values: ArrayLike<number>): Int32Array {
  const array = arena.integers(values.length);
  array.set(values);
  return array;
}

/** Whether nobody wrote an element. */
export function isUntouched(value: number): boolean {
  return value === SENTINEL;
}

/** Fails unless the rows below `end` were written for every sample, and no row from there on. */
export function assertRowsWritten(
  activations: FloatArray,
  stride: number,
  end: number,
  what: string,
): void {
  activationOrder(activations.length / stride, stride).forEach(({ feature, sample }, i) => {
    assert.equal(
      isUntouched(activations[i]),
      feature >= end,
      `${what} ${feature}, sample ${sample}`,
    );
  });
}

/** Fails where two arrays differ by more than a tolerance. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: (index: number) => number,
  what: string,
): void {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < found.length; i++) {
    const error = Math.abs(found[i] - expected[i]);
    if (!(error <= tolerance(i))) {
      assert.fail(
        `${what}: element ${i} is ${found[i]}, expected ${expected[i]} ± ${tolerance(i)}`,
      );
    }
  }
}

/** Fails unless two arrays hold the same bits. */
export function assertSameBits(found: FloatArray, expected: FloatArray, what: string): void {
  const bits = (array: FloatArray) => new Uint32Array(new Float32Array(array).buffer);
  const [one, other] = [bits(found), bits(expected)];
  // Only what differs is worth a comparison that takes long and says where.
  if (one.length === other.length && one.every((value, i) => value === other[i])) return;
  assert.deepEqual(one, other, what);
}
