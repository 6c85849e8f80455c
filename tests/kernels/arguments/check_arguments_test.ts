import assert from "node:assert/strict";
import { checkConnections } from "../../../lib/kernels/check_arguments.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { backEnds } from "../back_ends.ts";
import { LAYERS, openProblem, sparseProblem } from "../problem.ts";

Deno.test("every back end, with threads too, refuses what would lead a kernel out of its arrays", () => {
  const program = new URL("./wrong_calls_program.ts", import.meta.url).pathname;
  const args = ["run", "--no-prompt", "--quiet", "--allow-read", "--allow-ffi", program];
  const { code, signal, stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, new TextDecoder().decode(stderr));
  const answers = new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  const names = new Set(backEnds().map(({ name }) => name));
  assert.equal(answers.length, 1 + backEnds().length + names.size);
  for (const { kernels, calls, taken } of answers) {
    assert.deepEqual(taken, [], kernels);
    assert.ok(calls > 800, `${calls} wrong calls`);
  }
});

Deno.test("a refusal says what was found and what is needed", () => {
  const kernels = referenceKernels();
  const p = sparseProblem(LAYERS[8], 17);
  const { layer, x, out, dz } = openProblem(kernels, p);
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const forward = (stride: number, changes = {}) => () =>
    kernels.sparseForward({ ...layer, ...changes }, x, out, null, gate, stride);
  const prefix = "Cannot compute sparseForward: found ";
  assert.throws(forward(17), {
    message: `${prefix}a stride of 17, need a positive multiple of 16`,
  });
  // A batch that the workspace was not made for.
  assert.throws(forward(48), { message: `${prefix}x of length 2240, need at least 3360` });
  const indices = layer.indices.slice();
  indices[layer.indptr[3]] = 70;
  assert.throws(forward(32, { indices }), { message: `${prefix}index 70 in row 3, need 0 to 69` });
  const indptr = layer.indptr.with(5, 0);
  assert.throws(forward(32, { indptr }), { name: "RangeError", message: /row start 5 at 0, need/ });
  const blocks = { ...layer, blockSize: 8 };
  assert.throws(() => kernels.sparseForward(blocks, x, out, null, gate, 32, 4, 40), {
    message: `${prefix}the range from 4 to 40, need multiples of 8, the size of the blocks`,
  });
  assert.throws(forward(32, { blockSize: 16 }), {
    message: `${prefix}40 rows, need multiples of 16, the size of the blocks`,
  });
  assert.throws(forward(32, { blockSize: 5 }), {
    message: `${prefix}blocks of 5 neurons, need one of 1, 2, 4, 8, 16`,
  });
  const labels = new Int32Array(17).fill(2).with(4, 40);
  const result = new Float64Array(2);
  assert.throws(() => kernels.softmaxCrossEntropy(40, 17, 32, out, labels, 0, dz, result), {
    message: "Cannot compute softmaxCrossEntropy: found label 40 of sample 4, need 0 to 39",
  });
});

Deno.test("connections that were changed in place are checked again on request", () => {
  const kernels = wasmKernels();
  const { layer, x, out, arena } = openProblem(kernels, sparseProblem(LAYERS[8], 16));
  using _arena = arena;
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  kernels.sparseForward(layer, x, out, null, gate, 16);
  layer.indices[0] = -1;
  assert.throws(() => checkConnections(layer), /found index -1 in row 0/);
  assert.throws(() => kernels.sparseForward(layer, x, out, null, gate, 16), /index -1/);
});

Deno.test("an arena in WebAssembly's memory takes lengths alone, and frees its own arrays alone", () => {
  using arena = wasmKernels().openArena();
  for (const length of [-1, 0.5, NaN, Infinity]) {
    assert.throws(() => arena.floats(length), {
      name: "RangeError",
      message: /need an integer from 0/,
    });
  }
  const mine = arena.floats(16).fill(7);
  const place = mine.byteOffset;
  arena.release(new Float32Array(new ArrayBuffer(place + 64), place, 16));
  assert.ok(arena.floats(16).byteOffset !== place);
});

Deno.test("a layer that cannot be marked as checked is checked in every call, and a copy anew", () => {
  const kernels = wasmKernels();
  const { layer, x, out, arena } = openProblem(kernels, sparseProblem(LAYERS[8], 16));
  using _arena = arena;
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const frozen = Object.freeze({ ...layer });
  kernels.sparseForward(frozen, x, out, null, gate, 16);
  kernels.sparseForward(layer, x, out, null, gate, 16);
  layer.indices[0] = 70;
  const copy = { ...layer };
  for (const other of [frozen, copy]) {
    assert.throws(() => kernels.sparseForward(other, x, out, null, gate, 16), /index 70/);
  }
});
