import type { Arena, KernelArray } from "../../kernels/mod.ts";

/** The bytes of a cache line. */
const LINE = 64;

/**
 * An arena with one buffer per array, which can exceed WebAssembly's memory. Every array begins on a
 * cache line, because a vector across two lines takes twice as long to load. `dispose` frees the memory
 * at once.
 *
 * @param address Returns the address of an array's first element.
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
    // The transfer to a buffer of 0 bytes frees the memory without the garbage collector.
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
