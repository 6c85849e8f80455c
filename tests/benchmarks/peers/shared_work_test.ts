import assert from "node:assert/strict";
import { BLOCK, difference, drawSharedWork } from "../../../lib/benchmarks/peers/shared_work.ts";
import { kernels, SMALL } from "./small_work.ts";

const WORK = drawSharedWork(kernels, SMALL);

Deno.test("both layers have the same number of weights, that of the density", () => {
  // ε (n + n)
  assert.equal(WORK.csr.data.length, SMALL.epsilon * 2 * SMALL.neurons);
  assert.equal(WORK.blocks.data.length, WORK.csr.data.length);
  assert.equal(WORK.blocks.indices.length * BLOCK, WORK.blocks.data.length);
});

Deno.test("the expected results are the products of the stored weights", () => {
  const { csr, blocks, x, dz, expected, sizes: { neurons, batch } } = WORK;
  const out = new Float64Array(neurons * batch);
  const dx = new Float64Array(neurons * batch);
  const gradient = new Float64Array(csr.data.length);
  const blockOut = new Float64Array(neurons * batch);
  for (let j = 0; j < neurons; j++) {
    for (let k = csr.indptr[j]; k < csr.indptr[j + 1]; k++) {
      const i = csr.indices[k];
      for (let s = 0; s < batch; s++) {
        out[j * batch + s] += csr.data[k] * x[i * batch + s];
        dx[i * batch + s] += csr.data[k] * dz[j * batch + s];
        gradient[k] += dz[j * batch + s] * x[i * batch + s];
      }
    }
    const row = Math.floor(j / BLOCK);
    for (let k = blocks.indptr[row]; k < blocks.indptr[row + 1]; k++) {
      for (let s = 0; s < batch; s++) {
        const weight = blocks.data[k * BLOCK + j % BLOCK];
        blockOut[j * batch + s] += weight * x[blocks.indices[k] * batch + s];
      }
    }
  }
  for (const [name, found] of Object.entries({ out, dx, gradient, blockOut })) {
    assert.ok(difference(found, expected[name as keyof typeof expected]) < 1e-6, name);
  }
});

Deno.test("a step of the network lowers its loss", () => {
  const [before, after] = WORK.network.losses;
  assert.ok(after < before);
});

Deno.test("difference is a share of the largest number, and infinite where there is none", () => {
  assert.equal(difference([1, 2], [1, 4]), 0.5);
  assert.equal(difference([1, 4], [1, 4]), 0);
  assert.equal(difference([1, NaN], [1, 4]), Infinity);
  assert.equal(difference([1, 4, 0], [1, 4]), Infinity);
});
