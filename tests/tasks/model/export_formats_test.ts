/** `deno task export` to ONNX and JavaScript. */
import assert from "node:assert/strict";
import { load, predict, save } from "../../../mod.ts";
import { wasmKernels } from "../../../lib/kernels/mod.ts";
import { namesIn, newFolder, readBytes } from "../../files.ts";
import { smallModel } from "../../model/small_model.ts";
import { runTask } from "../run_task.ts";

const from = newFolder();
save(await smallModel({ members: 2 }), `${from}/model.safetensors`);
const rows = [[0.1, 1, 7, -50], [1, 2.5, 7, 30], [-1, 2, 8, 0]];

Deno.test("export writes a module and its types, and says how many members it kept", async () => {
  const args = ["model.safetensors", "--format", "js", "--out", "app/flowers.js", "--json"];
  await Deno.mkdir(`${from}/app`);
  const { code, stdout, stderr } = await runTask("export", args, { from });
  assert.equal(code, 0, stderr);
  assert.deepEqual(namesIn(`${from}/app`), ["flowers.d.ts", "flowers.js"]);
  const { files, members, bytes } = JSON.parse(stdout);
  assert.equal(files.length, 2);
  assert.deepEqual(members, [1, 2]);
  assert.ok(bytes > 100_000);
  const module = await import(`file://${from}/app/flowers.js`);
  const model = load(`${from}/model.safetensors`);
  assert.deepEqual(module.predict(rows), predict(model, rows, wasmKernels()));
});

Deno.test("export writes the same ONNX file every time, of the layers asked for", async () => {
  const written = async (...more: string[]) => {
    const args = ["model.safetensors", "--format", "onnx", "--members", "1", ...more];
    const { code, stdout, stderr } = await runTask("export", args, { from });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Members: 1 of 2, the best on held-out rows: [12]$/m);
    assert.match(stdout, /^Inputs: 4 columns of numbers, in the table's order$/m);
    assert.match(stdout, /^Written: .*model\.onnx$/m);
    return readBytes(`${from}/model.onnx`);
  };
  const first = await written();
  assert.deepEqual(await written(), first);
  assert.deepEqual(await written("--layers", "dense"), first);
  assert.notDeepEqual(await written("--layers", "gather"), first);
});

Deno.test("export refuses an option of another format in a sentence", async () => {
  const args = ["model.safetensors", "--format", "js", "--layers", "dense"];
  const { code, stderr } = await runTask("export", args, { from });
  assert.equal(code, 2);
  assert.match(stderr, /^Cannot export to js with --layers: need --format onnx for it$/m);
});
