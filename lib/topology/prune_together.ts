import { pruneMagnitude } from "./prune.ts";
import type { LayerView } from "./strategy.ts";

/**
 * Global pruning: ranks the entries of all layers together, and prunes those with the smallest scores down
 * to the density that the settings ask for. At most the wanted number of weights remains.
 *
 * @param layers The layers.
 * @param scores Per layer, a score for every entry, at least 0. If the layers' blocks differ in size, a
 * block's score must be that of one weight, such as the mean over the block.
 * @param wanted The number of weights to keep in all. Left out: the number that the settings ask for.
 * @returns Per layer, the entry numbers to remove, ascending.
 *
 * @example Usage
 * ```ts
 * import { type LayerView, pruneTogether } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const layers = [0, 1].map((layer) => ({ layer, shape: [1, 2], blockSize: 1, density: 0.5 }));
 * const scores = [Float64Array.of(4, 3), Float64Array.of(1, 2)];
 * const removed = pruneTogether(layers as unknown as LayerView[], scores);
 * assert.deepEqual(removed.map((entries) => [...entries]), [[], [0, 1]]);
 * ```
 */
export function pruneTogether(
  layers: readonly LayerView[],
  scores: readonly Float64Array[],
  wanted: number = askedWeights(layers),
): Int32Array[] {
  const size = layers[0]?.blockSize ?? 1;
  if (layers.some(({ blockSize }) => blockSize !== size)) {
    return pruneMixed(layers.map(({ blockSize }) => blockSize), scores, wanted);
  }
  const found = scores.reduce((sum, { length }) => sum + length, 0);
  const weights = new Float64Array(found);
  let start = 0;
  for (const own of scores) {
    weights.set(own, start);
    start += own.length;
  }
  const surplus = Math.max(0, found - Math.floor(wanted / size + 1e-9));
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

/**
 * The same for layers whose blocks differ in size: entries are removed one by one until few enough remain.
 */
function pruneMixed(
  sizes: readonly number[],
  scores: readonly Float64Array[],
  wanted: number,
): Int32Array[] {
  const entries = scores.flatMap((own, layer) =>
    Array.from(own, (score, k) => ({ layer, k, score }))
  );
  // As with blocks of one size: of equal scores the first is removed first, and NaN is removed last.
  const rank = ({ score }: { score: number }) => Number.isNaN(score) ? Infinity : score;
  entries.sort((a, b) => rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0);
  let left = scores.reduce((sum, { length }, layer) => sum + length * sizes[layer], 0);
  const gone: number[][] = scores.map(() => []);
  for (const { layer, k } of entries) {
    if (left <= wanted + 1e-9) break;
    gone[layer].push(k);
    left -= sizes[layer];
  }
  return gone.map((own) => Int32Array.from(own).sort());
}

/** The number of weights that the settings ask for in all layers together. */
export function askedWeights(layers: readonly LayerView[]): number {
  return layers.reduce(
    (sum, { density, shape: [rows, columns], blockSize }) =>
      sum + density * rows * columns * blockSize,
    0,
  );
}
