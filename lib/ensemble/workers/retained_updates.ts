import type { FloatArray } from "../../kernels/mod.ts";
import type { Pattern } from "../../sparse/mod.ts";

/**
 * Keeps the valid part of a gradient that was computed before the topology changed: the part for
 * connections that still exist. Connections that have grown since then get 0.
 *
 * S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at scale", 2021,
 * https://arxiv.org/abs/2102.01732, WASAP-SGD.
 *
 * @param before The connections for which the gradient was computed.
 * @param now The current connections, of the same shape.
 * @param gradient Length G × entries of `before`.
 * @param retained Length G × entries of `now`; receives the gradient.
 * @returns The number of entries of `before` that are not in `now`.
 *
 * @example Usage
 * ```ts
 * import { retainValidUpdates } from "@sparsemble/sparsemble/ensemble";
 * import assert from "node:assert/strict";
 *
 * const shape = [1, 4] as const;
 * const before = { shape, indptr: Int32Array.of(0, 2), indices: Int32Array.of(0, 2) };
 * const now = { shape, indptr: Int32Array.of(0, 2), indices: Int32Array.of(2, 3) };
 * const retained = new Float32Array(2);
 * assert.equal(retainValidUpdates(before, now, Float32Array.of(5, 7), retained), 1);
 * assert.deepEqual([...retained], [7, 0]);
 * ```
 */
export function retainValidUpdates(
  before: Pattern,
  now: Pattern,
  gradient: FloatArray,
  retained: FloatArray,
): number {
  const size = now.indices.length === 0 ? 1 : retained.length / now.indices.length;
  let kept = 0;
  for (let row = 0; row < now.shape[0]; row++) {
    let old = before.indptr[row];
    const end = before.indptr[row + 1];
    for (let entry = now.indptr[row]; entry < now.indptr[row + 1]; entry++) {
      while (old < end && before.indices[old] < now.indices[entry]) old++;
      const exists = old < end && before.indices[old] === now.indices[entry];
      if (exists) kept++;
      for (let g = 0; g < size; g++) {
        retained[entry * size + g] = exists ? gradient[old * size + g] : 0;
      }
    }
  }
  return before.indices.length - kept;
}
