/** The README's first impression: its size, its first screen, its two scripts. */
import assert from "node:assert/strict";
import { codeBlocks, readPage } from "./documentation/markdown.ts";
import { newFolder, readBytes, writeFile } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

const README = readPage("README.md");
const SCRIPTS = codeBlocks(README).filter(({ language }) => language === "ts");

/** Runs an example as a script elsewhere, with no permission at all. */
async function runExample(code: string): Promise<string> {
  const path = `${newFolder()}/example.ts`;
  const address = `"file://${ROOT}mod.ts"`;
  writeFile(path, code.replaceAll('"@sparsemble/sparsemble"', address));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--check", path],
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the README has at most 7,000 bytes", () => {
  const { length } = readBytes(`${ROOT}README.md`);
  assert.ok(length <= 7000, `${length} bytes`);
});

Deno.test("the README's first screen has both commands and a script", () => {
  const screen = README.split("\n").slice(0, 35).join("\n");
  assert.match(screen, /^npx --yes deno@2\.9\.6 task train /m);
  assert.match(screen, /^npx --yes deno@2\.9\.6 task test /m);
  assert.equal(codeBlocks(screen)[1].code, SCRIPTS[0].code);
});

Deno.test("the README's script fits and predicts", async () => {
  assert.equal(await runExample(SCRIPTS[0].code), '[ "left", "right" ]\n');
});

Deno.test("the README's strategy has at most 20 lines and trains an ensemble", async () => {
  const { code } = SCRIPTS[1];
  const lines = code.trim().split("\n").length;
  assert.ok(lines <= 20, `${lines} lines`);
  const output = await runExample(code);
  const accuracies = output.match(/[\d.]+/g)?.map(Number) ?? [];
  assert.equal(accuracies.length, 2, output);
  assert.ok(accuracies.every((accuracy) => accuracy > 0.7), output);
});
