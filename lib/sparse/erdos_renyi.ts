/**
 * Sparse random layers: bipartite Erdős–Rényi graphs, in which every possible connection exists
 * independently with the same probability. Sparse evolutionary training begins with them.
 *
 * D. C. Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse
 * connectivity inspired by network science", Nature Communications 9, 2018,
 * https://doi.org/10.1038/s41467-018-04316-3.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { openUniform } from "./open_uniform.ts";
import { checkShape, type Pattern } from "./pattern.ts";

/**
 * The density of an Erdős–Rényi layer: min(1, ε (rows + columns) / (rows × columns)), equation 1 of
 * Mocanu et al. (2018).
 *
 * @param epsilon ε controls the density: the layer has about ε × (rows + columns) connections.
 * @param rows Output neurons, at least 1.
 * @param columns Input neurons, at least 1.
 * @returns The probability of every connection, from 0 to 1.
 * @throws {RangeError} If `epsilon` is negative or not finite, or a size is not an integer from 1.
 *
 * @example Usage
 * ```ts
 * import { density } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * assert.equal(density(20, 1000, 1000), 0.04);
 * assert.equal(density(20, 5, 1000), 1);
 * ```
 */
export function density(epsilon: number, rows: number, columns: number): number {
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new RangeError(
      `Cannot compute a density: epsilon is ${epsilon}, need a finite number from 0`,
    );
  }
  checkShape([rows, columns]);
  if (rows === 0 || columns === 0) {
    throw new RangeError(
      `Cannot compute a density: the shape is [${rows}, ${columns}], need at least one of each`,
    );
  }
  return Math.min(1, epsilon * (rows + columns) / (rows * columns));
}

/**
 * Draws a pattern in which every possible connection exists independently with the same probability.
 * It draws the gaps between connections from the geometric distribution, and so takes O(rows + nnz)
 * time and memory. V. Batagelj and U. Brandes, "Efficient generation of large random networks",
 * Physical Review E 71, 2005, https://doi.org/10.1103/PhysRevE.71.036113.
 *
 * @param rows Output neurons.
 * @param columns Input neurons.
 * @param probability From 0 (an empty pattern) to 1 (the full one).
 * @param random The random numbers.
 * @throws {RangeError} If an argument is out of range, or more than 2³¹ − 1 connections are expected.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { density, erdosRenyi, nnz } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const pattern = erdosRenyi(1000, 1000, density(10, 1000, 1000), randomStream(1, "topology"));
 * assert.ok(Math.abs(nnz(pattern) - 20_000) < 1000);
 * ```
 */
export function erdosRenyi(
  rows: number,
  columns: number,
  probability: number,
  random: Random,
): Pattern {
  checkShape([rows, columns]);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot draw a pattern: the probability is ${probability}, need a number from 0 to 1`,
    );
  }
  const cells = rows * columns;
  const mean = cells * probability;
  // Six standard deviations above the mean: one layer in a billion has to enlarge its array.
  const room = Math.min(cells, Math.ceil(mean + 6 * Math.sqrt(mean * (1 - probability)) + 16));
  if (room >= 2 ** 31) {
    throw new RangeError(
      `Cannot draw a pattern of shape [${rows}, ${columns}] and density ${probability}: ` +
        `about ${Math.round(mean)} connections, need fewer than 2^31`,
    );
  }
  const indptr = new Int32Array(rows + 1);
  if (probability === 1) return fullPattern(rows, columns, indptr);
  if (mean === 0) return { shape: [rows, columns], indptr, indices: new Int32Array(0) };

  let indices = new Int32Array(room);
  let count = 0;
  let row = 0;
  let column = -1;
  const scale = 1 / Math.log1p(-probability);
  for (;;) {
    column += 1 + Math.floor(Math.log(openUniform(random)) * scale);
    if (column >= columns) {
      const down = Math.floor(column / columns);
      column -= down * columns;
      const nextRow = Math.min(row + down, rows);
      while (row < nextRow) indptr[++row] = count;
      if (row === rows) break;
    }
    if (count === indices.length) {
      const larger = new Int32Array(Math.ceil(count * 1.5) + 16);
      larger.set(indices);
      indices = larger;
    }
    indices[count++] = column;
  }
  return { shape: [rows, columns], indptr, indices: indices.slice(0, count) };
}

function fullPattern(rows: number, columns: number, indptr: Int32Array): Pattern {
  const indices = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    for (let column = 0; column < columns; column++) indices[base + column] = column;
    indptr[row + 1] = base + columns;
  }
  return { shape: [rows, columns], indptr, indices };
}
