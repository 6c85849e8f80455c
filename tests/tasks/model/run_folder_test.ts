/** A run's folder in place of its model file, and a run's file in place of its folder. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { readBytes, readJsonFile, writeFile } from "../../files.ts";
import { ROOT, runTask, taskCommand } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

const from = folderWithTable();
const task = (name: string, ...args: string[]) => runTask(name, args, { from });
const train = ["table.csv", "--target", "class", ...tinyOptions()];
await task("train", ...train, "--out", "run");
await task("train", ...train, "--folds", "2", "--out", "folds");

for (
  const [name, ...rest] of [
    ["predict", "table.csv", "--probabilities"],
    ["evaluate", "table.csv", "--json"],
    ["importance", "--json"],
    ["inspect", "--json"],
    ["export", "--format", "js", "--json"],
  ]
) {
  Deno.test(`${name} takes the model in a run's folder`, async () => {
    for (const [folder, model] of [["run", "run"], ["folds", "folds/all"]]) {
      // The run on all rows has none left to measure on.
      const table = name === "importance" && folder === "folds" ? ["table.csv"] : [];
      const byFolder = await task(name, folder, ...table, ...rest);
      const byFile = await task(name, `${model}/model.safetensors`, ...table, ...rest);
      assert.equal(byFolder.code, 0, byFolder.stderr);
      const timeless = (text: string) => text.replace(/"perSecond":[^,}]+/, "");
      assert.equal(timeless(byFolder.stdout), timeless(byFile.stdout));
      assert.equal(byFolder.stderr, byFile.stderr);
    }
  });
}

Deno.test("a run that is not finished has no model yet, and the command that goes on is told", async () => {
  await Deno.mkdir(`${from}/stopped`);
  writeFile(`${from}/stopped/config.json`, "{}");
  writeFile(`${from}/stopped/checkpoint.safetensors`, "");
  for (const argument of ["stopped", "stopped/checkpoint.safetensors"]) {
    const { code, stderr } = await task("predict", argument, "table.csv");
    assert.equal(code, 2);
    assert.match(
      stderr,
      /found a run that is not finished; it goes on with: deno task .*train --re/,
    );
    assert.match(stderr, /train --resume \S*\/stopped\n$/);
  }
});

Deno.test("a file of a run stands for its folder, and the folder for its configuration", async () => {
  const reported = await task("report", "run/model.safetensors");
  assert.equal(reported.code, 0, reported.stderr);
  assert.ok(existsSync(`${from}/run/report.html`));
  const resumed = await task("train", "--resume", "run/record.json");
  assert.match(resumed.stderr, /resume the run in "\S*\/run": it is finished/);
  const again = await task("train", "--config", "run", "--out", "again");
  assert.equal(again.code, 0, again.stderr);
  const [one, other] = ["run", "again"].map((run) => readBytes(`${from}/${run}/model.safetensors`));
  assert.deepEqual(one, other);
});

Deno.test("a run that was begun without deno task keeps the whole path of its table", async () => {
  const { flags, program } = taskCommand("train");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, `${ROOT}${program}`, ...train, "--out", "direct"],
    cwd: from,
    env: { INIT_CWD: "" },
    stdout: "null",
    stderr: "null",
  }).output();
  assert.ok(success);
  const { file } = readJsonFile(`${from}/direct/config.json`);
  assert.ok(isAbsolute(file), file);
  assert.ok(existsSync(file), file);
});
