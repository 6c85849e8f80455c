import assert from "node:assert/strict";
import { KERNEL_FUNCTIONS, timeKernels } from "../../../lib/benchmarks/measuring/timed_kernels.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";

Deno.test("timeKernels watches every function that computes", () => {
  const kernels = referenceKernels();
  const functions = Object.entries(kernels)
    .filter(([name, value]) => typeof value === "function" && name !== "openArena")
    .map(([name]) => name);
  assert.deepEqual([...KERNEL_FUNCTIONS].sort(), functions.sort());
});

Deno.test("timeKernels computes the same, and adds up calls and time", () => {
  let time = 0;
  const { kernels, times } = timeKernels(referenceKernels(), () => time += 2);
  assert.equal(kernels.name, "reference");
  const step = { rate: 0.5, momentum: 0, l2: 0, decay: 0 };
  const weights = Float32Array.of(1, 2);
  const velocity = new Float32Array(2);
  for (let i = 0; i < 3; i++) kernels.sgdUpdate(Float32Array.of(1, -1), weights, velocity, step);
  assert.deepEqual([...weights], [-0.5, 3.5]);
  assert.deepEqual(times.sgdUpdate, { calls: 3, ms: 6, hardware: null });
  assert.deepEqual(times.adamUpdate, { calls: 0, ms: 0, hardware: null });
});
