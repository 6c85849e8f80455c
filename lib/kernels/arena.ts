import type { FloatArray } from "./float_array.ts";

/**
 * Arrays with a common lifetime, in memory that a back end's kernels can reach. Their values are 0 at
 * first. After `dispose`, or at the end of a `using` block, they must not be used.
 *
 * @throws {Error} If an array is requested after `dispose`.
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
  let isOpen = true;
  const open = <T>(array: () => T): T => {
    if (!isOpen) throw closedArena();
    return array();
  };
  const dispose = () => {
    isOpen = false;
  };
  return {
    floats: (length) =>
      open(() => precision === 64 ? new Float64Array(length) : new Float32Array(length)),
    integers: (length) => open(() => new Int32Array(length)),
    doubles: (length) => open(() => new Float64Array(length)),
    release: () => {},
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** Makes the error about a request to a closed arena. */
export function closedArena(): Error {
  return new Error("Cannot take memory: found a closed arena, need one that is open");
}
