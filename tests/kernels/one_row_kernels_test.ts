import assert from "node:assert/strict";
import type { SparseArrays } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { randomStream } from "../../lib/random.ts";
import { backEnds } from "./back_ends.ts";
import {
  absolute,
  assertClose,
  assertSameBits,
  guardedFloats,
  integers,
  LAYERS,
  normals,
  openProblem,
  type Problem,
  sparseProblem,
  UNIT,
} from "./problem.ts";

const SLOPES = [1, 0, -0.5, 0.5];

/** bias + W x of one sample by the definition, in 64 bits. */
function products(p: Problem): number[] {
  return Array.from({ length: p.rows }, (_, j) => {
    let z = p.bias[j];
    for (let k = p.indptr[j]; k < p.indptr[j + 1]; k++) z += p.weights[k] * p.x[p.indices[k]];
    return z;
  });
}

for (const kernels of [referenceKernels(), ...backEnds()]) {
  Deno.test(`sparseRow (${kernels.description}) is the product by the definition`, () => {
    for (const layer of LAYERS) {
      const p = sparseProblem(layer, 1);
      const magnitude = products(absolute(p));
      const open = openProblem(kernels, p);
      using _arena = open.arena;
      for (const slope of SLOPES) {
        kernels.sparseRow(open.layer, open.x.subarray(0, p.columns), open.out, slope);
        const expected = products(p).map((z) => z < 0 ? slope * z : z);
        const found = open.out.subarray(0, p.rows);
        const terms = (j: number) => p.indptr[j + 1] - p.indptr[j];
        assertClose(found, expected, (j) => (terms(j) + 4) * UNIT * magnitude[j], p.name);
      }
      open.checkGuards();
    }
  });

  Deno.test(`denseRow (${kernels.description}) is the product by the definition`, () => {
    for (const layer of LAYERS.filter(({ name }) => name.startsWith("full"))) {
      const p = sparseProblem(layer, 1);
      const magnitude = products(absolute(p));
      const open = openProblem(kernels, p);
      using _arena = open.arena;
      for (const slope of SLOPES) {
        kernels.denseRow(open.layer, open.x.subarray(0, p.columns), open.out, slope);
        const expected = products(p).map((z) => z < 0 ? slope * z : z);
        const tolerance = (j: number) => (p.columns + 4) * UNIT * magnitude[j];
        assertClose(open.out.subarray(0, p.rows), expected, tolerance, p.name);
      }
      open.checkGuards();
    }
  });

  Deno.test(`sparseRow (${kernels.description}) of blocks is that of their neurons`, () => {
    for (const block of [2, 4, 8, 16]) {
      const random = randomStream(3, "blocks", block);
      const [blockRows, columns] = [7, 37];
      const rows = blockRows * block;
      const inputs = Array.from(
        { length: blockRows },
        () => Array.from({ length: columns }, (_, i) => i).filter(() => random.float() < 0.4),
      );
      const indices = inputs.flat();
      const indptr = [0];
      for (const row of inputs) indptr.push(indptr[indptr.length - 1] + row.length);
      const [weights, bias, x] = [indices.length * block, rows, columns].map((length) =>
        normals(length, random)
      );
      const expected = Array.from({ length: rows }, (_, j) => {
        const row = Math.floor(j / block);
        let [z, size] = [bias[j], Math.abs(bias[j])];
        for (let k = indptr[row]; k < indptr[row + 1]; k++) {
          const term = weights[k * block + j % block] * x[indices[k]];
          z += term;
          size += Math.abs(term);
        }
        return { z: z < 0 ? -0.25 * z : z, size };
      });
      using arena = kernels.openArena();
      const { floats, checkGuards } = guardedFloats(arena);
      const none = arena.floats(0);
      const layer: SparseArrays = {
        rows,
        columns,
        blockSize: block,
        indptr: integers(
          arena,
          Array.from({ length: rows + 1 }, (_, j) => indptr[j] ?? indices.length),
        ),
        indices: integers(arena, indices),
        weights: floats(weights),
        bias: floats(bias),
        transpose: {
          indptr: arena.integers(0),
          rows: arena.integers(0),
          entries: arena.integers(0),
          weights: none,
        },
      };
      const out = floats(new Float32Array(rows));
      kernels.sparseRow(layer, floats(x), out, -0.25);
      const values = expected.map(({ z }) => z);
      assertClose(out, values, (j) => (columns + 4) * UNIT * expected[j].size, `G = ${block}`);
      checkGuards();
    }
  });

  Deno.test(`sparseRow (${kernels.description}) shows NaN and has the same bits again`, () => {
    const p = sparseProblem(LAYERS[8], 1);
    const open = openProblem(kernels, p);
    using _arena = open.arena;
    const x = open.x.subarray(0, p.columns);
    kernels.sparseRow(open.layer, x, open.out, 0.5);
    const first = open.out.slice();
    kernels.sparseRow(open.layer, x, open.out, 0.5);
    assertSameBits(open.out, first, "again");
    x.fill(NaN);
    kernels.sparseRow(open.layer, x, open.out, 0.5);
    for (let j = 0; j < p.rows; j++) {
      assert.equal(Number.isNaN(open.out[j]), p.indptr[j + 1] > p.indptr[j], `row ${j}`);
    }
  });
}
