import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { openPredictor, predict, predictProba } from "../../lib/model/mod.ts";
import { smallModel } from "./small_model.ts";

const kernels = wasmKernels();

Deno.test("a model that is used again is in kernel memory once, and answers the same", async () => {
  const model = await smallModel();
  const first = predictProba(model, [[0, 1, 7, 0]], kernels);
  const { used } = wasmMemory();
  for (let call = 0; call < 5; call++) {
    assert.deepEqual(predictProba(model, [[0, 1, 7, 0]], kernels), first);
    assert.equal(predict(model, [[0, 1, 7, 0], [3, 0, 7, 1]], kernels).length, 2);
  }
  assert.equal(wasmMemory().used, used);
});

Deno.test("another back end answers for the same model in its turn", async () => {
  const model = await smallModel();
  const row = [[0, 1, 7, 0]];
  const first = predictProba(model, row, kernels);
  const { used } = wasmMemory();
  const judged = predictProba(model, row, referenceKernels());
  assert.ok(wasmMemory().used < used, "the WebAssembly members are closed");
  first.forEach((p, c) => assert.ok(Math.abs(p - judged[c]) < 1e-5));
  assert.deepEqual(predictProba(model, row, kernels), first);
});

Deno.test("a predictor of one's own is apart from the resident model", async () => {
  const model = await smallModel();
  const row = [[0, 1, 7, 0]];
  const first = predictProba(model, row, kernels);
  const { used } = wasmMemory();
  {
    using predictor = openPredictor(model, kernels);
    assert.deepEqual(predictor.predictProba(row), first);
  }
  assert.equal(wasmMemory().used, used);
  assert.deepEqual(predictProba(model, row, kernels), first);
});

Deno.test("resident models are bounded, and go with the last use of the model", async () => {
  const program = fileURLToPath(new URL("./resident_program.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--v8-flags=--expose-gc", "--allow-read", program],
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const bytes = JSON.parse(new TextDecoder().decode(stdout));
  assert.ok(bytes.one > bytes.before);
  assert.equal(bytes.again, bytes.one);
  const each = bytes.one - bytes.before;
  assert.ok(8 * each > 256 * 2 ** 20, `${each} bytes a model are too few to reach the bound`);
  assert.ok(bytes.many - bytes.before <= 256 * 2 ** 20 + each);
  assert.equal(bytes.answers, 1);
  assert.equal(bytes.after, bytes.before);
});
