import assert from "node:assert/strict";
import { namesIn, newFolder, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { tinyOptions, tinyTable } from "../tiny_run.ts";

Deno.test("train, evaluate, predict and inspect take a table from standard input", async () => {
  const from = newFolder();
  const input = tinyTable();
  const train = [
    "-",
    "--target",
    "class",
    ...tinyOptions(),
    "--out",
    "run",
    "--ignore",
    'b, "quoted"',
  ];
  const { code, stderr } = await runTask("train", train, { from, input });
  assert.equal(code, 0, stderr);
  const config = readJsonFile(`${from}/run/config.json`);
  assert.equal(config.file, `${from}/run/table.csv`);
  assert.deepEqual(config.ignore, ['b, "quoted"']);
  assert.equal(readText(config.file), input);
  const model = "run/model.safetensors";
  const evaluated = await runTask("evaluate", [model, "-"], { from, input });
  assert.match(evaluated.stdout, /240 rows/, evaluated.stderr);
  const predicted = await runTask("predict", [model, "-"], { from, input });
  const fromFile = await runTask("predict", [model, "run/table.csv"], { from });
  assert.equal(predicted.stdout, fromFile.stdout);
  const inspected = await runTask("inspect", ["-", "--target", "class"], { from, input });
  assert.match(inspected.stdout, /^240 rows, target "class": 2 classes/m, inspected.stderr);
});

Deno.test("a table from standard input that cannot be learnt from leaves nothing behind", async () => {
  const from = newFolder();
  const train = ["-", "--target", "class", ...tinyOptions(), "--out", "run"];
  const { code, stderr } = await runTask("train", train, { from, input: "a,b\n1,2\n" });
  assert.equal(code, 2);
  assert.match(stderr, /^Cannot read standard input, line 1: found no column "class"/);
  assert.deepEqual(namesIn(from), []);
  const folds = await runTask("train", [...train, "--folds", "2"], { from, input: "a,b\n1,2\n" });
  assert.equal(folds.code, 2);
  assert.match(folds.stderr, /found no column "class"/);
  assert.deepEqual(namesIn(from), []);
});

Deno.test("pipes are refused in one sentence that says what to type", async () => {
  const from = newFolder();
  for (const [task, ...args] of [["train"], ["inspect"]]) {
    for (const path of ["/dev/stdin", "/dev/fd/63"]) {
      const { code, stderr } = await runTask(task, [...args, path, "--target", "y"], { from });
      assert.equal(code, 2);
      assert.match(
        stderr,
        /^Cannot read "\/dev\/.*: found a pipe, .* need a file or - for standard input/,
      );
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    }
  }
});

Deno.test("train takes its test rows from standard input, and keeps them in the run's folder", async () => {
  const from = newFolder();
  writeFile(`${from}/table.csv`, tinyTable());
  const input = tinyTable({ rows: 70, seed: 2 });
  writeFile(`${from}/test.csv`, input);
  const train = ["table.csv", "--target", "class", ...tinyOptions(), "--json"];
  const piped = await runTask("train", [...train, "--test", "-", "--out", "a"], { from, input });
  assert.equal(piped.code, 0, piped.stderr);
  assert.equal(readText(readJsonFile(`${from}/a/config.json`).test), input);
  const plain = await runTask("train", [...train, "--test", "test.csv", "--out", "b"], { from });
  assert.equal(JSON.parse(piped.stdout).accuracy, JSON.parse(plain.stdout).accuracy);
  assert.equal(JSON.parse(piped.stdout).testRows, 70);
  const both = ["-", "--target", "class", "--test", "-"];
  const refused = await runTask("train", both, { from, input });
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^Cannot train on two tables from standard input: need a file for one/,
  );
});
