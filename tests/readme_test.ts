/** The README's first impression: its size, its first screen, its two scripts. */
import assert from "node:assert/strict";
import { codeBlocks, readPage } from "./documentation/markdown.ts";
import { newFolder, readBytes, writeFile } from "./files.ts";
import { ROOT } from "./tasks/run_task.ts";

const README = readPage("README.md");
const SCRIPTS = codeBlocks(README).filter(({ language }) => language === "ts");

/** The scripts as files elsewhere. */
const PATHS = SCRIPTS.map(({ code }) => {
  const path = `${newFolder()}/example.ts`;
  writeFile(path, code.replaceAll('"@sparsemble/sparsemble"', `"file://${ROOT}mod.ts"`));
  return path;
});

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Runs a script with no permission at all. */
const runScript = (path: string) => deno("run", "--no-prompt", "--no-check", path);

Deno.test("the README's scripts have the right types, elsewhere too", async () => {
  assert.equal(PATHS.length, 2);
  await deno("check", "--quiet", "--no-config", ...PATHS);
});

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
  assert.equal(await runScript(PATHS[0]), '[ "left", "right" ]\n');
});

Deno.test("the README's strategy has at most 20 lines and trains an ensemble", async () => {
  const { code } = SCRIPTS[1];
  const lines = code.trim().split("\n").length;
  assert.ok(lines <= 20, `${lines} lines`);
  const output = await runScript(PATHS[1]);
  const accuracies = output.match(/[\d.]+/g)?.map(Number) ?? [];
  assert.equal(accuracies.length, 2, output);
  assert.ok(accuracies.every((accuracy) => accuracy > 0.7), output);
});
