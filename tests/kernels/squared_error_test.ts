import assert from "node:assert/strict";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { backEnds } from "./back_ends.ts";

for (const kernels of [referenceKernels(), ...backEnds()]) {
  const name = kernels.description;

  Deno.test(`squaredError (${name}) gives errors and gradient, and 0 in the padding`, () => {
    const arena = kernels.openArena();
    const [z, y, dz, weights] = [0, 0, 0, 0].map(() => arena.floats(48));
    z.set([1, -2, 0.5, 7]);
    y.set([0, 1, 0.5, 9]);
    dz.fill(5);
    const result = arena.doubles(2);
    result.set([100, 3]);
    // In panels of 32 and of 16 samples a single row lies as it would without them.
    z[33] = 2;
    kernels.squaredError(34, 48, z, y, dz, result);
    assert.deepEqual([...dz.subarray(0, 5)], [2, -6, 0, -4, 0]);
    assert.equal(dz[33], 4);
    assert.deepEqual([...dz.subarray(34)], new Array(14).fill(0));
    assert.deepEqual([...result], [100 + 1 + 9 + 0 + 4 + 4, 3]);

    weights.fill(1);
    weights.set([0, 2, 1, 0.5]);
    result.fill(0);
    kernels.squaredError(34, 48, z, y, dz, result, weights);
    assert.deepEqual([...dz.subarray(0, 5)], [0, -12, 0, -2, 0]);
    assert.deepEqual([...result], [18 + 2 + 4, 0]);

    z[1] = NaN;
    result.fill(0);
    kernels.squaredError(4, 16, z, y, dz, result);
    assert.ok(Number.isNaN(result[0]));
    arena.dispose();
  });
}
