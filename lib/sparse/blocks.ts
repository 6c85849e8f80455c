/**
 * Blocks of G × 1 weights: G neighbouring output neurons share their inputs. The pattern of such a layer
 * has rows / G rows and one entry per block. Its weights are stored block after block, G weights in each.
 * This is the block sparse row format: SciPy's `bsr_matrix` with blocks of shape (G, 1). With G = 1 an
 * entry is one connection, and the format is compressed sparse row.
 *
 * @module
 */
import { BLOCK_SIZES, type FloatArray, floatsLike } from "../kernels/mod.ts";
import type { Csr } from "./csr.ts";
import type { Pattern } from "./pattern.ts";

/** The arrays of a layer whose entries are blocks. */
export interface Blocked {
  /** G: the output neurons of a block. Left out: 1, every entry is one connection. */
  readonly blockSize?: number | undefined;
}

/**
 * The size of the blocks in a layer: the largest one, up to the size asked for, that divides the layer's
 * output neurons.
 *
 * @param rows Output neurons.
 * @param wanted The size asked for.
 *
 * @example Usage
 * ```ts
 * import { blockSizeFor } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.equal(blockSizeFor(1000, 8), 8);
 * assert.equal(blockSizeFor(100, 8), 4);
 * assert.equal(blockSizeFor(17, 8), 1);
 * ```
 */
export function blockSizeFor(rows: number, wanted: number): number {
  return BLOCK_SIZES.findLast((size) => size <= wanted && rows % size === 0)!;
}

/** G of a layer. */
export function blockSizeOf({ blockSize = 1 }: Blocked): number {
  return blockSize;
}

/** An object with the size of blocks, or without that key if every entry is one connection. */
export function ownBlocks({ blockSize = 1 }: Blocked): { blockSize?: number } {
  return blockSize === 1 ? {} : { blockSize };
}

/**
 * The pattern of a layer's blocks: an entry for every block, and rows / G rows.
 *
 * @param layer Its shape counts output neurons; `indptr` and `indices` are those of the blocks.
 */
export function blockPattern(layer: Pattern & Blocked): Pattern {
  const { shape: [rows, columns], indptr, indices } = layer;
  const size = blockSizeOf(layer);
  return size === 1 ? layer : { shape: [rows / size, columns], indptr, indices };
}

/**
 * Expands a pattern of blocks to one of connections between neurons, in O(rows + connections). Each row
 * of the result lists the inputs of one output neuron.
 *
 * @param blocks The pattern of the blocks: rows / G rows.
 * @param blockSize G: the output neurons of a block.
 *
 * @example Usage
 * ```ts
 * import { neuronPattern } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const blocks = { shape: [1, 3], indptr: Int32Array.of(0, 2), indices: Int32Array.of(0, 2) } as const;
 * const pattern = neuronPattern(blocks, 2);
 * assert.deepEqual(pattern.shape, [2, 3]);
 * assert.deepEqual([...pattern.indptr], [0, 2, 4]);
 * assert.deepEqual([...pattern.indices], [0, 2, 0, 2]);
 * ```
 */
export function neuronPattern(blocks: Pattern, blockSize: number): Pattern {
  const { shape: [rows, columns], indptr, indices } = blocks;
  const ends = new Int32Array(rows * blockSize + 1);
  const expanded = new Int32Array(indices.length * blockSize);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const inputs = indices.subarray(indptr[row], indptr[row + 1]);
    for (let neuron = row * blockSize; neuron < (row + 1) * blockSize; neuron++) {
      expanded.set(inputs, count);
      count += inputs.length;
      ends[neuron + 1] = count;
    }
  }
  return { shape: [rows * blockSize, columns], indptr: ends, indices: expanded };
}

/**
 * A block sparse row matrix in compressed sparse row form, in O(rows + weights).
 *
 * @param matrix Its shape counts output neurons; `data` has G weights for every block.
 *
 * @example Usage
 * ```ts
 * import { csrFromBlocks, csrToDense } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const [indptr, indices] = [Int32Array.of(0, 2), Int32Array.of(0, 2)];
 * const data = Float32Array.of(1, 2, 3, 4);
 * const matrix = csrFromBlocks({ shape: [2, 3], blockSize: 2, indptr, indices, data });
 * assert.deepEqual([...csrToDense(matrix)], [1, 0, 3, 2, 0, 4]);
 * ```
 */
export function csrFromBlocks<Data extends FloatArray>(
  matrix: Pattern & Blocked & { readonly data: Data },
): Csr<Data> {
  const size = blockSizeOf(matrix);
  const { indptr, data: blocks } = matrix;
  const data = floatsLike(blocks, blocks.length);
  const rows = matrix.shape[0] / size;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let neuron = 0; neuron < size; neuron++) {
      for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
        data[count++] = blocks[entry * size + neuron];
      }
    }
  }
  return { ...neuronPattern(blockPattern(matrix), size), data };
}

/**
 * The magnitude of every block: the L2 norm of its numbers. With G = 1 these are the absolute values.
 *
 * @param values G numbers for every block, block after block, such as weights or gradients.
 *
 * @example Usage
 * ```ts
 * import { blockNorms } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...blockNorms([3, -4, 0, 2], 2)], [5, 2]);
 * assert.deepEqual([...blockNorms([3, -4], 1)], [3, 4]);
 * ```
 */
export function blockNorms(values: ArrayLike<number>, blockSize: number): Float64Array {
  const norms = new Float64Array(values.length / blockSize);
  if (blockSize === 1) return norms.map((_, entry) => Math.abs(values[entry]));
  for (let block = 0, at = 0; block < norms.length; block++) {
    let squares = 0;
    for (let neuron = 0; neuron < blockSize; neuron++, at++) squares += values[at] * values[at];
    norms[block] = Math.sqrt(squares);
  }
  return norms;
}

/**
 * The root mean square of every block: the typical magnitude of one of its weights. Unlike the L2 norm, it
 * makes blocks of different sizes comparable.
 *
 * @param values G numbers for every block, block after block.
 *
 * @example Usage
 * ```ts
 * import { weightNorms } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...weightNorms([3, 3, -3, 3], 4)], [3]);
 * ```
 */
export function weightNorms(values: ArrayLike<number>, blockSize: number): Float64Array {
  return blockNorms(values, blockSize).map((norm) => norm / Math.sqrt(blockSize));
}

/** The operations of {@linkcode blockNorms}: a multiply-add for every number, and a root for every block. */
export function blockNormFlops(blocks: number, blockSize: number): number {
  return blockSize === 1 ? 0 : blocks * (2 * blockSize + 1);
}
