import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { isThere, namesIn, newFolder, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask, taskProcess } from "../run_task.ts";
import { folderWithTable, tinySettings } from "../tiny_run.ts";

const { target: _, ...settings } = tinySettings();

function folderWithContenders(): string {
  const from = folderWithTable();
  writeFile(
    `${from}/contenders.json`,
    JSON.stringify({ ours: settings, wider: { ...settings, hidden: [32, 32] } }),
  );
  return from;
}

const ARGS = ["table.csv", "--target", "class", "--contenders", "contenders.json", "--no-trees"];
const REPORT = [
  "accuracy.csv",
  "comparison.json",
  "comparison.jsonl",
  "report.html",
  "report.md",
  "score-seconds.svg",
];

Deno.test("compare writes scores and a report, which the folder alone gives again", async () => {
  const from = folderWithContenders();
  const args = [...ARGS, "--seeds", "1,2", "--out", "out", "--title", "Tiny"];
  const { code, stdout, stderr } = await runTask("compare", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ table +│ ours/);
  const out = `${from}/out`;
  assert.deepEqual(namesIn(out), REPORT);
  assert.match(
    readText(`${out}/report.md`),
    /^# Tiny\n\n2 methods \(ours; wider\) on 1 data set \(table\)/,
  );
  assert.equal(readText(`${out}/accuracy.csv`).split("\n").length, 1 + 4 + 1);
  const contents = REPORT.map((name) => readText(`${out}/${name}`));
  assert.ok(contents.every((text) => !text.includes(from)));

  for (const name of ["accuracy.csv", "report.md"]) await Deno.remove(`${out}/${name}`);
  const again = await runTask("compare", ["--from-records", "--out", "out"], { from });
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stdout, stdout);
  assert.deepEqual(REPORT.map((name) => readText(`${out}/${name}`)), contents);

  // Nothing is run twice; a line that was cut off is a score that is missing.
  const [first, second, third, fourth] = contents[2].split("\n");
  writeFile(`${out}/comparison.jsonl`, `${first}\n${second}\n${third}\n${fourth.slice(0, 30)}`);
  const resumed = await runTask("compare", args, { from });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual(resumed.stderr.match(/^table, seed .*$/gm), ["table, seed 2: wider …"]);
  const lines = readText(`${out}/comparison.jsonl`).split("\n");
  assert.deepEqual(lines.slice(0, 3), [first, second, third]);
  assert.equal(JSON.parse(lines[3]).accuracy, JSON.parse(fourth).accuracy);

  // Scores of a time before there was a setting are gone on with.
  const described = readJsonFile(`${out}/comparison.json`);
  for (const contender of Object.values(described.contenders)) {
    delete (contender as Record<string, unknown>).calibration;
  }
  writeFile(`${out}/comparison.json`, JSON.stringify(described));
  const older = await runTask("compare", args, { from });
  assert.equal(older.code, 0, older.stderr);
  assert.equal(readJsonFile(`${out}/comparison.json`).contenders.ours.calibration, "none");

  // So are those of a time before the rows had a digest; with one, other numbers are other rows.
  const whole = readJsonFile(`${out}/comparison.json`);
  const { digest, ...sizes } = whole.datasets.table;
  assert.match(digest, /^[0-9a-f]{64}$/);
  writeFile(`${out}/comparison.json`, JSON.stringify({ ...whole, datasets: { table: sizes } }));
  assert.equal((await runTask("compare", args, { from })).code, 0);
  assert.equal(readJsonFile(`${out}/comparison.json`).datasets.table.digest, digest);
  const table = readText(`${from}/table.csv`);
  writeFile(`${from}/table.csv`, table.replace(/\n-?[\d.]+,/, "\n0.5,"));
  const corrected = await runTask("compare", args, { from });
  assert.equal(corrected.code, 2);
  assert.match(corrected.stderr, /"table" had other rows when its scores were made/);
  writeFile(`${from}/table.csv`, table);

  // Scores of another split or other settings would not be comparable.
  const split = await runTask("compare", [...args, "--test-fraction", "0.3"], { from });
  assert.equal(split.code, 2);
  assert.match(
    split.stderr,
    /^Cannot go on with the comparison: .* 0\.2 of the rows held out, found 0\.3/,
  );
  writeFile(`${from}/contenders.json`, JSON.stringify({ ours: { ...settings, epochs: 9 } }));
  const other = await runTask("compare", args, { from });
  assert.equal(other.code, 2);
  assert.match(other.stderr, /"ours" had other settings/);
});

Deno.test("a contender may have settings of its own on a data set", async () => {
  const from = folderWithContenders();
  const onDatasets = { other: { hidden: [9, 9] }, table: { hidden: [12, 10] } };
  const contenders = {
    dense: { ...settings, method: "dense", members: 1, explore: 0, onDatasets },
    asGiven: { ...settings, method: "dense", members: 1, explore: 0, hidden: [12, 10] },
  };
  const write = (value: unknown) => writeFile(`${from}/contenders.json`, JSON.stringify(value));
  write(contenders);
  const args = [...ARGS, "--seeds", "1", "--out", "out"];
  const { code, stderr } = await runTask("compare", args, { from });
  assert.equal(code, 0, stderr);
  const [own, given] = readText(`${from}/out/comparison.jsonl`).trim().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual([own.weights, own.accuracy], [given.weights, given.accuracy]);
  const report = readText(`${from}/out/report.md`);
  assert.match(report, /dense has its own hidden on every data set\./);
  assert.match(report, /\| data set \| hidden neurons \|.*\n.*\n\| table \| 12, 10 \|/);
  assert.deepEqual(
    readJsonFile(`${from}/out/comparison.json`).contenders.dense.onDatasets,
    onDatasets,
  );

  // The same goes on, and with other widths it does not.
  assert.equal((await runTask("compare", args, { from })).code, 0);
  const others = { ...onDatasets, table: { hidden: [12, 11] } };
  write({ dense: { ...contenders.dense, onDatasets: others } });
  const changed = await runTask("compare", args, { from });
  assert.equal(changed.code, 2);
  assert.match(changed.stderr, /"dense" had other settings/);
  for (
    const [onDatasets, message] of [
      [[1], /found .* as onDatasets, need an object of data sets/],
      [{ table: 12 }, /found .* as onDatasets, need an object of data sets/],
      [{ table: { hiden: [12] } }, /hiden/],
    ] as const
  ) {
    write({ dense: { ...contenders.dense, onDatasets } });
    const wrong = await runTask("compare", args, { from });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, message);
  }
});

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

Deno.test("three methods on two data sets have a figure", async () => {
  const from = newFolder();
  await Deno.mkdir(`${from}/out`);
  const lines = ["x", "y"].flatMap((dataset) =>
    ["ours", "trees", "stump"].map((name, n) =>
      JSON.stringify({
        ...{ name, dataset, seed: 1, accuracy: 0.9 - 0.1 * n, testRows: 50, fitSeconds: 1 },
        ...{ predictSeconds: 1, modelBytes: 1, weights: null, density: null, flops: null },
      })
    )
  );
  writeFile(`${from}/out/comparison.jsonl`, `${lines.join("\n")}\n`);
  const args = ["--from-records", "--out", "out"];
  assert.equal((await runTask("compare", args, { from })).code, 0);
  assert.match(readText(`${from}/out/critical-difference.svg`), /^<svg /);
  writeFile(`${from}/out/comparison.jsonl`, `${lines.slice(0, 3).join("\n")}\n`);
  assert.equal((await runTask("compare", [...args, "--title", "One"], { from })).code, 0);
  // A figure of other scores would be wrong beside these.
  assert.ok(!isThere(`${from}/out/critical-difference.svg`));
  assert.match(readText(`${from}/out/report.md`), /^# One\n/);
  assert.deepEqual(readJsonFile(`${from}/out/comparison.json`), { title: "One" });
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

Deno.test("what is not installed is left out with the command that installs it", async () => {
  const from = folderWithContenders();
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", "import sys; print(sys.executable)"],
  }).output();
  const python = new TextDecoder().decode(stdout).trim();
  // An interpreter without any library.
  writeFile(`${from}/python3`, `#!/bin/sh\nexec '${python}' -S -E "$@"\n`);
  await Deno.chmod(`${from}/python3`, 0o755);
  const env = { PATH: `${from}:${Deno.env.get("PATH")}` };
  const args = ARGS.slice(0, -1).concat("--seeds", "1");
  const { code, stderr } = await runTask("compare", args, { from, env });
  assert.equal(code, 0, stderr);
  const packages = { "scikit-learn": "sklearn", XGBoost: "xgboost", CatBoost: "catboost" };
  for (const [name, module] of Object.entries(packages)) {
    const wanted =
      `${name} is left out: found no module "${module}", need it: python3 -m pip install ` +
      (module === "sklearn" ? name : module);
    assert.ok(stderr.split("\n").includes(wanted), stderr);
  }
  const named = await runTask("compare", [...args, "--peers", "lightgbm"], { from, env });
  assert.equal(named.code, 2);
  assert.match(
    named.stderr,
    /^Cannot compare with LightGBM: found no module "lightgbm", need it: /,
  );
});

Deno.test("test rows may come from a file of their own", async () => {
  const from = folderWithContenders();
  const lines = readText(`${from}/table.csv`).trim().split("\n");
  writeFile(`${from}/more.csv`, `${lines.slice(0, 31).join("\n")}\n`);
  const args = [...ARGS, "--test", "more.csv", "--seeds", "1,2", "--workers", "2", "--out", "out"];
  const { code, stderr } = await runTask("compare", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(readText(`${from}/out/report.md`), /\| 30 of their own \|/);
  const two = await runTask("compare", [...args, "other.csv"], { from });
  assert.equal(two.code, 2);
  assert.match(two.stderr, /^Cannot use --test here: need one file/);
});

Deno.test("peers are chosen by name, and the older name of --no-peers holds", async () => {
  const from = folderWithContenders();
  const args = ARGS.slice(0, -1).concat("--seeds", "1");
  const wrong: [string[], RegExp][] = [
    [["--peers", "catbost"], /^Cannot compare with the peer "catbost": need one of "hist", /],
    [
      ["--no-peers", "--equal-budget", "theirs"],
      /for as long as "theirs": need one of "ours"|LightGBM/,
    ],
    [["--without", "x"], /^Cannot use --without here: need --from-records\n$/],
  ];
  for (const [more, message] of wrong) {
    const { code, stderr } = await runTask("compare", [...args, ...more], { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  for (const none of ["--no-peers", "--no-trees"]) {
    const { code, stdout, stderr } = await runTask("compare", [...args, none], { from });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /│ ours /);
    assert.doesNotMatch(stdout + stderr, /Forest|left out/);
  }
});

Deno.test("what is wrong is said in one sentence", async () => {
  const from = newFolder();
  writeFile(`${from}/comparison.jsonl`, "{}\n");
  writeFile(`${from}/a.csv`, "b,c\n1,no\n2,\n");
  writeFile(`${from}/full.csv`, "b,c\n1,no\n2,yes\n");
  writeFile(`${from}/none.json`, "{}");
  const nothing = ["full.csv", "--target", "c", "--contenders", "none.json", "--no-peers"];
  const wrong: [string[], RegExp][] = [
    [[], /^Cannot compare: found no FILES, need a table or dataset:NAME\n$/],
    [["--from-records"], /^Cannot report a comparison: found no --out/],
    [["--from-records", "--out", "none"], /^Cannot report .*: found no scores in it/],
    [["--from-records", "--out", "."], /comparison\.jsonl": found .* line 1, need /],
    [["no.csv"], /^Cannot read .*no\.csv": found no such file/],
    [["a.csv"], /^Cannot compare on .*a\.csv": need --target COLUMN, one of "b", "c"\n$/],
    [["a.csv", "--target", "c"], /line 3, column "c": found .*; --missing-target skip .*leaves /],
    [nothing, /^Cannot compare: found no contender and no peer, need one of them\n$/],
    [["a.csv", "b/a.csv", "--target", "c"], /^Cannot compare: found two tables of the name "a"/],
    [
      ["full.csv", "--target", "c", "--peers", "nobody", "--out", "out"],
      /^Cannot compare with the peer "nobody": need one of "hist", .*\n$/,
    ],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await runTask("compare", args, { from });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  // The next comparison may have other rows.
  assert.ok(!isThere(`${from}/out`));
});

Deno.test("tables with gaps, text and numbers to predict are compared as they are", async () => {
  const from = newFolder();
  const lines = Array.from({ length: 240 }, (_, row) => {
    const size = row % 9 === 0 ? "" : `${row % 24}`;
    const colour = ["red", "green", "?", "blue"][row % 4];
    return `${row},${size},${colour},${row % 3},${(row % 24) + 10 * (row % 4)}`;
  });
  // A row without a target that is left out.
  lines.push("240,1,red,1,");
  writeFile(`${from}/prices.csv`, `id,size,colour,kind,price\n${lines.join("\n")}\n`);
  // Its defaults are those for numbers, which classes have otherwise.
  const modern = { recipe: "modern", hidden: [8], epochs: 1, members: 1, trials: 0 };
  writeFile(`${from}/ours.json`, JSON.stringify({ ours: settings, modern }));
  const args = ["prices.csv", "--target", "price", "--task", "regression", "--no-trees"].concat(
    ...["--contenders", "ours.json", "--seeds", "1", "--out", "out"],
    ...["--ignore", "id", "--categorical", "colour,kind", "--missing-target", "skip"],
  );
  const { code, stdout, stderr } = await runTask("compare", args, { from });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ R² /);
  assert.match(stderr, /^prices: Rows that are left out, without "price": 1$/m);
  const report = readText(`${from}/out/report.md`);
  assert.match(report, /Missing values: .*Text: /);
  // Of 240 rows every ninth and every fourth have a gap each.
  assert.match(report, /\| prices \| 240 \| 3 \| 2 \| 87 \| held out \|/);
  assert.match(readText(`${from}/out/accuracy.csv`), /^dataset,method,seed,r2,/);
  const again = await runTask("compare", args.with(4, "classification"), { from });
  assert.equal(again.code, 2);
  assert.match(again.stderr, /"ours" had other settings/);
});
