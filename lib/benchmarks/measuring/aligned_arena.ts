import type { Arena, KernelArray } from "../../kernels/mod.ts";

/** The size of a cache line. */
const LINE = 64;

/**
 * An arena of buffers of its own, past what WebAssembly's memory holds. Every array begins on a cache
 * line, since a vector that straddles two takes twice as long to load. `dispose` gives the memory
 * back at once.
 *
 * @param address Where an array's first element lies.
 */
export function alignedArena(address: (array: KernelArray) => number): Arena {
  const buffers = new Set<ArrayBuffer>();
  const place = (bytes: number): [ArrayBuffer, number] => {
    const buffer = new ArrayBuffer(bytes + LINE);
    buffers.add(buffer);
    const offset = (LINE - address(new Int32Array(buffer, 0, 0)) % LINE) % LINE;
    return [buffer, offset];
  };
  const free = (buffer: ArrayBuffer) => {
    // A transferred buffer of no bytes leaves nothing behind for the garbage collector to find.
    if (buffers.delete(buffer)) buffer.transfer(0);
  };
  const dispose = () => buffers.forEach(free);
  return {
    floats: (length) => new Float32Array(...place(length * 4), length),
    integers: (length) => new Int32Array(...place(length * 4), length),
    doubles: (length) => new Float64Array(...place(length * 8), length),
    release: (array) => free(array.buffer as ArrayBuffer),
    dispose,
    [Symbol.dispose]: dispose,
  };
}
