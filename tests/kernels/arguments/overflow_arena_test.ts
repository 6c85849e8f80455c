import assert from "node:assert/strict";
import { type Arena, heapArena } from "../../../lib/kernels/arena.ts";
import { chooseKernels } from "../../../lib/kernels/choose.ts";
import { overflowArena } from "../../../lib/kernels/overflow_arena.ts";

/** An arena whose memory is full. */
function fullArena(error: Error): Arena {
  const refuse = () => {
    throw error;
  };
  return { ...heapArena(32), floats: refuse, integers: refuse, doubles: refuse };
}

Deno.test("overflowArena hands out buffers of their own where the memory is full", () => {
  const arena = overflowArena(fullArena(new RangeError("full")));
  for (const array of [arena.floats(3), arena.integers(3), arena.doubles(3)]) {
    assert.equal(array.length, 3);
    assert.ok(array.buffer instanceof SharedArrayBuffer);
    assert.ok(array.every((value) => value === 0));
  }
});

Deno.test("overflowArena does not hide other errors", () => {
  assert.throws(() => overflowArena(fullArena(new Error("broken"))).floats(1), /broken/);
});

function nativeIsThere(): boolean {
  try {
    return chooseKernels("native").kernels.name === "native";
  } catch {
    return false;
  }
}

Deno.test({
  name: "native kernels compute on buffers of their own",
  ignore: !nativeIsThere(),
  fn() {
    const { kernels } = chooseKernels("native");
    const arena = overflowArena(fullArena(new RangeError("full")));
    const [z, p] = [arena.floats(32), arena.floats(32)];
    z[0] = 1;
    kernels.softmax(2, 1, 16, z, p);
    assert.ok(Math.abs(p[0] - 1 / (1 + Math.exp(-1))) < 1e-6);
  },
});
