/** The library in a page: bundled for browsers, it trains and predicts, and asks the network for nothing. */
import assert from "node:assert/strict";
import { browser, openInBrowser } from "./browser.ts";
import { newFolder, readText, writeFile } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

const SCRIPT = `
import { datasetFromArrays, fit, openPredictor, sparse, randomStream } from "file://${ROOT}mod.ts";
const features = Array.from({ length: 400 }, (_, row) => [row % 20, Math.floor(row / 20)]);
const labels = features.map(([x]) => x < 10 ? "left" : "right");
const settings = { hidden: [32, 32], epsilon: 8, epochs: 10, members: 2, trials: 1, batchSize: 32 };
const model = await fit(datasetFromArrays({ features, labels }), settings);
using predictor = openPredictor(model);
document.body.textContent = JSON.stringify({
  classes: predictor.predict([[1, 5], [18, 5]]),
  nnz: sparse.nnz(sparse.erdosRenyi(100, 100, 0.1, randomStream(1, "topology"))),
  kernels: model.settings.kernels,
});
`;

Deno.test({
  name: "a script that trains and predicts is bundled, and runs in a browser",
  ignore: browser === null,
  async fn() {
    const folder = newFolder();
    writeFile(`${folder}/script.ts`, SCRIPT);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "-o", `${folder}/page.js`, "script.ts"],
      cwd: folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const script = readText(`${folder}/page.js`);
    assert.doesNotMatch(script, /from "node:|require\("|<\/script/);
    writeFile(
      `${folder}/page.html`,
      `<!doctype html><meta charset="utf-8"><body><script type="module">${script}</script>`,
    );
    const dom = await openInBrowser(`${folder}/page.html`, [
      "--virtual-time-budget=60000",
      "--dump-dom",
    ]);
    const shown = JSON.parse(/<body>(\{.*\})/.exec(dom)?.[1] ?? "null");
    assert.deepEqual(shown?.classes, ["left", "right"], dom.slice(-2000));
    assert.equal(shown.kernels, "wasm");
    assert.ok(shown.nnz > 900 && shown.nnz < 1100);
  },
});
