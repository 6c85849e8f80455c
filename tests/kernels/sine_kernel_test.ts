import assert from "node:assert/strict";
import { activationIndex, strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { randomStream } from "../../lib/random.ts";
import { backEnds } from "./back_ends.ts";
import { BATCHES } from "./problem.ts";

/** Angles around every border of a quarter turn, and others up to `most`. */
function angles(length: number, most: number): Float32Array {
  const random = randomStream(1, "angles", most);
  return Float32Array.from({ length }, (_, i) => {
    if (i % 2 === 0) return (2 * random.float() - 1) * most;
    const turns = random.below(Math.max(1, Math.floor(most))) - Math.floor(most / 2);
    return turns * Math.PI / 4 + (random.float() - 0.5) * 1e-3;
  });
}

for (const kernels of [referenceKernels(), ...backEnds()]) {
  Deno.test(`sine (${kernels.description}) is within 2e-7 of sine and cosine up to 8000`, () => {
    for (const most of [1, 10, 1000, 8000]) {
      const rows = 40;
      const stride = 48;
      using arena = kernels.openArena();
      const z = arena.floats(rows * stride);
      const factor = arena.floats(rows * stride);
      z.set(angles(z.length, most));
      const before = Float64Array.from(z);
      kernels.sine(rows, z, factor, stride);
      before.forEach((angle, i) => {
        assert.ok(Math.abs(z[i] - Math.sin(angle)) < 2e-7, `sin ${angle} became ${z[i]}`);
        assert.ok(Math.abs(factor[i] - Math.cos(angle)) < 2e-7, `cos ${angle} became ${factor[i]}`);
      });
    }
  });

  Deno.test(`sine (${kernels.description}) stays finite for any finite angle, and shows NaN`, () => {
    using arena = kernels.openArena();
    const z = arena.floats(16);
    z.set([1e5, -1e7, 1e10, -3e38, NaN]);
    kernels.sine(1, z, null, 16);
    for (const value of z.subarray(0, 4)) assert.ok(Math.abs(value) <= 2, `${value}`);
    assert.ok(Number.isNaN(z[4]));
  });

  Deno.test(`sine (${kernels.description}) writes the rows it is told to, in every batch`, () => {
    for (const batch of BATCHES) {
      const [rows, stride] = [7, strideOf(batch)];
      using arena = kernels.openArena();
      const z = arena.floats(rows * stride);
      z.set(angles(z.length, 3));
      const before = Float32Array.from(z);
      kernels.sine(rows, z, null, stride, 2, 5);
      for (let j = 0; j < rows; j++) {
        for (let b = 0; b < stride; b++) {
          const i = activationIndex(rows, stride, j, b);
          if (j < 2 || j >= 5) assert.equal(z[i], before[i]);
          else assert.ok(Math.abs(z[i] - Math.sin(before[i])) < 2e-7);
        }
      }
    }
  });
}
