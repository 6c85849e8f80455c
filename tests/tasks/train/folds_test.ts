import assert from "node:assert/strict";
import { load } from "../../../lib/model/model_file.ts";
import { isThere, namesIn, newFolder, readBytes, readJsonFile, writeFile } from "../../files.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinyOptions, tinyTable } from "../tiny_run.ts";

const ARGS = ["table.csv", "--target", "class", ...tinyOptions()];

Deno.test("train --folds scores every fold, and then trains on all rows", async () => {
  const from = folderWithTable();
  const args = [...ARGS, "--folds", "3", "--out", "run"];
  const { code, stdout, stderr } = await runTask("train", [...args, "--json"], { from });
  assert.equal(code, 0, stderr);
  const { scores, folds, model } = JSON.parse(stdout);
  assert.equal(folds.length, 3);
  const accuracies: number[] = folds.map(({ accuracy }: { accuracy: number }) => accuracy);
  const mean = accuracies.reduce((sum, one) => sum + one, 0) / 3;
  const deviation = Math.sqrt(accuracies.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2);
  assert.ok(Math.abs(scores.accuracy.mean - mean) < 1e-12);
  assert.ok(Math.abs(scores.accuracy.deviation - deviation) < 1e-12);
  assert.deepEqual(namesIn(`${from}/run`), ["all", "fold-1", "fold-2", "fold-3", "folds.json"]);
  assert.deepEqual(folds.map(({ testRows }: { testRows: number }) => testRows), [80, 80, 80]);
  assert.equal(model, `${from}/run/all/model.safetensors`);
  // All rows: a fifth of them choose the members, none are tested on.
  assert.equal(readJsonFile(`${from}/run/all/record.json`).testRows, 0);
  // Network and columns are told once.
  assert.equal(stderr.match(/^Columns: /gm)!.length, 1);
  assert.match(
    stderr,
    /^All rows: the model to use\n.*: 192 rows to train on, 48 to validate, 0 to/m,
  );

  // What is finished is not done again; a fold alone is repeated by its own configuration.
  const again = await runTask("train", ["--resume", "run"], { from });
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stderr, "");
  const [percent, spread] = [mean, deviation].map((share) => (100 * share).toFixed(2));
  assert.ok(
    again.stdout.includes(`│ mean ± sd │ 240       │ ${percent} ± ${spread}`),
    again.stdout,
  );
  assert.match(again.stdout, /The model has learned from all rows and is tested on none/);
  const fold = ["--config", "run/fold-2/config.json", "--out", "again", "--json"];
  const repeated = await runTask("train", fold, { from });
  assert.equal(repeated.code, 0, repeated.stderr);
  assert.equal(JSON.parse(repeated.stdout).accuracy, accuracies[1]);
});

/** A table with patients of five rows each, and days. */
function folderWithPatients(): string {
  const folder = newFolder();
  const [head, ...lines] = tinyTable({ rows: 200 }).trimEnd().split("\n");
  const day = (row: number) => new Date(Date.UTC(2024, 0, 1 + (row * 7) % 200)).toISOString();
  const rows = lines.map((line, row) =>
    `patient ${Math.floor(row / 5)},${day(row).slice(0, 10)},${line}`
  );
  writeFile(`${folder}/table.csv`, `${[`patient,day,${head}`, ...rows].join("\n")}\n`);
  return folder;
}

Deno.test("columns of groups and times make folds and are no features, in the final model neither", async () => {
  const from = folderWithPatients();
  const others = (name: string) => name === "patient" ? "day" : "patient";
  for (const [option, column] of [["--group", "patient"], ["--time", "day"]]) {
    const args = [...ARGS, "--folds", "4", option, column, "--ignore", others(column)];
    const run = await runTask("train", [...args, "--out", column, "--json"], { from });
    assert.equal(run.code, 0, run.stderr);
    const { folds } = JSON.parse(run.stdout);
    assert.deepEqual(
      folds.map(({ testRows }: { testRows: number }) => testRows),
      column === "patient" ? [50, 50, 50, 50] : [40, 40, 40, 40],
    );
    for (const part of ["fold-1", "all"]) {
      const { preprocessing } = load(`${from}/${column}/${part}/model.safetensors`);
      assert.deepEqual(preprocessing.featureNames, ["a", 'b, "quoted"', "c", "d"]);
    }
  }
});

Deno.test("folds that are stopped or killed go on, and end as if they never had", async () => {
  const from = folderWithTable();
  const options = [...ARGS.slice(0, 3), ...tinyOptions("fd", 400), "--folds", "2"];
  const straight = await runTask("train", [...options, "--out", "straight"], { from });
  assert.equal(straight.code, 0, straight.stderr);
  const start = async (args: string[], part: string, signal: Deno.Signal) => {
    const words = [...args, "--checkpoint-every", "0.02"];
    const process = taskProcess("train", words, { from }).spawn();
    const ended = process.output();
    for (const end = performance.now() + 60_000;;) {
      if (isThere(`${from}/run/${part}/checkpoint.safetensors`)) break;
      assert.ok(performance.now() < end, `no checkpoint in ${part}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.kill(signal);
    return await ended;
  };
  const killed = await start([...options, "--out", "run"], "fold-1", "SIGKILL");
  assert.notEqual(killed.code, 0);
  const stopped = await start(["--resume", "run"], "fold-2", "SIGINT");
  assert.equal(stopped.code, 130);
  const said = new TextDecoder().decode(stopped.stderr);
  assert.match(said, /^Stopped in fold-2\. Go on with: deno task .*train --resume .*run$/m);
  const { code, stderr } = await runTask("train", ["--resume", "run"], { from });
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /^fold 1 of 2$/m);
  for (const part of ["fold-1", "fold-2", "all"]) {
    const model = (run: string) => readBytes(`${from}/${run}/${part}/model.safetensors`);
    assert.deepEqual(model("run"), model("straight"));
  }
});

Deno.test("what does not go together with folds is said, and nothing is left behind", async () => {
  const from = folderWithPatients();
  const cases: [string[], RegExp][] = [
    [["--folds", "1"], /need 2 to 1000 folds/],
    [["--folds", "1e9"], /need 2 to 1000 folds/],
    [["--folds", "3", "--test-fraction", "0.1"], /Cannot combine --folds with --test-fraction/],
    [["--group", "patient"], /need --folds COUNT with --group or --time/],
    [["--folds", "3", "--group", "patient", "--time", "day"], /Cannot combine --group with --time/],
    [
      ["--folds", "3", "--time", "patient"],
      /line 2, column "patient": found "patient 0", need a number or a date/,
    ],
    [["--folds", "50", "--group", "patient"], /found 40 groups, need at least 50/],
    [["--folds", "3", "--group", "class"], /by "class": found the target, need another column/],
    [["--folds", "3", "--group", "patent"], /found no column "patent".*did you mean "patient"\?/],
  ];
  for (const [options, message] of cases) {
    const { code, stderr } = await runTask("train", [...ARGS, ...options, "--out", "run"], {
      from,
    });
    assert.equal(code, 2, `${options.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
    assert.ok(!isThere(`${from}/run`), options.join(" "));
  }
});
