import { type Dataset, selectRows } from "../table/mod.ts";
import { mersenneTwister, numpyPermutation } from "./mt19937.ts";

/**
 * The rows that the tabular benchmark of Grinsztajn, Oyallon and Varoquaux (2022) keeps of a
 * classification task. It keeps the two most frequent classes. Rows of the larger one come first: as many
 * as the smaller one has, drawn by NumPy's `RandomState(seed).choice` without replacement, in the order
 * drawn. All rows of the smaller one follow in their order.
 *
 * @param labels The class of every row, as an index from 0 in the order of the sorted classes.
 * @param seed Of NumPy's generator. The benchmark's is 0.
 * @returns Indices of rows.
 * @throws {RangeError} If there are fewer than two classes.
 *
 * @example
 * ```ts
 * import { balancedRows } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * // As numpy.random.RandomState(0).choice([0, 1, 3, 4], 2, replace=False) draws them.
 * assert.deepEqual([...balancedRows([0, 0, 1, 0, 0, 1, 2])], [3, 4, 2, 5]);
 * ```
 */
export function balancedRows(labels: ArrayLike<number>, seed = 0): Int32Array {
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1);
  }
  if (counts.size < 2) {
    throw new RangeError(`Cannot balance classes: found ${counts.size}, need at least two`);
  }
  // Among classes of equal size, the benchmark takes the last as the larger.
  const [larger, smaller] = [...counts].sort(([a, m], [b, n]) => n - m || b - a)
    .map(([label]) => label);
  const rowsOf = (label: number) => {
    const rows: number[] = [];
    for (let row = 0; row < labels.length; row++) if (labels[row] === label) rows.push(row);
    return rows;
  };
  const candidates = rowsOf(larger);
  const kept = rowsOf(smaller);
  const order = numpyPermutation(mersenneTwister(seed), candidates.length);
  return Int32Array.from(
    [...order.subarray(0, kept.length)].map((k) => candidates[k]).concat(kept),
  );
}

/**
 * A data set with the rows that the tabular benchmark keeps (see {@linkcode balancedRows}) and their two
 * classes. The larger one comes first, because the benchmark codes it 0.
 *
 * @param seed Of NumPy's generator. The benchmark's is 0.
 * @throws {RangeError} If there are fewer than two classes.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { balanceClasses } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const balanced = balanceClasses(datasetFromArrays({
 *   features: [[0], [1], [2], [3], [4]],
 *   labels: ["b", "a", "b", "b", "a"],
 * }));
 * assert.equal(balanced.rows, 4);
 * assert.deepEqual(balanced.classes, ["b", "a"]);
 * assert.deepEqual([...balanced.labels], [0, 0, 1, 1]);
 * ```
 */
export function balanceClasses(dataset: Dataset, seed = 0): Dataset {
  const rows = balancedRows(dataset.labels, seed);
  const selected = selectRows(dataset, rows);
  const half = rows.length / 2;
  const classes = [0, half].map((row) => dataset.classes[selected.labels[row]]);
  const labels = new Int32Array(rows.length).fill(1, half);
  return { ...selected, labels, classes };
}
