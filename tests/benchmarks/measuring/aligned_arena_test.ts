import assert from "node:assert/strict";
import { alignedArena } from "../../../lib/benchmarks/measuring/aligned_arena.ts";
import type { KernelArray } from "../../../lib/kernels/compiled.ts";

/** Pretends that every buffer lies 16 bytes past a cache line, as large allocations do. */
const address = (array: KernelArray) => 4096 + 16 + array.byteOffset;

Deno.test("alignedArena begins every array on a cache line, zero at first", () => {
  using arena = alignedArena(address);
  const arrays = [arena.floats(100), arena.integers(7), arena.floats(1)];
  for (const array of arrays) {
    assert.equal(address(array as Float32Array) % 64, 0);
    assert.ok(array.every((value) => value === 0));
  }
  assert.equal(arena.doubles(3).byteOffset % 64, 48);
  assert.deepEqual(arrays.map((array) => array.length), [100, 7, 1]);
  arrays[0].fill(3);
  assert.ok(arrays[2].every((value) => value === 0));
});

Deno.test("alignedArena gives memory back at once: one array's, and all of it", () => {
  const arena = alignedArena(address);
  const [first, second] = [arena.floats(10), arena.floats(10)];
  arena.release(first);
  assert.equal(first.buffer.byteLength, 0);
  assert.equal(second.length, 10);
  arena.dispose();
  assert.equal(second.buffer.byteLength, 0);
  arena.dispose();
});
