import assert from "node:assert/strict";
import { heapArena } from "../../../lib/kernels/arena.ts";
import { chooseKernels } from "../../../lib/kernels/choose.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";

Deno.test("heapArena gives zeroed arrays in the asked precision", () => {
  for (const [precision, type] of [[32, Float32Array], [64, Float64Array]] as const) {
    using arena = heapArena(precision);
    const arrays = [arena.floats(3), arena.integers(4), arena.doubles(5)];
    assert.ok(arrays[0] instanceof type);
    assert.ok(arrays[1] instanceof Int32Array);
    assert.ok(arrays[2] instanceof Float64Array);
    arrays.forEach((array, i) => assert.deepEqual([...array], new Array(3 + i).fill(0)));
    arena.release(arrays[0]);
    arena.dispose();
    arena.dispose();
  }
});

Deno.test("referenceKernels works in 32 bits unless 64 are asked for", () => {
  const kind = (kernels = referenceKernels()) => kernels.openArena().floats(1);
  assert.ok(kind() instanceof Float32Array);
  assert.ok(kind(referenceKernels({ precision: 32 })) instanceof Float32Array);
  assert.ok(kind(referenceKernels({ precision: 64 })) instanceof Float64Array);
});

Deno.test("a closed arena gives no memory, whatever the back end", () => {
  for (
    const kernels of [
      referenceKernels(),
      chooseKernels("wasm").kernels,
      chooseKernels("auto").kernels,
    ]
  ) {
    const arena = kernels.openArena();
    arena.floats(3);
    arena.dispose();
    for (const kind of ["floats", "integers", "doubles"] as const) {
      assert.throws(() => arena[kind](3), { message: /^Cannot take memory: found a closed arena/ });
    }
    arena.dispose();
  }
});
