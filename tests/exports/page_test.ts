/** The code of docs/exports.md in JavaScript and Python, run as it stands there. */
import assert from "node:assert/strict";
import { datasetFromTable, fit, predict, predictProba } from "../../mod.ts";
import { exportJavaScript, exportOnnx, foldPlan, planModel } from "../../lib/exports/mod.ts";
import { wasmKernels } from "../../lib/kernels/mod.ts";
import { randomStream } from "../../lib/random.ts";
import { browser, openInBrowser } from "../browser.ts";
import { codeBlocks, readPage, section } from "../documentation/markdown.ts";
import { newFolder, writeFile } from "../files.ts";

const page = readPage("docs/exports.md");
const [example, worker, caller] = codeBlocks(section(page, "JavaScript"))
  .filter(({ language }) => language === "js").map(({ code }) => code);
const [python] = codeBlocks(section(page, "ONNX"))
  .filter(({ language }) => language === "python").map(({ code }) => code);

const random = randomStream(1, "flowers");
const flowers = Array.from({ length: 200 }, () => {
  const length = 4 + 3 * random.float();
  return {
    length,
    width: 2 + 2 * random.float(),
    colour: random.float() < 0.5 ? "red" : "blue",
    species: length < 5.4 ? "setosa" : "virginica",
  };
});
const { dataset } = datasetFromTable(flowers, { target: "species" });
const settings = {
  hidden: [24, 24],
  epsilon: 6,
  epochs: 30,
  explore: 10,
  members: 2,
  batchSize: 16,
};
const model = await fit(dataset, settings, { kernels: wasmKernels() });
const [module] = exportJavaScript(foldPlan(planModel(model)));

Deno.test("the page's example gives what its remark says", () => {
  assert.match(
    example,
    /predict\(\[\{ length: 5\.1, width: 3\.5, colour: "red" \}\]\); \/\/ \["setosa"\]/,
  );
  const folder = newFolder();
  writeFile(`${folder}/model.js`, module.content);
  const lines = example.replaceAll(/^(predict.*?);.*$/gm, "console.log(JSON.stringify($1));");
  writeFile(`${folder}/script.js`, lines);
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-config", "script.js"],
    cwd: folder,
  }).outputSync();
  const said = new TextDecoder().decode(stdout).trim().split("\n");
  assert.equal(said.length, 2, new TextDecoder().decode(stderr));
  assert.equal(said[0], '["setosa"]');
  const [first, second] = JSON.parse(said[1]).map((p: object) => Object.values(p));
  assert.equal(first.length + second.length, 4);
});

Deno.test({
  name:
    "the page's worker answers in a browser, under its content security policy (needs chromium)",
  ignore: browser === null,
  async fn() {
    // The page counts as loaded when its image has come, and that waits for the answer.
    const done = Promise.withResolvers<void>();
    const script = `import { kernelsInUse, predictProba } from "./model.js";
const lists = (answers) => answers.map((p) => [...p]);
const rows = [{ length: 5.1, width: 3.5, colour: "red" }];
async function show(there) {
  const shown = { there: lists(there), here: lists(predictProba(rows)), kernels: kernelsInUse() };
  document.querySelector("pre").textContent = JSON.stringify(shown);
  await fetch("/done", { method: "POST" });
}
${caller}`;
    const text = '<!doctype html><meta charset="utf-8"><pre></pre><img src="/wait">' +
      '<script type="module" src="page.js"></script>';
    const files = new Map<string, string>([
      ["/", text],
      ["/page.js", script],
      ["/worker.js", worker],
      ["/model.js", module.content as string],
    ]);
    const asked: string[] = [];
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      async ({ url }) => {
        const { pathname } = new URL(url);
        asked.push(pathname);
        if (pathname === "/done") done.resolve();
        if (pathname === "/wait") await done.promise;
        const type = pathname === "/" ? "text/html" : "text/javascript";
        const headers = {
          "content-type": `${type}; charset=utf-8`,
          "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
        };
        const content = files.get(pathname);
        return new Response(content ?? "", { headers, status: content === undefined ? 404 : 200 });
      },
    );
    const dom = await openInBrowser(`http://127.0.0.1:${server.addr.port}/`, ["--dump-dom"]);
    await server.shutdown();
    const known = [...files.keys(), "/wait", "/done", "/favicon.ico"];
    assert.deepEqual(asked.filter((path) => !known.includes(path)), []);
    const shown = JSON.parse(/<pre>(\{.*\})/.exec(dom)?.[1] ?? "null");
    assert.equal(shown?.kernels, "relaxed-simd", dom.slice(-2000));
    assert.deepEqual(shown.there, shown.here);
    const expected = predictProba(model, [[5.1, 3.5, "red"]], wasmKernels());
    shown.here[0].forEach((p: number, c: number) => assert.ok(Math.abs(p - expected[c]) < 1e-6));
  },
});

const hasRuntime = (() => {
  try {
    const args = ["-c", "import onnx, onnxruntime"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "the page's Python asks onnxruntime (needs python3 with onnx)",
  ignore: !hasRuntime,
  async fn() {
    const rows = flowers.map(({ length, width, species }, row) => ({
      length,
      width,
      height: row % 5 === 0 ? null : row % 7,
      species,
    }));
    const { dataset } = datasetFromTable(rows, { target: "species" });
    const model = await fit(dataset, settings, { kernels: wasmKernels() });
    const folder = newFolder();
    writeFile(`${folder}/model.onnx`, exportOnnx(foldPlan(planModel(model)))[0].content);
    writeFile(`${folder}/script.py`, `${python}\nprint(label[0], *probabilities[0])\n`);
    const { stdout, stderr } = new Deno.Command("python3", { args: ["script.py"], cwd: folder })
      .outputSync();
    const said = new TextDecoder().decode(stdout).trim().split(" ");
    const row = [[5.1, 3.5, null]];
    assert.equal(said[0], predict(model, row)[0], new TextDecoder().decode(stderr));
    const expected = predictProba(model, row, wasmKernels());
    expected.forEach((p, c) => assert.ok(Math.abs(p - Number(said[1 + c])) < 1e-5));
  },
});
