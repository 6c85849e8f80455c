import type { Random } from "../random.ts";
import type { StoredSparseLayer } from "./stored_layer.ts";

/** What the sine units of a numeric feature look like before they learn. */
export interface PeriodicEmbedding {
  /** Sine units per feature, beside the slow one. */
  readonly frequencies: number;
  /** The middle of their frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** The highest and the lowest are up to this many times higher and lower. */
  readonly frequencySpread: number;
}

/** The weight of every feature's slow unit: nearly linear where most of a scaled feature lies. */
const SLOW = 0.3;

/**
 * Draws the layer that turns every numeric feature x into sines of it: sin(w x + b), with learned w and
 * b (after the periodic embeddings of Gorishniy, Rubachev and Babenko, "On embeddings for numerical
 * features in tabular deep learning", 2022; a phase of its own stands in for the pair of sine and
 * cosine). A sparse layer like any other, with a single connection per neuron. The first unit of a
 * feature is slow and keeps its order. The frequencies of the others are log-uniform, so that every
 * scale is there from the start.
 *
 * @param columns Features.
 * @param random Draws frequencies and phases.
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
