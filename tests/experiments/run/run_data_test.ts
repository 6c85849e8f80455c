import assert from "node:assert/strict";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import {
  builtinData,
  dataDigest,
  dataPath,
  madeData,
  readRunData,
  type RunData,
} from "../../../lib/experiments/run/run_data.ts";
import { readText, writeFile } from "../../files.ts";
import { folderWithTable, tinyTable } from "../../tasks/tiny_run.ts";

Deno.test("readRunData holds rows out, the same ones for a seed, and none twice", async () => {
  const folder = folderWithTable({ rows: 100 });
  const config = (seed: number) =>
    completeConfig({ file: `${folder}/table.csv`, target: "class", testFraction: 0.3, seed });
  const { training, test, ignored } = await readRunData(config(1));
  assert.deepEqual(ignored, []);
  assert.equal(training.rows, 70);
  assert.equal(test?.rows, 30);
  const rowsOf = ({ features, rows, columns }: RunData["training"]) =>
    Array.from(
      { length: rows },
      (_, row) => features.subarray(row * columns, (row + 1) * columns).join(),
    );
  const all = [...rowsOf(training), ...rowsOf(test!)];
  assert.equal(new Set(all).size, 100);
  assert.deepEqual(rowsOf((await readRunData(config(1))).test!), rowsOf(test!));
  assert.notDeepEqual(rowsOf((await readRunData(config(2))).test!), rowsOf(test!));
});

Deno.test("readRunData takes the test rows of another file by the names of columns and classes", async () => {
  const folder = folderWithTable();
  const columns = ["class", "more", "d", "c", 'b, "quoted"', "a"];
  // The first rows' order of classes differs; their codes must not.
  writeFile(`${folder}/test.csv`, tinyTable({ rows: 50, seed: 1, columns }));
  const config = { file: `${folder}/table.csv`, target: "class", test: `${folder}/test.csv` };
  const { training, test, ignored } = await readRunData(completeConfig(config));
  assert.equal(training.rows, 240);
  assert.deepEqual(ignored, [{ file: `${folder}/test.csv`, columns: ["more"] }]);
  assert.deepEqual(test!.featureNames, training.featureNames);
  assert.deepEqual(test!.classes, training.classes);
  // The same rows, of the same seed, as the training file begins with.
  assert.deepEqual(test!.features, training.features.slice(0, 50 * 4));
  assert.deepEqual(test!.labels, training.labels.slice(0, 50));
});

Deno.test("test rows that are the training rows are said to be so", async () => {
  const folder = folderWithTable();
  const file = `${folder}/table.csv`;
  writeFile(`${folder}/copy.csv`, readText(file));
  writeFile(`${folder}/part.csv`, tinyTable({ rows: 50, seed: 1 }));
  for (const [test, isSame] of [["table", true], ["copy", true], ["part", false]] as const) {
    const config = completeConfig({ file, target: "class", test: `${folder}/${test}.csv` });
    const { remarks } = await readRunData(config);
    assert.equal(
      remarks.some((remark) => remark.startsWith("The test rows are the train")),
      isSame,
    );
  }
});

Deno.test("dataDigest tells every change of the rows, and no other", async () => {
  const folder = folderWithTable();
  const { training, test } = await readRunData(
    completeConfig({ file: `${folder}/table.csv`, target: "class" }),
  );
  const data: RunData = { training, test, ignored: [], remarks: [] };
  const digest = dataDigest(data);
  assert.match(digest, /^[0-9a-f]{64}$/);
  const elsewhere = { ...training, source: "elsewhere" };
  assert.equal(dataDigest({ ...data, training: elsewhere }), digest);
  const changes: RunData[] = [
    { ...data, training: { ...training, features: training.features.with(7, 0.125) } },
    { ...data, training: { ...training, labels: training.labels.map((label) => 1 - label) } },
    { ...data, training: { ...training, classes: training.classes.toReversed() } },
    { ...data, training: { ...training, featureNames: training.featureNames.toReversed() } },
    { ...data, test: { ...test!, features: test!.features.with(0, 0.125) } },
    { ...data, test: null },
    { ...data, training: test!, test: training },
  ];
  const digests = changes.map(dataDigest);
  assert.equal(new Set([digest, ...digests]).size, changes.length + 1);
});

Deno.test("builtinData and dataPath name the built-in table", async () => {
  assert.deepEqual(builtinData("segment"), { file: "builtin:segment", target: "class" });
  assert.match(dataPath("builtin:segment"), /segment\.csv\.gz$/);
  assert.equal(dataPath("table.csv"), "table.csv");
  const data = await readRunData(completeConfig(builtinData("segment")));
  assert.equal(data.training.rows + data.test!.rows, 2310);
});

Deno.test("rows without a group, and groups of one row each, are said to be so", async () => {
  const folder = folderWithTable({ rows: 60 });
  const [head, ...lines] = tinyTable({ rows: 60 }).trimEnd().split("\n");
  const remarksOn = async (groupOf: (row: number) => string) => {
    const rows = lines.map((line, row) => `${groupOf(row)},${line}`);
    writeFile(`${folder}/table.csv`, `${[`patient,${head}`, ...rows].join("\n")}\n`);
    const fold = { of: 3, fold: 1, group: "patient" };
    const config = completeConfig({ file: `${folder}/table.csv`, target: "class", fold });
    return await readRunData(config);
  };
  assert.deepEqual((await remarksOn((row) => `${row % 20}`)).remarks, []);
  assert.deepEqual((await remarksOn((row) => `${row}`)).remarks, [
    'Every row is a group of its own: no two have the same "patient"',
  ]);
  const { remarks, test } = await remarksOn((row) =>
    row < 30 ? ["", "NA", "?"][row % 3] : `${row}`
  );
  assert.deepEqual(remarks, ['Rows without "patient" are one group: 30']);
  assert.equal(test!.rows, 30);
  for (const one of ["all the same", ""]) {
    await assert.rejects(remarksOn(() => one), {
      name: "RangeError",
      message: /^Cannot make 3 folds of ".*": found 1 group, need at least 3$/,
    });
  }
});

Deno.test("readRunData makes a table that has no file, and refuses other uses of its columns", async () => {
  const made = completeConfig(madeData("narrow"));
  const { training, test } = await readRunData(made);
  assert.deepEqual([training.rows, test?.rows, training.columns], [320, 80, 64]);
  const message = /^Cannot use "made:narrow": found .*, need the target "class" alone$/;
  for (const other of [{ target: "x1" }, { ignore: ["x1"] }, { weights: "x1" }]) {
    const config = completeConfig({ ...madeData("narrow"), ...other });
    await assert.rejects(readRunData(config), { name: "TypeError", message });
  }
  assert.throws(() => dataPath("made:narrow"), {
    name: "TypeError",
    message: /need one in a file$/,
  });
});
