import assert from "node:assert/strict";
import { openBackEnds } from "../../lib/benchmarks/measuring/back_ends.ts";
import { layerSpeed } from "../../lib/benchmarks/kernel_speed.ts";
import {
  openSquareDenseLayer,
  openSquareLayer,
  squarePattern,
} from "../../lib/benchmarks/measuring/square_layer.ts";

const BATCH = 64;
const { present } = openBackEnds();
const BRIEFLY = { warmUp: 0, sample: 0.1, budget: 0, minRounds: 3 };

Deno.test("layerSpeed counts a multiply-add of every stored weight and sample as two", () => {
  using arena = present[0].kernels.openArena();
  const square = openSquareLayer(squarePattern(200, 10), BATCH, arena);
  const dense = openSquareDenseLayer(200, BATCH, arena);
  const speed = layerSpeed(square, dense, present, BRIEFLY);
  assert.equal(speed.kernels.length, 6 * present.length);
  assert.equal(speed.limits.length, 2 * present.length);
  assert.equal(speed.activationBytes, 200 * BATCH * 4);
  for (const { kernel, ms, gflops } of speed.kernels) {
    const weights = kernel.startsWith("dense") ? 200 * 200 : speed.nnz;
    const flops = 2 * weights * BATCH;
    // Of three samples, the one with the median time has the median speed.
    assert.ok(Math.abs(gflops.median * ms.median * 1e6 / flops - 1) < 1e-9, kernel);
    assert.ok(gflops.least <= gflops.median && gflops.median <= gflops.upper);
  }
});

Deno.test("layerSpeed computes with the layer, and leaves its weights what they are", () => {
  const { kernels } = present[0];
  using arena = kernels.openArena();
  const square = openSquareLayer(squarePattern(200, 10), BATCH, arena);
  const weights = [...square.layer.weights];
  layerSpeed(square, null, [present[0]], BRIEFLY);
  const changes = weights.map((weight, k) => Math.abs(weight - square.layer.weights[k]));
  assert.ok(Math.max(...changes) < 1e-5);
  assert.ok(square.velocity.weights.some((value) => value !== 0), "the update ran");
  assert.ok(square.out.some((value) => value !== 0), "the products ran");
});
