/**
 * The arrays of the kernels: 32-bit floats. The reference kernels can also use 64-bit floats, because
 * finite differences need their precision.
 */
export type FloatArray = Float32Array | Float64Array;

/**
 * Makes an array of the same type, filled with 0.
 *
 * @example Usage
 * ```ts
 * import { floatsLike } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(floatsLike(Float64Array.of(7), 2), new Float64Array(2));
 * ```
 */
export function floatsLike<Data extends FloatArray>(like: Data, length: number): Data {
  const array = like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  return array as FloatArray as Data;
}
