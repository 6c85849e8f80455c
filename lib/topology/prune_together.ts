import { pruneMagnitude } from "./prune.ts";
import type { LayerView } from "./strategy.ts";

/**
 * Prunes all layers together to the density that the settings ask for: the entries with the smallest
 * scores go, wherever they are. Never more are left than asked for.
 *
 * @param layers The layers.
 * @param scores Per layer a score for every entry, from 0.
 * @param wanted The number of entries to keep in all. Left out: that of the settings.
 * @returns Per layer, the entry numbers to remove, ascending.
 *
 * @example Usage
 * ```ts
 * import { type LayerView, pruneTogether } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const layers = [0, 1].map((layer) => ({ layer, shape: [1, 2], density: 0.5 }));
 * const scores = [Float64Array.of(4, 3), Float64Array.of(1, 2)];
 * const removed = pruneTogether(layers as unknown as LayerView[], scores);
 * assert.deepEqual(removed.map((entries) => [...entries]), [[], [0, 1]]);
 * ```
 */
export function pruneTogether(
  layers: readonly LayerView[],
  scores: readonly Float64Array[],
  wanted: number = askedConnections(layers),
): Int32Array[] {
  const found = scores.reduce((sum, { length }) => sum + length, 0);
  const weights = new Float64Array(found);
  let start = 0;
  for (const own of scores) {
    weights.set(own, start);
    start += own.length;
  }
  const surplus = Math.max(0, found - Math.floor(wanted + 1e-9));
  const whole = { ...layers[0], weights, blockSize: 1 };
  const gone = found === 0 ? new Int32Array(0) : pruneMagnitude(whole, surplus / found);
  start = 0;
  return scores.map(({ length }) => {
    const own = gone.filter((entry) => entry >= start && entry < start + length)
      .map((entry) => entry - start);
    start += length;
    return own;
  });
}

/** The number of entries that the settings ask for in all layers together. */
export function askedConnections(layers: readonly LayerView[]): number {
  return layers.reduce(
    (sum, { density, shape: [rows, columns] }) => sum + density * rows * columns,
    0,
  );
}
