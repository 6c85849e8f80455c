import assert from "node:assert/strict";
import type { Arena } from "../../../lib/kernels/arena.ts";
import type { FloatArray } from "../../../lib/kernels/float_array.ts";
import { wasmKernels, wasmMemory } from "../../../lib/kernels/wasm/wasm.ts";
import { createWasmMemory } from "../../../lib/kernels/wasm/wasm_memory.ts";
import { randomStream } from "../../../lib/random.ts";

const MB = 2 ** 20;

Deno.test("arena arrays are zero, aligned and of the types asked for", () => {
  const memory = createWasmMemory();
  memory.setBase(1001);
  for (let round = 0; round < 2; round++) {
    using arena = memory.openArena();
    const floats = arena.floats(5);
    const integers = arena.integers(17);
    const doubles = arena.doubles(100);
    assert.ok(floats instanceof Float32Array && floats.length === 5);
    assert.ok(integers instanceof Int32Array && integers.length === 17);
    assert.ok(doubles instanceof Float64Array && doubles.length === 100);
    for (const array of [floats, integers, doubles]) {
      assert.ok(array.every((value) => value === 0), `zero in round ${round}`);
      assert.equal(array.byteOffset % 64, 0);
      assert.ok(array.byteOffset >= 1001, "above the compiled code's own memory");
      assert.equal(array.buffer, memory.memory.buffer);
      array.fill(7);
    }
    assert.equal(memory.used, 64 + 128 + 832);
  }
  assert.equal(memory.used, 0);
});

Deno.test("an arena gives released blocks out again, and merges neighbours", () => {
  const memory = createWasmMemory();
  using arena = memory.openArena();
  const [a, b, c, guard] = [16, 32, 48, 16].map((length) => arena.floats(length));
  guard.fill(9);
  arena.release(b);
  assert.equal(arena.integers(32).byteOffset, b.byteOffset, "the same size again");
  arena.release(b);
  assert.equal(arena.doubles(8).byteOffset, b.byteOffset, "a part of it");
  assert.equal(arena.doubles(8).byteOffset, b.byteOffset + 64, "and the rest");
  arena.release(b);
  arena.release(b.subarray(16));
  arena.release(a);
  arena.release(c);
  assert.equal(memory.used, 64);
  assert.equal(arena.floats(96).byteOffset, a.byteOffset, "all three as one block");
  assert.ok(guard.every((value) => value === 9));
});

Deno.test("release leaves arrays alone that are not the arena's", () => {
  const memory = createWasmMemory();
  using arena = memory.openArena();
  using other = memory.openArena();
  const foreign = other.floats(10);
  arena.release(foreign);
  arena.release(new Float32Array(10));
  assert.equal(memory.used, 64);
  arena.release(arena.floats(0));
  assert.equal(memory.used, 64);
});

Deno.test("growing the memory leaves earlier arrays valid, also for the kernels", () => {
  const memory = createWasmMemory();
  using arena = memory.openArena();
  const early = arena.floats(100);
  early.fill(3);
  const before = memory.memory.buffer.byteLength;
  const late = arena.floats(MB);
  assert.ok(memory.memory.buffer.byteLength > before);
  assert.ok(early.every((value) => value === 3));
  early[7] = 8;
  assert.equal(new Float32Array(memory.memory.buffer, early.byteOffset, 100)[7], 8);
  assert.ok(late.byteOffset >= early.byteOffset + 400);

  const kernels = wasmKernels();
  using shared = kernels.openArena();
  const z = shared.floats(32);
  z[0] = Math.log(3);
  const room = wasmMemory().memory.buffer.byteLength;
  const p = shared.floats(room / 4);
  assert.ok(wasmMemory().memory.buffer.byteLength > room);
  kernels.softmax(2, 1, 16, z, p);
  assert.ok(Math.abs(p[0] - 0.75) < 1e-6 && Math.abs(p[16] - 0.25) < 1e-6);
  kernels.softmax(2, 1, 16, z, z);
  assert.ok(Math.abs(z[0] - 0.75) < 1e-6, "an array from before the growth is written");
});

Deno.test("an arena refuses more than 4 GB in one sentence, and goes on working", () => {
  const memory = createWasmMemory();
  using arena = memory.openArena();
  const small = arena.floats(10);
  const { used } = memory;
  const { byteLength } = memory.memory.buffer;
  for (const length of [2 ** 30, 2 ** 30 + 1, 2 ** 33, 2 ** 40]) {
    assert.throws(() => arena.floats(length), {
      name: "RangeError",
      message: /^Cannot grow the WebAssembly memory to \d+\.\d\d GB: a 32-bit memory ends at 4 GB/,
    });
    assert.throws(() => arena.doubles(length), RangeError);
    assert.equal(memory.used, used);
    assert.equal(memory.memory.buffer.byteLength, byteLength);
  }
  assert.equal(arena.floats(10).byteOffset, small.byteOffset + 64);
});

Deno.test("disposing of an arena twice gives its memory back once", () => {
  const memory = createWasmMemory();
  const arena = memory.openArena();
  using other = memory.openArena();
  arena.floats(100);
  arena.dispose();
  const mine = other.floats(100);
  arena.dispose();
  assert.equal(memory.used, 448);
  assert.notEqual(other.floats(100).byteOffset, mine.byteOffset);
});

Deno.test("a larger problem after a smaller one takes no more memory than alone", () => {
  const sizes = [1, 2, 4, 8].map((n) => n * MB);
  const alone = createWasmMemory();
  alone.openArena().floats(8 * MB);
  const memory = createWasmMemory();
  for (const size of sizes) {
    using arena = memory.openArena();
    arena.floats(size);
  }
  // The memory grows by an eighth at a time at least.
  assert.ok(memory.memory.buffer.byteLength <= alone.memory.buffer.byteLength * 9 / 8);
});

Deno.test("arrays never overlap, and all memory comes back, whatever the order", () => {
  const random = randomStream(1, "memory");
  const memory = createWasmMemory();
  const arenas: { arena: Arena; arrays: { array: FloatArray; mark: number }[] }[] = [];
  let expected = 0;
  const size = (array: FloatArray) => Math.max(64, Math.ceil(array.byteLength / 64) * 64);
  for (let step = 1; step <= 5000; step++) {
    const action = random.below(10);
    if (arenas.length === 0 || action === 0 && arenas.length < 8) {
      arenas.push({ arena: memory.openArena(), arrays: [] });
      continue;
    }
    const one = arenas[random.below(arenas.length)];
    if (action <= 5) {
      const array = one.arena.floats(random.below(2000));
      assert.ok(array.every((value) => value === 0));
      array.fill(step);
      one.arrays.push({ array, mark: step });
      expected += size(array);
    } else if (action <= 8 && one.arrays.length > 0) {
      const [{ array, mark }] = one.arrays.splice(random.below(one.arrays.length), 1);
      assert.ok(array.every((value) => value === mark), "another array was given the same place");
      one.arena.release(array);
      expected -= size(array);
    } else if (action === 9) {
      arenas.splice(arenas.indexOf(one), 1);
      for (const { array, mark } of one.arrays) {
        assert.ok(array.every((value) => value === mark));
        expected -= size(array);
      }
      one.arena.dispose();
    }
    assert.equal(memory.used, expected);
  }
  for (const { arena } of arenas) arena.dispose();
  assert.equal(memory.used, 0);
  const { byteLength } = memory.memory.buffer;
  using arena = memory.openArena();
  arena.floats(byteLength / 8);
  assert.equal(memory.memory.buffer.byteLength, byteLength, "half of all fits without growing");
});
