/** Comparisons in folders: by several processes, stopped, gone on with, and put together. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { isThere, namesIn, newFolder, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable } from "../tiny_run.ts";
import { ARGS, folderWithContenders, settings } from "./compared.ts";

Deno.test("Ctrl-C ends compare with status 130, and keeps the scores it has", async () => {
  const from = folderWithTable();
  const endless = { ...settings, epochs: 1_000_000 };
  writeFile(`${from}/contenders.json`, JSON.stringify({ ours: settings, endless }));
  const process = taskProcess("compare", [...ARGS, "--out", "out"], { from }).spawn();
  const ended = process.output();
  const scores = () => isThere(`${from}/out/comparison.jsonl`);
  for (const end = performance.now() + 60_000; !scores();) {
    assert.ok(performance.now() < end, "there is no score");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  assert.equal(code, 130, lines.join("\n"));
  assert.equal(stdout.length, 0);
  assert.ok(lines.includes("Stopping; Ctrl-C again stops at once"));
  assert.match(lines.at(-1)!, /^Stopped\. Go on with: deno task .*compare .*--out out/);
  assert.equal(readText(`${from}/out/comparison.jsonl`).split("\n").length, 2);
});

Deno.test("processes side by side give the scores of one, and go on with what was left", async () => {
  const from = folderWithContenders();
  writeFile(`${from}/other.csv`, readText(`${from}/table.csv`));
  const args = [...ARGS, "other.csv", "--seeds", "1,2"];
  const one = await runTask("compare", [...args, "--out", "one"], { from });
  assert.equal(one.code, 0, one.stderr);
  // Some scores, and a process that was killed, are there already.
  const lines = (folder: string) =>
    readText(`${from}/${folder}/comparison.jsonl`).trim().split("\n");
  await Deno.mkdir(`${from}/two/parts/7`, { recursive: true });
  for (const name of ["two", "two/parts/7"]) {
    writeFile(`${from}/${name}/comparison.json`, readText(`${from}/one/comparison.json`));
  }
  writeFile(`${from}/two/comparison.jsonl`, `${lines("one")[0]}\n`);
  writeFile(`${from}/two/parts/7/comparison.jsonl`, `${lines("one").at(-2)!}\n`);
  const two = await runTask("compare", [...args, "--workers", "2", "--out", "two"], { from });
  assert.equal(two.code, 0, two.stderr);
  const begun = two.stderr.match(/^(table|other), seed .*$/gm)!.sort();
  assert.deepEqual(begun, [
    ...["other, seed 1: ours …", "other, seed 1: wider …", "other, seed 2: wider …"],
    ...["table, seed 1: wider …", "table, seed 2: ours …", "table, seed 2: wider …"],
  ]);
  const scores = (folder: string) =>
    lines(folder).map((line) => {
      const { name, dataset, seed, accuracy, logLoss, weights } = JSON.parse(line);
      return { name, dataset, seed, accuracy, logLoss, weights };
    });
  assert.deepEqual(scores("two"), scores("one"));
  assert.deepEqual(namesIn(`${from}/two`), namesIn(`${from}/one`));
  assert.deepEqual(
    readJsonFile(`${from}/two/comparison.json`),
    readJsonFile(`${from}/one/comparison.json`),
  );

  const failing = [...ARGS.with(0, "none.csv"), "--workers", "2", "--out", "three"];
  const failed = await runTask("compare", failing, { from });
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /^Cannot read .*none\.csv": found no such file$/m);
  const nowhere = await runTask("compare", [...args, "--workers", "2"], { from });
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /^Cannot use --workers without --out, need a folder/);
});

Deno.test("comparisons are put together, and data sets left out, in a folder of their own", async () => {
  const from = newFolder();
  const line = (name: string, dataset: string, accuracy: number) =>
    JSON.stringify({
      ...{ name, dataset, seed: 1, accuracy, testRows: 50, fitSeconds: 1, predictSeconds: 1 },
      ...{ modelBytes: 1, weights: null, density: null, flops: null },
    }) + "\n";
  const names = ["ours", "trees", "stump"];
  const write = (folder: string, datasets: readonly string[], value = 0.9) => {
    mkdirSync(`${from}/${folder}`, { recursive: true });
    const lines = datasets.flatMap((dataset) =>
      names.map((name, n) => line(name, dataset, value - 0.1 * n))
    );
    writeFile(`${from}/${folder}/comparison.jsonl`, lines.join(""));
    const sizes = { rows: 250, features: 2, textFeatures: 0, missingCells: 0, classes: 2 };
    writeFile(
      `${from}/${folder}/comparison.json`,
      JSON.stringify({
        datasets: Object.fromEntries(datasets.map((name) => [name, { ...sizes, testRows: null }])),
        libraries: [`scikit-learn ${folder}`],
      }),
    );
  };
  write("a", ["x", "y"]);
  write("b", ["y", "z"]);
  const run = (...args: string[]) => runTask("compare", ["--from-records", ...args], { from });
  const both = await run("a", "b", "--out", "both", "--title", "Both");
  assert.equal(both.code, 0, both.stderr);
  assert.match(both.stdout, /│ 3 data sets │/);
  const report = readText(`${from}/both/report.md`);
  assert.match(report, /^# Both\n\n3 methods \(ours; trees; stump\) on 3 data sets \(x, y, z\)/);
  assert.match(report, /Trees: scikit-learn a, scikit-learn b,/);
  assert.equal(readText(`${from}/both/comparison.jsonl`).trim().split("\n").length, 9);

  const fewer = await run("both", "--without", "x", "--out", "fewer");
  assert.equal(fewer.code, 0, fewer.stderr);
  assert.match(readText(`${from}/fewer/report.md`), /on 2 data sets \(y, z\)/);
  assert.deepEqual(Object.keys(readJsonFile(`${from}/fewer/comparison.json`).datasets), ["y", "z"]);
  const before = namesIn(`${from}/both`).map((name) => readText(`${from}/both/${name}`));
  const shown = await run("--without", "x,y", "--out", "both");
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stderr, /^Nothing is written into the folder/m);
  assert.match(shown.stdout, /│ z +│/);
  assert.deepEqual(namesIn(`${from}/both`).map((name) => readText(`${from}/both/${name}`)), before);

  write("c", ["z"], 0.8);
  const wrong: [string[], RegExp][] = [
    [["a", "c", "b"], /found two scores of "ours" on "z" with seed 1, need one\n$/],
    [["a", "--without", "v"], /^Cannot leave out data sets: found "v", need some of "x", "y"\n$/],
    [["c", "--without", "z"], /^Cannot leave out data sets: found all of them/],
    [["a", "--without", "x", "--out", "both"], /^Cannot leave out "x": found scores of it in /],
    [["a", "none"], /^Cannot report .*none": found no scores in it/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await run(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
