/**
 * The kernels' tests once more, over the sanitized builds. `deno task native --sanitize` runs them.
 *
 * @module
 */
import assert from "node:assert/strict";
// First: the tests below ask for their back ends as they are loaded.
import { called, sanitized } from "./sanitized_back_ends.ts";
import { compiledKernels } from "../../../lib/kernels/compiled.ts";
import { SYMBOLS } from "../../../lib/kernels/native/native.ts";
import { randomStream } from "../../../lib/random.ts";
import { normals } from "../problem.ts";
import { rightCalls, runCall, wrongCalls } from "../arguments/wrong_calls.ts";
import "../block_kernels_test.ts";
import "../dense_kernels_test.ts";
import "../dropout_test.ts";
import "../optimizer_kernels_test.ts";
import "../sine_kernel_test.ts";
import "../softmax_kernels_test.ts";
import "../sparse_kernels_test.ts";

for (const backend of sanitized) {
  const { description, functions, address } = backend;

  Deno.test(`${description}: a wrong call does not get as far as a kernel`, () => {
    const kernels = compiledKernels(backend);
    for (const call of rightCalls(kernels)) runCall(kernels, call);
    for (const { what, run } of wrongCalls(kernels)) {
      assert.throws(run, { message: /^Cannot (compute|use) / }, what);
    }
  });

  Deno.test(`${description}: stream multiplies rows in order and at random`, () => {
    const random = randomStream(1, "stream");
    const [rows, perRow, columns, stride] = [5, 7, 3, 96];
    const [w, x] = [normals(perRow, random), normals(columns * stride, random)];
    const out = new Float32Array(rows * stride);
    functions.stream(rows, perRow, columns, 1, stride, address(w), address(x), address(out));
    functions.stream(rows, perRow, columns, 0, stride, address(w), address(x), address(out));
    // The first row of the second panel takes the inputs 0, 1, 2, 0, 1, 2, 0.
    for (let b = 0; b < 32; b++) {
      const sum = w.reduce(
        (total, weight, k) => total + weight * x[32 * columns + 32 * (k % 3) + b],
        0,
      );
      assert.ok(Math.abs(out[32 * rows + b] - sum) < 1e-5);
    }
  });
}

Deno.test("the sanitizer sees an access beyond an array", () => {
  const beyond = new URL("./beyond.ts", import.meta.url).pathname;
  const args = ["run", "--no-prompt", "--allow-read", "--allow-ffi", beyond, Deno.args[0]];
  const { code, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  assert.notEqual(code, 0);
  assert.match(new TextDecoder().decode(stderr), /AddressSanitizer: heap-buffer-overflow/);
});

Deno.test("every kernel was called", () => {
  const kernels = Object.entries(SYMBOLS).filter(([, { result }]) => result === "void");
  assert.deepEqual([...called].sort(), kernels.map(([name]) => name).sort());
});
