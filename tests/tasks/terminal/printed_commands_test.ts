/**
 * The commands that tasks print, typed as they stand in the folder where the person is, and the options
 * that every task has.
 */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { isThere, newFolder, readJsonFile, writeFile } from "../../files.ts";
import { denoTasks, ROOT, runTask, taskCommands } from "../run_task.ts";
import { tinyOptions, tinyTable } from "../tiny_run.ts";

/** Types a line in a folder, in a shell that finds Deno. */
async function type(line: string, folder: string) {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    cwd: folder,
    env: { PATH: `${dirname(Deno.execPath())}:/usr/bin:/bin`, NO_COLOR: "1", INIT_CWD: folder },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test({
  name: "the command after train can be typed where the person is, blanks and quotes or not",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const from = `${newFolder()}/my 'own' data`;
    await Deno.mkdir(from);
    writeFile(`${from}/table.csv`, tinyTable());
    const args = ["table.csv", "--target", "class", ...tinyOptions()];
    const { code, stdout, stderr } = await runTask("train", args, { from });
    assert.equal(code, 0, stderr);
    const next = /^Next: +(deno task .*) FILE$/m.exec(stdout)![1];
    assert.ok(next.startsWith(`deno task --config ${ROOT}deno.json predict '`), next);
    const typed = await type(`${next} table.csv`, from);
    assert.equal(typed.code, 0, typed.stderr);
    assert.match(typed.stdout, /^class\n(yes|no)\n/);
  },
});

Deno.test("commands name no configuration where deno task finds it", async () => {
  const { stderr } = await runTask("train", ["--target", "y"], { from: `${ROOT}tests` });
  assert.match(stderr, /as in: deno task train FILE --target y$/m);
});

Deno.test("every task prints its version, and help that fits the terminal", async () => {
  const { version } = readJsonFile(`${ROOT}deno.json`);
  for (const { name } of taskCommands()) {
    const said = await runTask(name, ["--version"]);
    assert.equal(said.stdout, `${version}\n`, said.stderr);
    const help = await runTask(name, ["--help"]);
    assert.match(help.stdout, /^Examples?:\n +deno task /m, name);
    for (const line of help.stdout.split("\n")) assert.ok([...line].length <= 80, line);
  }
});

Deno.test("deno task lists what a person with a table needs first", () => {
  const names = Object.keys(denoTasks());
  const first = ["train", "inspect", "evaluate", "predict"];
  assert.deepEqual(names.slice(0, 4).toSorted(), first.toSorted());
  for (const { description } of Object.values(denoTasks())) assert.ok(description.length > 10);
});

Deno.test("--quiet leaves results and mistakes", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, tinyTable());
  const args = ["table.csv", "--target", "class", ...tinyOptions(), "--out", "run", "--quiet"];
  const trained = await runTask("train", args, { from });
  assert.equal(trained.stderr, "");
  assert.match(trained.stdout, /ensemble of 2[^]*^Model: /m);
  const model = "run/model.safetensors";
  const quiet = ["table.csv", "--quiet", "--out", "p.csv"];
  const predicted = await runTask("predict", [model, ...quiet], { from });
  assert.deepEqual([predicted.code, predicted.stdout, predicted.stderr], [0, "", ""]);
  assert.ok(isThere(`${from}/p.csv`));
  const wrong = await runTask("predict", [model, "none.csv", "--quiet"], { from });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^Cannot read ".*none\.csv": found no such file\n$/);
});
