import assert from "node:assert/strict";
import { openBackEnds } from "../../lib/benchmarks/measuring/back_ends.ts";
import { growth, limitAt } from "../../lib/benchmarks/growth.ts";
import { wasmMemory } from "../../lib/kernels/wasm/wasm.ts";

const backEnds = openBackEnds();
const BRIEFLY = { warmUp: 0, sample: 0.1, budget: 0, minRounds: 1 };

Deno.test("growth measures every back end at every size, and gives the memory back", () => {
  const told: number[] = [];
  const before = wasmMemory().used;
  const points = growth([2000, 8000], backEnds, null, BRIEFLY, (nnz) => told.push(nnz));
  assert.deepEqual(told, [2000, 8000]);
  assert.equal(points.length, 2 * backEnds.present.length);
  for (const { nnz, neurons, batch, limit, blocks } of points) {
    assert.ok(Math.abs(nnz / (40 * neurons) - 1) < 0.1);
    assert.equal(batch, 128);
    assert.equal(limit, "stream");
    assert.deepEqual(
      blocks!.map(({ kernel, blockSize }) => [kernel, blockSize]),
      ["sparse forward", "sparse backward", "sparse gradient + update"].map((name) => [name, 8]),
    );
  }
  assert.equal(wasmMemory().used, before);
});

Deno.test("growth takes a smaller batch where the larger one is out of reach", () => {
  const [wasm] = backEnds.present;
  const batches = [1e9, 175_000, 135_000, 1000].map((reach) => {
    const present = [{ ...wasm, reach }];
    return growth([4000], { present, missing: [] }, null, BRIEFLY).map(({ batch }) => batch);
  });
  // 100 neurons: about 28 bytes for each of 4000 weights, and 1200 for each sample.
  assert.deepEqual(batches, [[128], [32], [], []]);
});

Deno.test("limitAt asks for rows in order while the activations fit the last cache", () => {
  assert.equal(limitAt(2 ** 25, 2 ** 25), "stream");
  assert.equal(limitAt(2 ** 25 + 1, 2 ** 25), "random rows");
});
