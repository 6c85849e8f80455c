/** The package for npm, as Node takes it: it trains, predicts and exports with WebAssembly. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { codeBlocks, readPage } from "./documentation/markdown.ts";
import { namesIn, newFolder, readJsonFile, readText, writeFile } from "./files.ts";
import { runTask } from "./tasks/run_task.ts";

const hasNode = (() => {
  try {
    return new Deno.Command("sh", { args: ["-c", "command -v node"] }).outputSync().success;
  } catch {
    return false;
  }
})();

const SCRIPT = `
import { chooseKernels, datasetFromArrays, exports, files, fit, model, predict } from "@sparsemble/sparsemble";
import { load, save } from "@sparsemble/sparsemble/model";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

const features = Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]);
const labels = features.map(([x]) => x < 10 ? "left" : "right");
const dataset = datasetFromArrays({ features, labels });
const trained = await fit(dataset, { hidden: [32, 32], epsilon: 8, epochs: 60, explore: 20, batchSize: 32 });
const rows = [[1, 5], [18, 5]];
const { kernels, reason } = chooseKernels("auto");

const { tensors, metadata } = model.encodeModel(trained);
writeFileSync("model.safetensors", Buffer.concat(files.encodeSafetensors(tensors, metadata)));
const bytes = new Uint8Array(readFileSync("model.safetensors"));
const again = model.decodeModel(files.decodeSafetensors(bytes, "model"), "model");
assert.deepEqual(predict(again, rows), predict(trained, rows));

const [{ content }] = exports.exportJavaScript(exports.planModel(trained));
writeFileSync("exported.mjs", content);
const exported = await import("./exported.mjs");
assert.deepEqual(exported.predict(rows), predict(trained, rows));

// As docs/publishing.md has it.
await import("./page.mjs");
assert.deepEqual(readFileSync("copy.safetensors"), readFileSync("model.safetensors"));

assert.throws(() => save(trained, "m.safetensors"), /found no Deno; elsewhere/);
assert.throws(() => load("model.safetensors"), /found no Deno; elsewhere/);
console.log(JSON.stringify({ predicted: predict(trained, rows), kernels: kernels.description, reason }));
`;

Deno.test({
  name: "Node trains, predicts and exports with the package for npm (needs node)",
  ignore: !hasNode,
  async fn() {
    const folder = newFolder();
    const modules = `${folder}/node_modules`;
    const own = `${modules}/@sparsemble/sparsemble`;
    const { code, stderr } = await runTask("build-npm", ["--out", own], { from: folder });
    assert.equal(code, 0, stderr);
    const { name, engines, dependencies } = readJsonFile(`${own}/package.json`);
    assert.equal(name, "@sparsemble/sparsemble");
    assert.equal(engines.node, ">=20.16");
    // Those that are loaded at once; they have no dependencies themselves.
    const cache = await npmCache();
    for (const needed of ["fastest-levenshtein", "valibot"]) {
      const there = packageIn(cache, `${needed}/${dependencies[needed]}`);
      await Deno.symlink(there, `${modules}/${needed}`);
    }
    const [{ code: page }] = codeBlocks(readPage("docs/publishing.md"))
      .filter(({ language }) => language === "js");
    writeFile(`${folder}/page.mjs`, page);
    writeFile(`${folder}/script.mjs`, SCRIPT);
    const node = await new Deno.Command("sh", {
      args: ["-c", "exec node --preserve-symlinks script.mjs"],
      cwd: folder,
    }).output();
    assert.ok(node.success, new TextDecoder().decode(node.stderr));
    const said = JSON.parse(new TextDecoder().decode(node.stdout));
    assert.deepEqual(said.predicted, ["left", "right"]);
    assert.match(said.kernels, /^WebAssembly \(SIMD128/);
    assert.match(said.reason, /found no Deno, which alone loads them/);
    // Every file has its types, and nothing names what npm does not know.
    const types = readText(`${own}/mod.d.ts`);
    assert.match(types, /export \{[^]*fit[^]*\} from "\.\/lib\/ensemble\/mod\.js"/);
    for (const path of ["mod.js", "lib/messages.js", "lib/plots/renderers/vega.js"]) {
      assert.doesNotMatch(readText(`${own}/${path}`), /"npm:|\.ts"/, path);
    }
  },
});

/** The folder of a package in Deno's cache, which has one folder for each registry. */
function packageIn(cache: string, path: string): string {
  const found = namesIn(cache).map((registry) => `${cache}/${registry}/${path}`).find(existsSync);
  assert.ok(found !== undefined, `${path} is not in ${cache}`);
  return found;
}

async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).npmCache;
}

Deno.test("build-npm does not replace a folder of something else", async () => {
  const folder = newFolder();
  writeFile(`${folder}/letter.txt`, "Dear");
  const { code, stderr } = await runTask("build-npm", ["--out", "."], { from: folder });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot write the package to ".*": found other files there, need a new folder/,
  );
  assert.equal(readText(`${folder}/letter.txt`), "Dear");
});
