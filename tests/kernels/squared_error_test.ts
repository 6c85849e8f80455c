import assert from "node:assert/strict";
import { activationIndex } from "../../lib/kernels/kernels.ts";
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
    kernels.squaredError(1, 34, 48, z, y, dz, result);
    assert.deepEqual([...dz.subarray(0, 5)], [2, -6, 0, -4, 0]);
    assert.equal(dz[33], 4);
    assert.deepEqual([...dz.subarray(34)], new Array(14).fill(0));
    assert.deepEqual([...result], [100 + 1 + 9 + 0 + 4 + 4, 3]);

    weights.fill(1);
    weights.set([0, 2, 1, 0.5]);
    result.fill(0);
    kernels.squaredError(1, 34, 48, z, y, dz, result, weights);
    assert.deepEqual([...dz.subarray(0, 5)], [0, -12, 0, -2, 0]);
    assert.deepEqual([...result], [18 + 2 + 4, 0]);

    z[1] = NaN;
    result.fill(0);
    kernels.squaredError(1, 4, 16, z, y, dz, result);
    assert.ok(Number.isNaN(result[0]));
    arena.dispose();
  });

  Deno.test(`squaredError (${name}) takes several numbers of a sample, panel by panel`, () => {
    const [outputs, batch, stride] = [3, 34, 48];
    const arena = kernels.openArena();
    const [z, y, dz] = [0, 0, 0].map(() => arena.floats(outputs * stride));
    const weights = arena.floats(stride);
    dz.fill(5);
    weights.fill(2);
    const at = (output: number, b: number) => activationIndex(outputs, stride, output, b);
    let loss = 0;
    for (let b = 0; b < stride; b++) {
      for (let output = 0; output < outputs; output++) {
        z[at(output, b)] = output + b;
        y[at(output, b)] = output * b % 4;
        if (b < batch) loss += 2 * (output + b - output * b % 4) ** 2;
      }
    }
    const result = arena.doubles(2);
    kernels.squaredError(outputs, batch, stride, z, y, dz, result, weights);
    // A sample's loss is the mean of its errors.
    assert.ok(Math.abs(result[0] - loss / outputs) < 1e-9 * loss, `${result[0]}`);
    assert.equal(result[1], 0);
    for (let b = 0; b < stride; b++) {
      for (let output = 0; output < outputs; output++) {
        const gradient = b < batch ? 2 * 2 * (output + b - output * b % 4) : 0;
        assert.equal(dz[at(output, b)], gradient, `number ${output} of sample ${b}`);
      }
    }
    assert.throws(
      () => kernels.squaredError(outputs, batch, stride, z, y.subarray(1), dz, result),
      /found targets of length 143, need at least 144/,
    );
    arena.dispose();
  });
}
