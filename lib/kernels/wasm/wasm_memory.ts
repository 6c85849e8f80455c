/**
 * The WebAssembly memory of the process. It is a shared memory: worker threads can use it, and arrays in
 * it stay valid when it grows. Freed blocks are used again, so several models trained in turn take no
 * more memory than the largest.
 *
 * @module
 */
import { type Arena, closedArena } from "../arena.ts";
import { Itself } from "../itself.ts";

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;
/** Blocks start on a cache line. */
const ALIGNMENT = 64;

/** A region of the memory: its address and its size. */
interface Block {
  start: number;
  bytes: number;
}

/** Marks an array that lies in a memory. This is several times faster than reading an array's buffer. */
class Held extends Itself {
  #memory: WebAssembly.Memory;

  constructor(array: ArrayBufferView, memory: WebAssembly.Memory) {
    super(array);
    this.#memory = memory;
  }

  static by(memory: WebAssembly.Memory, array: ArrayBufferView): boolean {
    return #memory in array && array.#memory === memory;
  }
}

/** The memory and its free blocks. */
export interface WasmMemory {
  /** The memory that WebAssembly instances import. */
  readonly memory: WebAssembly.Memory;
  /** The bytes in use. */
  readonly used: number;
  /** Reserves everything below an address for the compiled code. */
  setBase(address: number): void;
  /** Returns `true` if an array lies in this memory. */
  holds(array: ArrayBufferView): boolean;
  /** Opens an arena in this memory. */
  openArena(): Arena;
}

/** Makes a shared memory that grows up to 4 GB, the reach of a 32-bit address. */
export function createWasmMemory(): WasmMemory {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: MAXIMUM_PAGES, shared: true });
  /** Free blocks, by address. Adjacent free blocks are always merged. */
  const free: Block[] = [];
  /** The memory's buffer, and its buffers before it grew. Arrays in old buffers lie in the memory too. */
  const buffers = new WeakSet<ArrayBufferLike>();
  let end = 0;
  let used = 0;
  /** Frees the blocks of arenas that were garbage-collected without `dispose`. */
  const forgotten = new FinalizationRegistry<Map<number, number>>((blocks) => giveBackAll(blocks));

  function take(least: number): Block {
    const bytes = Math.max(ALIGNMENT, Math.ceil(least / ALIGNMENT) * ALIGNMENT);
    const place = free.findIndex((block) => block.bytes >= bytes);
    const start = place < 0 ? end : free[place].start;
    if (place < 0) {
      reserve(start + bytes);
      end = start + bytes;
    } else {
      free[place].start += bytes;
      free[place].bytes -= bytes;
      if (free[place].bytes === 0) free.splice(place, 1);
    }
    used += bytes;
    return { start, bytes };
  }

  function reserve(address: number): void {
    const pages = Math.ceil(address / PAGE);
    const present = memory.buffer.byteLength / PAGE;
    if (pages <= present) return;
    try {
      if (pages > MAXIMUM_PAGES) throw new RangeError("past 4 GB");
      memory.grow(
        Math.min(Math.max(pages - present, Math.ceil(present / 8)), MAXIMUM_PAGES - present),
      );
    } catch (cause) {
      throw new RangeError(
        `Cannot grow the WebAssembly memory to ${(address / 2 ** 30).toFixed(2)} GB: ` +
          `a 32-bit memory ends at 4 GB; the native kernels have no such limit`,
        { cause },
      );
    }
  }

  function giveBack(start: number, bytes: number): void {
    used -= bytes;
    let low = 0;
    let high = free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (free[middle].start < start) low = middle + 1;
      else high = middle;
    }
    free.splice(low, 0, { start, bytes });
    const merge = (at: number) => {
      const [left, right] = [free[at], free[at + 1]];
      if (left === undefined || right === undefined) return;
      if (left.start + left.bytes !== right.start) return;
      left.bytes += right.bytes;
      free.splice(at + 1, 1);
    };
    merge(low);
    merge(low - 1);
    // The free end of the memory is not listed as a block, so that the next array can use it and grow the
    // memory beyond it.
    const last = free[free.length - 1];
    if (last.start + last.bytes === end) {
      end = last.start;
      free.pop();
    }
  }

  function giveBackAll(blocks: Map<number, number>): void {
    for (const [start, bytes] of blocks) giveBack(start, bytes);
    blocks.clear();
  }

  function openArena(): Arena {
    /** The address and size of every block of the arena. */
    const blocks = new Map<number, number>();
    let isOpen = true;
    const dispose = () => {
      isOpen = false;
      giveBackAll(blocks);
      forgotten.unregister(blocks);
    };
    // The block is taken first, because this may grow the memory and replace `memory.buffer`.
    const array = <T extends ArrayBufferView>(
      View: new (buffer: ArrayBufferLike, start: number, length: number) => T,
      length: number,
      width: number,
    ): T => {
      if (!isOpen) throw closedArena();
      if (!Number.isSafeInteger(length) || length < 0) {
        throw new RangeError(`Cannot take memory for ${length} numbers: need an integer from 0`);
      }
      const { start, bytes } = take(length * width);
      buffers.add(memory.buffer);
      blocks.set(start, bytes);
      new Uint8Array(memory.buffer, start, length * width).fill(0);
      const view = new View(memory.buffer, start, length);
      new Held(view, memory);
      return view;
    };
    const arena: Arena = {
      floats: (length) => array(Float32Array, length, 4),
      integers: (length) => array(Int32Array, length, 4),
      doubles: (length) => array(Float64Array, length, 8),
      release(array) {
        const bytes = blocks.get(array.byteOffset);
        if (bytes === undefined || !buffers.has(array.buffer)) return;
        blocks.delete(array.byteOffset);
        giveBack(array.byteOffset, bytes);
      },
      dispose,
      [Symbol.dispose]: dispose,
    };
    forgotten.register(arena, blocks, blocks);
    return arena;
  }

  return {
    memory,
    get used() {
      return used;
    },
    holds(array) {
      return Held.by(memory, array) || buffers.has(array.buffer);
    },
    setBase: (address) => end = Math.max(end, Math.ceil(address / ALIGNMENT) * ALIGNMENT),
    openArena,
  };
}
