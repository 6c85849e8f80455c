/**
 * Periodic embeddings of numeric features, after Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings
 * for numerical features in tabular deep learning", 2022, https://arxiv.org/abs/2203.05556. The paper has a
 * sine and a cosine per frequency. Here one sine unit with its own phase replaces each pair.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { StoredSparseLayer } from "./stored_layer.ts";

/** The initial sine units of a numeric feature. */
export interface PeriodicEmbedding {
  /** Sine units per feature, not counting the slow one. */
  readonly frequencies: number;
  /** The geometric mean of the units' frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** The highest frequency / the mean, and the mean / the lowest frequency. */
  readonly frequencySpread: number;
}

/** The weight of every feature's slow unit: its sine is nearly linear for most scaled values. */
const SLOW = 0.3;

/**
 * Draws the embedding layer. It maps every numeric feature x to several sin(w x + b) with learned w and b.
 * It is a sparse layer with one connection per neuron. The first unit of a feature has a low frequency, so
 * it keeps the order of the feature's values. The frequencies of its other units are log-uniform.
 *
 * @param columns The number of features.
 * @param random The random numbers of frequencies and phases.
 * @returns A layer of columns × (1 + frequencies) neurons, feature after feature.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { periodicEmbedding } from "@sparsemble/sparsemble/nn";
 * import assert from "node:assert/strict";
 *
 * const units = { frequencies: 4, frequency: 0.2, frequencySpread: 10 };
 * const layer = periodicEmbedding(3, units, randomStream(1, "embedding"));
 * assert.deepEqual(layer.shape, [15, 3]);
 * assert.deepEqual([...layer.indices.subarray(4, 6)], [0, 1]);
 * ```
 */
export function periodicEmbedding(
  columns: number,
  { frequencies, frequency, frequencySpread }: PeriodicEmbedding,
  random: Random,
): StoredSparseLayer {
  const units = 1 + frequencies;
  const rows = columns * units;
  const data = new Float32Array(rows);
  const bias = new Float32Array(rows);
  const range = Math.log(frequencySpread);
  for (let row = 0; row < rows; row++) {
    if (row % units === 0) {
      data[row] = SLOW;
    } else {
      data[row] = 2 * Math.PI * frequency * Math.exp(range * (2 * random.float() - 1));
      bias[row] = 2 * Math.PI * random.float();
    }
  }
  return {
    kind: "sparse",
    activation: "sine",
    shape: [rows, columns],
    indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row),
    indices: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / units)),
    data,
    bias,
  };
}
