import assert from "node:assert/strict";
import { load } from "../../lib/model/model_file.ts";
import { readJsonFile } from "../files.ts";
import { runTask } from "./run_task.ts";
import { folderWithTable, tinyOptions } from "./tiny_run.ts";

Deno.test("train --coverage, and predict and evaluate with what it calibrated", async () => {
  const from = folderWithTable({ classes: ["oak, red", "ash"] });
  const args = ["table.csv", "--target", "class", ...tinyOptions(), "--coverage", "0.9"];
  const { code, stdout, stderr } = await runTask("train", [...args, "--out", "run"], { from });
  assert.equal(code, 0, stderr);
  const { coverage } = readJsonFile(`${from}/run/record.json`);
  assert.equal(coverage.asked, 0.9);
  const found = `${(100 * coverage.found).toFixed(2)} %`;
  assert.ok(stdout.includes(`Coverage: ${found} of the rows are in sets of `), stdout);
  assert.match(stdout, /classes on average \(asked for: 90\.00 %\)/);
  const of = ["run/model.safetensors", "table.csv"];
  const predicted = await runTask("predict", of, { from });
  assert.equal(predicted.code, 0, predicted.stderr);
  const [head, ...lines] = predicted.stdout.trimEnd().split("\n");
  assert.equal(head, "class,set");
  // A set is a line of CSV itself, so that any label can be in it.
  const sets = [
    ...["ash,ash", '"oak, red","""oak, red"""', 'ash,"ash,""oak, red"""'],
    '"oak, red","ash,""oak, red"""',
  ];
  for (const line of lines) assert.ok(sets.includes(line), line);
  const evaluated = await runTask("evaluate", [...of, "--json"], { from });
  assert.equal(JSON.parse(evaluated.stdout).coverage.asked, 0.9);
  const short = await runTask("inspect", of.slice(0, 1), { from });
  assert.match(short.stdout, /^Intervals or class sets hold 90\.00 % of new rows, by 38 held-out/m);
});

Deno.test("predict writes the ends of the intervals of numbers", async () => {
  const from = folderWithTable();
  const args = ["table.csv", "--target", "a", "--task", "regression", ...tinyOptions()];
  const run = [...args, "--coverage", "0.8", "--out", "run"];
  const { code, stdout, stderr } = await runTask("train", run, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Coverage: \d+\.\d\d % of the rows are in intervals \S+ wide/m);
  const { quantile } = load(`${from}/run/model.safetensors`).conformal!;
  const predicted = await runTask("predict", ["run/model.safetensors", "table.csv"], { from });
  const [head, ...lines] = predicted.stdout.trimEnd().split("\n");
  assert.equal(head, "a,lower,upper");
  for (const line of lines) {
    const [value, lower, upper] = line.split(",").map(Number);
    assert.ok(
      Math.abs(value - quantile - lower) < 1e-5 && Math.abs(value + quantile - upper) < 1e-5,
    );
  }
  const few = await runTask("train", [...args, "--coverage", "0.99", "--out", "few"], { from });
  assert.equal(few.code, 2);
  assert.match(
    few.stderr,
    /Cannot hold a share of 0\.99 of new rows: found 38 held-out rows, need 99/,
  );
});
