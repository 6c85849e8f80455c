import type { Arena } from "./arena.ts";

/**
 * An arena for native code. Arrays that do not fit into WebAssembly's memory of 4 GB become buffers of
 * their own, which native code can reach as well.
 *
 * @param inner The arena in WebAssembly's memory.
 */
export function overflowArena(inner: Arena): Arena {
  const orShared = <T>(
    take: () => T,
    View: new (buffer: SharedArrayBuffer) => T,
    bytes: number,
  ): T => {
    try {
      return take();
    } catch (error) {
      if (error instanceof RangeError) return new View(new SharedArrayBuffer(bytes));
      throw error;
    }
  };
  return {
    floats: (length) => orShared(() => inner.floats(length), Float32Array, length * 4),
    integers: (length) => orShared(() => inner.integers(length), Int32Array, length * 4),
    doubles: (length) => orShared(() => inner.doubles(length), Float64Array, length * 8),
    release: (array) => inner.release(array),
    dispose: () => inner.dispose(),
    [Symbol.dispose]: () => inner.dispose(),
  };
}
