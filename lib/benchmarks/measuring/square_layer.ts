import type { Arena, DenseArrays, PerWeight, SparseArrays } from "../../kernels/mod.ts";
import { type Random, randomStream } from "../../random.ts";
import { density, erdosRenyi, type Pattern, transposeIndex } from "../../sparse/mod.ts";

/** A sparse layer with as many outputs as inputs, and a batch for it. */
export interface SquareLayer {
  readonly layer: SparseArrays;
  /** The batch, a multiple of 32, which the limits need. */
  readonly batch: number;
  /** The input: neurons × batch. */
  readonly x: Float32Array;
  /** The gradient of the output: neurons × batch. */
  readonly dz: Float32Array;
  /** The results: neurons × batch. */
  readonly out: Float32Array;
  /** Scratch. */
  readonly gradient: PerWeight;
  readonly velocity: PerWeight;
}

/**
 * Draws an Erdős–Rényi layer of `neurons` × `neurons`. With blocks, a row of the pattern stands for
 * `blockSize` neurons that share their inputs. `neurons` must be a multiple of `blockSize`.
 */
export function squarePattern(neurons: number, epsilon: number, blockSize = 1): Pattern {
  const random = randomStream(neurons, "benchmark pattern");
  return erdosRenyi(neurons / blockSize, neurons, density(epsilon, neurons, neurons), random);
}

/** The approximate bytes that {@linkcode openSquareLayer} takes from the arena. */
export function squareLayerBytes(pattern: Pattern, batch: number): number {
  const [rows] = pattern.shape;
  return 4 * (7 * pattern.indices.length + 3 * rows * batch + 6 * rows);
}

/** Copies a pattern into an arena, with random weights and a random batch. */
export function openSquareLayer(
  pattern: Pattern,
  batch: number,
  arena: Arena,
  blockSize = 1,
): SquareLayer {
  const { shape: [blockRows, columns], indptr, indices } = pattern;
  const [rows, nnz] = [blockRows * blockSize, indices.length * blockSize];
  // Blocks need no transpose index.
  const [ends, entries] = blockSize === 1 ? [columns + 1, nnz] : [0, 0];
  const random = randomStream(rows, "benchmark values");
  const perWeight = () => ({ weights: arena.floats(nnz), bias: arena.floats(rows) });
  const layer = {
    rows,
    columns,
    blockSize,
    indptr: arena.integers(blockRows + 1),
    indices: arena.integers(indices.length),
    ...perWeight(),
    transpose: {
      indptr: arena.integers(ends),
      rows: arena.integers(entries),
      entries: arena.integers(entries),
      weights: arena.floats(entries),
    },
  };
  layer.indptr.set(indptr);
  layer.indices.set(indices);
  if (blockSize === 1) transposeIndex(pattern, layer.transpose);
  const batchArray = () => arena.floats(rows * batch) as Float32Array;
  const opened = {
    layer,
    batch,
    x: batchArray(),
    dz: batchArray(),
    out: batchArray(),
    gradient: perWeight(),
    velocity: perWeight(),
  };
  for (const array of [layer.weights, opened.x, opened.dz]) fillRandom(array, random);
  return opened;
}

/** A dense layer. Its kernels use the batch of a {@linkcode SquareLayer} of the same size. */
export interface SquareDenseLayer {
  readonly layer: DenseArrays;
  /** Scratch. */
  readonly gradient: PerWeight;
  /** Scratch for the transposed input. */
  readonly transposed: Float32Array;
}

/** Makes a dense layer with random weights in an arena. */
export function openSquareDenseLayer(
  neurons: number,
  batch: number,
  arena: Arena,
): SquareDenseLayer {
  const weights = neurons * neurons;
  const perWeight = () => ({ weights: arena.floats(weights), bias: arena.floats(neurons) });
  const layer = { rows: neurons, columns: neurons, ...perWeight() };
  fillRandom(layer.weights, randomStream(neurons, "benchmark values"));
  const transposed = arena.floats(Math.ceil(neurons / 16) * 16 * batch) as Float32Array;
  return { layer, gradient: perWeight(), transposed };
}

/** Fills an array with numbers from U(−0.5, 0.5), which repeat after 65,536. */
export function fillRandom(array: Float32Array | Float64Array, random: Random): void {
  const fresh = Math.min(array.length, 65536);
  for (let i = 0; i < fresh; i++) array[i] = random.float() - 0.5;
  for (let done = fresh; done < array.length; done *= 2) array.copyWithin(done, 0, done);
}
