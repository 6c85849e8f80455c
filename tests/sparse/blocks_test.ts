import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { randomStream } from "../../lib/random.ts";
import { BLOCK_SIZES } from "../../lib/kernels/kernels.ts";
import {
  blockNorms,
  blockPattern,
  blockSizeFor,
  csrFromBlocks,
  csrToDense,
  degrees,
  erdosRenyi,
  neuronPattern,
  validateCsr,
  validatePattern,
} from "../../lib/sparse/mod.ts";

Deno.test("a layer gets the largest size of blocks that divides its neurons", () => {
  const sizes = (rows: number) => BLOCK_SIZES.map((wanted) => blockSizeFor(rows, wanted));
  assert.deepEqual(sizes(1000), [1, 2, 4, 8, 8]);
  assert.deepEqual(sizes(160), [1, 2, 4, 8, 16]);
  assert.deepEqual(sizes(100), [1, 2, 4, 4, 4]);
  assert.deepEqual(sizes(30), [1, 2, 2, 2, 2]);
  assert.deepEqual(sizes(17), [1, 1, 1, 1, 1]);
  for (let rows = 1; rows < 200; rows++) {
    for (const wanted of BLOCK_SIZES) {
      const size = blockSizeFor(rows, wanted);
      assert.equal(rows % size, 0);
      assert.ok(size <= wanted && (size === wanted || rows % (2 * size) !== 0));
    }
  }
});

/** Any block matrix, and the same matrix as plain numbers: position → weight. */
const matrices = fc.record({
  blockSize: fc.constantFrom(...BLOCK_SIZES),
  blockRows: fc.integer({ min: 0, max: 6 }),
  columns: fc.integer({ min: 1, max: 9 }),
  density: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.nat(),
}).map(({ blockSize, blockRows, columns, density, seed }) => {
  const random = randomStream(seed, "blocks");
  const blocks = erdosRenyi(blockRows, columns, density, random);
  const data = Float32Array.from(
    { length: blocks.indices.length * blockSize },
    () => random.normal(),
  );
  const dense = new Float32Array(blockRows * blockSize * columns);
  for (let row = 0; row < blockRows; row++) {
    for (let entry = blocks.indptr[row]; entry < blocks.indptr[row + 1]; entry++) {
      for (let g = 0; g < blockSize; g++) {
        dense[(row * blockSize + g) * columns + blocks.indices[entry]] =
          data[entry * blockSize + g];
      }
    }
  }
  return { blocks, blockSize, data, dense };
});

Deno.test("blocks are the neurons' connections, each neuron of a block with the same inputs", () => {
  fc.assert(fc.property(matrices, ({ blocks, blockSize, data, dense }) => {
    const { shape: [rows, columns], indptr, indices } = blocks;
    const shape = [rows * blockSize, columns] as const;
    const layer = { shape, blockSize, indptr, indices, data };
    assert.deepEqual(blockPattern(layer).shape, [rows, columns]);
    const matrix = csrFromBlocks(layer);
    validateCsr(matrix);
    assert.deepEqual(csrToDense(matrix), dense);
    const neurons = neuronPattern(blocks, blockSize);
    validatePattern(neurons);
    const { indptr: ends, indices: inputs, shape: size } = matrix;
    assert.deepEqual(neurons, { shape: size, indptr: ends, indices: inputs });
    const ofBlocks = degrees(blocks);
    const ofNeurons = degrees(neurons);
    assert.deepEqual(
      [...ofNeurons.incoming],
      [...ofBlocks.incoming].flatMap((count) => Array(blockSize).fill(count)),
    );
    assert.deepEqual(ofNeurons.outgoing, ofBlocks.outgoing.map((count) => count * blockSize));
  }));
});

Deno.test("the magnitude of a block is the length of its weights as a vector", () => {
  fc.assert(fc.property(matrices, ({ blockSize, data }) => {
    const norms = blockNorms(data, blockSize);
    assert.equal(norms.length, data.length / blockSize);
    norms.forEach((norm, block) => {
      const hypot = Math.hypot(...data.subarray(block * blockSize, (block + 1) * blockSize));
      assert.ok(Math.abs(norm - hypot) <= 1e-12 * hypot);
    });
  }));
  assert.deepEqual([...blockNorms(Float32Array.of(-3, 0.5, -0), 1)], [3, 0.5, 0]);
  assert.ok(Number.isNaN(blockNorms([1, NaN], 2)[0]));
});
