import type { FloatArray } from "./float_array.ts";

/**
 * Arrays with a common lifetime, in memory that a back end's kernels can reach. Their values are 0 at
 * first. After `dispose`, or at the end of a `using` block, they must not be used.
 */
export interface Arena extends Disposable {
  /** Floats in the back end's precision. */
  floats(length: number): FloatArray;
  /** 32-bit integers. */
  integers(length: number): Int32Array;
  /** 64-bit floats. */
  doubles(length: number): Float64Array;
  /** Frees the memory of one array. */
  release(array: FloatArray | Int32Array): void;
  /** Frees all memory. Safe to call twice. */
  dispose(): void;
}

/** An arena in ordinary memory, for the reference kernels. */
export function heapArena(precision: 32 | 64): Arena {
  return {
    floats: (length) => precision === 64 ? new Float64Array(length) : new Float32Array(length),
    integers: (length) => new Int32Array(length),
    doubles: (length) => new Float64Array(length),
    release: () => {},
    dispose: () => {},
    [Symbol.dispose]: () => {},
  };
}
