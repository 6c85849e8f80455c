import assert from "node:assert/strict";
import { isThere, namesIn, newFolder, readJsonFile, readText, writeFile } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { ARGS, folderWithContenders, REPORT, settings } from "./compared.ts";

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
