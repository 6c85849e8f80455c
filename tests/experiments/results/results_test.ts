import assert from "node:assert/strict";
import {
  filterResults,
  groupResults,
  varyingKeys,
} from "../../../lib/experiments/results/result_groups.ts";
import { resultValue, settingValue } from "../../../lib/experiments/results/result_values.ts";
import { readResults, type Result } from "../../../lib/experiments/results/results.ts";
import { compareResults } from "../../../lib/experiments/results/results_comparison.ts";
import {
  comparisonRows,
  csvText,
  parquetBytes,
  runRows,
  tableRows,
} from "../../../lib/experiments/results/results_export.ts";
import { tabulateResults } from "../../../lib/experiments/results/results_table.ts";
import { settingsInCommon } from "../../../lib/experiments/results/run_groups.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { runHash } from "../../../lib/experiments/run/run_hash.ts";
import { newFolder, writeFile } from "../../files.ts";
import { completeRecord } from "./complete_record.ts";

/** What runs have that name neither a method nor a recipe. */
const PAPER = { method: "fd" };

/** A finished run that says what it is told to. */
function result(settings: Record<string, unknown>, accuracy: number | null): Result {
  const config = completeConfig({ file: "dataset:pol", target: "target", ...PAPER, ...settings });
  const members = [{ accuracy }, { accuracy: accuracy === null ? null : accuracy - 0.1 }];
  const record = {
    accuracy,
    members,
    density: 0.25,
    flops: { counted: 1e9 },
    kernels: "wasm",
    seconds: { train: 1 },
  };
  return {
    hash: runHash(config),
    folder: "",
    config,
    record: record as unknown as Result["record"],
  };
}

/** Runs of a method with seeds 1, 2, …. */
function seeds(settings: Record<string, unknown>, ...accuracies: number[]): Result[] {
  return accuracies.map((accuracy, i) => result({ ...settings, seed: i + 1 }, accuracy));
}

/** Numbers that may differ in their last digits. */
function assertNear(found: readonly (number | null)[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i]! - value) < 1e-9, `found ${found[i]}, need ${value}`);
  });
}

const FD = [0.70, 0.72, 0.71, 0.75];
const EDST = [0.69, 0.73, 0.68, 0.70];

/** Mean, deviation and ends of `scipy.stats.t.interval(0.95, 3, mean, deviation / 2)` of these. */
const MEAN_OF_FD = [0.72, 0.021602468994692887, 0.6856256511814168, 0.7543743488185831];
/** The same of the differences. */
const MEAN_OF_DIFFERENCES = [
  0.02,
  0.02581988897471612,
  -0.021085205135210436,
  0.061085205135210416,
];

Deno.test("readResults takes finished runs only, whatever their folder is called, by name", () => {
  const folder = newFolder();
  const write = (name: string, seed: number, files: Record<string, string>) => {
    Deno.mkdirSync(`${folder}/${name}`);
    const config = completeConfig({ file: "a.csv", target: "b", seed });
    writeFile(`${folder}/${name}/config.json`, JSON.stringify(config));
    for (const [file, text] of Object.entries(files)) writeFile(`${folder}/${name}/${file}`, text);
    return runHash(config);
  };
  const one = write("x", 1, { "record.json": JSON.stringify(completeRecord({ accuracy: 0.5 })) });
  const two = write("y", 2, { "record.json": JSON.stringify(completeRecord({ accuracy: 0.6 })) });
  write("z", 3, { "failure.json": "{}" });
  Deno.mkdirSync(`${folder}/empty`);
  writeFile(`${folder}/notes.txt`, "");
  const results = readResults(folder);
  assert.deepEqual(results.map(({ hash }) => hash), [one, two].sort());
  assert.equal(results.find(({ hash }) => hash === two)!.record.accuracy, 0.6);
  assert.equal(results.find(({ hash }) => hash === two)!.folder, `${folder}/y`);

  writeFile(`${folder}/x/record.json`, `{"accuracy"`);
  assert.throws(() => readResults(folder), { name: "SyntaxError", message: /x\/record\.json": / });
  const damaged: string[] = [];
  const left = readResults(folder, (name, { message }) => damaged.push(`${name}: ${message}`));
  assert.deepEqual(left.map(({ hash }) => hash), [two]);
  assert.equal(damaged.length, 1);
  assert.match(damaged[0], /^x: Cannot read ".*x\/record\.json": /);
  assert.throws(() => readResults(`${folder}/none`), /none": there is no such file or folder$/);
});

Deno.test("a value is what came out, a setting what was asked for, and an unknown name is told", () => {
  const run = result({ density: null, hidden: [5, 6] }, 0.5);
  const values = ["density", "kernels", "members", "hidden", "dataset", "flops.counted"];
  assert.deepEqual(values.map((name) => resultValue(run, name)), [
    ...[0.25, "wasm", 5, "5,6", "pol", 1e9],
  ]);
  assert.deepEqual(["density", "kernels"].map((name) => settingValue(run, name)), [null, "auto"]);
  assertNear([resultValue(run, "memberAccuracy") as number], [0.45]);
  assert.throws(() => resultValue(run, "acuracy"), /^RangeError: Cannot find .*did you mean "acc/);
  assert.throws(() => resultValue(run, "flops"), /nothing of this name/);
});

Deno.test("folds are told apart, and the weights of rows from a record's number of weights", () => {
  const folds = [1, 2].map((fold) => result({ fold: { fold, of: 2, group: "house" } }, fold / 10));
  const all = result({ testFraction: 0, ignore: ["house"] }, null);
  const { groupBy, rows } = tabulateResults([...folds, all]);
  assert.deepEqual(groupBy, ["fold"]);
  assert.deepEqual(rows.map(({ key, values }) => [key.fold, values.accuracy?.mean]), [
    ["1 of 2", 0.1],
    ["2 of 2", 0.2],
    [null, undefined],
  ]);
  const weighted = result({ weights: "count" }, 0.5);
  const runs = [result({}, 0.5), weighted].map((run) => ({
    ...run,
    record: { ...run.record, weights: 700 },
  }));
  assert.deepEqual(varyingKeys(runs), ["weights"]);
  assert.deepEqual(runs.map((run) => settingValue(run, "weights")), [null, "count"]);
  assert.equal(resultValue(runs[1], "weights"), 700);
  assert.deepEqual(settingsInCommon(runs).varied, [["weights", ["count", "null"]]]);
});

Deno.test("a run that streams its rows stands beside one that has them in memory", () => {
  const runs = [result({}, 0.5), result({ memory: 1_000_000 }, 0.4)];
  assert.deepEqual(varyingKeys(runs), ["memory"]);
  assert.deepEqual(runs.map((run) => settingValue(run, "memory")), [null, 1_000_000]);
  assert.deepEqual(runs.map((run) => resultValue(run, "memory")), [null, 1_000_000]);
  assert.deepEqual(settingsInCommon(runs).varied, [["memory", ["1000000", "null"]]]);
  // All that only some runs store.
  for (const key of ["weights", "fold", "memory"]) assert.equal(settingValue(runs[0], key), null);
});

Deno.test("runs that predict numbers show their errors where classes show accuracy", () => {
  const classes = result({}, 0.5);
  const run = result({ task: "regression" }, null);
  const regression = { rmse: 3, mae: 2, r2: 0.75 } as Result["record"]["regression"];
  const numbers: Result = { ...run, record: { ...run.record, regression } };
  const shown = (...results: Result[]) => {
    const { columns, rows } = tabulateResults(results, { groupBy: [] });
    const { values } = rows[0];
    return columns.slice(0, -2).map((column) => [column, values[column]!.mean]);
  };
  assert.deepEqual(shown(numbers), [["rmse", 3], ["r2", 0.75]]);
  assert.deepEqual(shown(classes, numbers), [
    ...[["accuracy", 0.5], ["memberAccuracy", 0.45], ["rmse", 3], ["r2", 0.75]],
  ]);
});

Deno.test("runs whose candidates differ are told apart, as JSON", () => {
  const runs = [
    ...seeds({ recipe: "modern", method: "set", members: 2 }, 0.9, 0.8),
    ...seeds({ recipe: "modern", method: "set", members: 2, candidates: [{ dropout: 0.5 }] }, 0.7),
  ];
  assert.deepEqual(varyingKeys(runs), ["candidates"]);
  assert.equal(settingValue(runs[2], "candidates"), '[{"dropout":0.5}]');
  const { rows } = tabulateResults(runs, { columns: ["accuracy"] });
  assert.deepEqual(rows.map(({ runs }) => runs).sort(), [1, 2]);
  assert.equal(filterResults(runs, ['candidates=[{"dropout":0.5}]']).length, 1);
  // Recipes differ in far more, and are told apart by one name.
  assert.deepEqual(varyingKeys([...runs.slice(0, 2), ...seeds({ method: "fd" }, 0.7)]), ["method"]);
});

Deno.test("runs differ by what was varied, without the seed and what follows from the method", () => {
  const runs = ["fd", "set", "dense"].flatMap((method) =>
    [10, 20].flatMap((epsilon) => seeds({ method, epsilon }, 0.5, 0.6))
  );
  assert.deepEqual(varyingKeys(runs), ["method", "epsilon"]);
  assert.deepEqual(varyingKeys(seeds({}, 0.5, 0.6)), []);
  const more = [...runs, result({ dropout: 0.5, file: "builtin:segment", target: "class" }, 0.5)];
  assert.deepEqual(varyingKeys(more), ["dataset", "method", "epsilon"]);
  const groups = groupResults(runs.toReversed(), ["method", "epsilon"]);
  assert.deepEqual(groups.map(({ key }) => Object.values(key)), [
    ...[["fd", 10], ["fd", 20], ["set", 10], ["set", 20], ["dense", 10], ["dense", 20]],
  ]);
  assert.deepEqual(groups[0].results.map(({ config }) => config.seed), [1, 2]);
});

Deno.test("runs on other test rows or targets are told apart, and a strategy is always named", () => {
  const data = ["a.csv", "b.csv"].flatMap((test) => seeds({ test }, 0.5, 0.6));
  assert.deepEqual(varyingKeys(data), ["test"]);
  assert.deepEqual(tabulateResults(data, { columns: ["accuracy"] }).rows.map(({ runs }) => runs), [
    2,
    2,
  ]);
  const targets = [
    result({ file: "t.csv", target: "a" }, 1),
    result({ file: "t.csv", target: "b" }, 1),
  ];
  assert.deepEqual(varyingKeys(targets), ["target"]);
  const own = seeds({ method: "set", strategy: { name: "mine" } }, 0.5, 0.6);
  assert.deepEqual(varyingKeys([...own, ...seeds({ method: "fd" }, 0.7)]), ["method", "strategy"]);
  assert.deepEqual(varyingKeys(own), []);
});

Deno.test("filters take values, lists of them and what they are not", () => {
  const runs = ["fd", "edst", "set"].flatMap((method) => seeds({ method }, 0.5, 0.6));
  const found = (...conditions: string[]) =>
    filterResults(runs, conditions).map(({ config }) => `${config.method}${config.seed}`);
  assert.deepEqual(found("method=fd"), ["fd1", "fd2"]);
  assert.deepEqual(found("method=fd,set", "seed=2"), ["fd2", "set2"]);
  assert.deepEqual(found("method!=fd", "seed != 2"), ["edst1", "set1"]);
  assert.deepEqual(found("hidden=1000,1000,1000", "dataset=pol", "method=set"), ["set1", "set2"]);
  assert.deepEqual(found("seed=7"), []);
  assert.throws(
    () => found("method"),
    /^SyntaxError: Cannot filter runs: found "method", need KEY/,
  );
  assert.throws(() => found("metod=fd"), /did you mean "method"\?$/);
});

Deno.test("a table has the mean, deviation and interval that NumPy and SciPy have", () => {
  const runs = [...seeds({ method: "edst" }, ...EDST), ...seeds({ method: "fd" }, ...FD)];
  const table = tabulateResults([...runs, runs[0]], { columns: ["accuracy", "density"] });
  assert.deepEqual(table.groupBy, ["method"]);
  assert.deepEqual(table.rows.map(({ key, runs }) => [key.method, runs]), [["fd", 4], ["edst", 4]]);
  const { mean, sd, interval, count } = table.rows[0].values.accuracy!;
  assertNear([mean, sd, ...interval!], MEAN_OF_FD);
  assert.equal(count, 4);
  assert.deepEqual(table.rows[0].values.density!.interval, [0.25, 0.25]);
});

Deno.test("one run has no deviation, and runs that differ by more than the seed no interval", () => {
  const runs = [
    ...seeds({ method: "fd" }, 0.5, 0.6),
    result({ file: "builtin:segment", target: "class" }, 0.9),
  ];
  const { rows } = tabulateResults(runs, { groupBy: ["method"], columns: ["accuracy"] });
  assert.equal(rows.length, 1);
  assertNear([rows[0].values.accuracy!.mean], [2 / 3]);
  assert.equal(rows[0].values.accuracy!.interval, null);
  const { rows: [one] } = tabulateResults([runs[0]], { columns: ["accuracy"] });
  assert.deepEqual(one.values.accuracy, { mean: 0.5, sd: null, interval: null, count: 1 });
  const untested = [result({}, null)];
  assert.equal(tabulateResults(untested, { columns: ["accuracy"] }).rows[0].values.accuracy, null);
  assert.throws(
    () => tabulateResults(runs, { columns: ["method"] }),
    /^TypeError: Cannot take the mean of "method": found "fd", need numbers$/,
  );
});

Deno.test("a comparison pairs runs by seed and tells SciPy's interval and p-value", () => {
  const runs = [...seeds({ method: "fd" }, ...FD), ...seeds({ method: "edst" }, ...EDST, 0.1)];
  const { groups, overall, unpaired } = compareResults(runs, { first: "fd", second: "edst" });
  assert.equal(groups.length, 1);
  const [{ first, second, difference, greater, smaller, pValue }] = groups;
  assertNear([first, second], [0.72, 0.7]);
  assertNear([difference.mean, difference.sd, ...difference.interval!], MEAN_OF_DIFFERENCES);
  assert.equal(difference.count, 4);
  assert.deepEqual([greater, smaller], [3, 1]);
  // |0.01| and |-0.01| tie, though 0.70 - 0.69 and 0.73 - 0.72 are not the same double:
  // ranks 1.5, 1.5, 3, 4, T⁺ = 8.5, reached by 3 of 16 assignments of signs. SciPy agrees.
  assert.equal(pValue, 6 / 16);
  assert.equal(overall, null);
  assert.deepEqual(unpaired, { first: 0, second: 1 });
});

Deno.test("over data sets, each counts once, however many seeds it has", () => {
  const on = (dataset: string) => ({ file: `dataset:${dataset}`, target: "target" });
  const runs = [
    ...seeds({ ...on("pol"), method: "fd" }, ...FD),
    ...seeds({ ...on("pol"), method: "edst" }, ...EDST),
    ...seeds({ ...on("heloc"), method: "fd" }, 0.62),
    ...seeds({ ...on("heloc"), method: "edst" }, 0.58),
    ...seeds({ ...on("credit"), method: "edst" }, 0.5),
  ];
  const { groups, overall, unpaired } = compareResults(runs, { first: "fd", second: "edst" });
  assert.deepEqual(groups.map(({ key }) => key), [{ dataset: "heloc" }, { dataset: "pol" }]);
  assertNear([overall!.difference.mean, overall!.first], [0.03, 0.67]);
  assert.equal(overall!.difference.count, 2);
  assert.equal(overall!.pValue, 0.5);
  assert.deepEqual(unpaired, { first: 0, second: 1 });
});

Deno.test("runs of one data set or one seed are no independent values, whatever ε they have", () => {
  const fd = (epsilon: number) => ({ method: "fd", epsilon });
  const edst = (epsilon: number) => ({ method: "edst", epsilon });
  const runs = [
    ...seeds(fd(10), 0.71, 0.74, 0.76),
    ...seeds(edst(10), 0.7, 0.72, 0.73),
    ...seeds(fd(20), 0.72, 0.75, 0.79, 0.9),
    ...seeds(edst(20), 0.7, 0.72, 0.75, 0.1),
  ];
  const { groups, overall } = compareResults(runs, { first: "fd", second: "edst" });
  assert.deepEqual(groups.map(({ difference }) => difference.count), [3, 4]);
  // One value a seed: 1.5, 2.5 and 3.5 points. The fourth seed has no pair at ε = 10.
  const { unit, difference, pValue } = overall!;
  assert.deepEqual([unit, difference.count, pValue], ["seed", 3, 0.25]);
  // `scipy.stats.t.interval(0.95, 2, 0.025, 0.01 / 3 ** 0.5)`; six pairs would give 0.0140 to 0.0360.
  assertNear([difference.mean, difference.sd!, ...difference.interval!], [
    ...[0.025, 0.01, 0.00015862288276569838, 0.0498413771172343],
  ]);
  // Two densities of a data set are one value of it, and two values have no interval.
  const on = (dataset: string) => ({ file: `dataset:${dataset}`, target: "target" });
  const both = [
    ...runs,
    ...seeds({ ...fd(10), ...on("heloc") }, 0.5),
    ...seeds({ ...edst(10), ...on("heloc") }, 0.4),
  ];
  const over = compareResults(both, { first: "fd", second: "edst" }).overall!;
  assert.deepEqual([over.unit, over.difference.count, over.difference.interval], [
    "data set",
    2,
    null,
  ]);
});

Deno.test("other settings than the method are compared too, and nothing to compare is told", () => {
  const runs = [10, 20].flatMap((epsilon) =>
    ["fd", "rd"].flatMap((method) => seeds({ epsilon, method }, epsilon / 100, 0.3))
  );
  const { groups } = compareResults(runs, { by: "epsilon", first: "20", second: "10" });
  assert.deepEqual(groups.map(({ key }) => key.method), ["fd", "rd"]);
  assertNear(groups.map(({ difference }) => difference.mean), [0.05, 0.05]);
  const compare = (first: string, second: string) => () => compareResults(runs, { first, second });
  assert.throws(compare("fd", "set"), /^RangeError: .*none with method "set".*need one of fd, rd$/);
  assert.throws(compare("fd", "fd"), /"fd" twice/);
  const apart = [result({ method: "fd", seed: 1 }, 0.1), result({ method: "rd", seed: 2 }, 0.1)];
  assert.throws(
    () => compareResults(apart, { first: "fd", second: "rd" }),
    /^RangeError: Cannot compare runs: found no pair that agrees in seed$/,
  );
});

Deno.test("CSV quotes what must be quoted and leaves empty what is not there", () => {
  assert.equal(
    csvText([{ a: 'say "x, y"', b: null, c: 1.5 }, { a: "plain", b: true, c: -1e-9 }]),
    'a,b,c\n"say ""x, y""",,1.5\nplain,true,-1e-9\n',
  );
  const runs = seeds({ hidden: [3, 4] }, 0.5, 0.75);
  assert.equal(
    csvText(runRows(runs, ["hidden"], ["accuracy"])),
    `hash,hidden,seed,accuracy\n${runs[0].hash},"3,4",1,0.5\n${runs[1].hash},"3,4",2,0.75\n`,
  );
  const [row] = tableRows(tabulateResults(runs, { groupBy: ["method"], columns: ["accuracy"] }));
  assert.deepEqual(Object.keys(row), [
    ...["method", "runs", "accuracy", "accuracy_sd", "accuracy_low", "accuracy_high"],
  ]);
  const both = [...runs, ...seeds({ hidden: [3, 4], method: "rd" }, 0.4, 0.5)];
  const [compared] = comparisonRows(compareResults(both, { first: "fd", second: "rd" }));
  assert.deepEqual(Object.keys(compared), [
    ...["pairs", "first", "second", "difference", "difference_sd", "difference_low"],
    ...["difference_high", "greater", "smaller", "pValue"],
  ]);
});

const script = `
import sys, json, pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1])
print(json.dumps([[str(field.type) for field in table.schema], table.to_pylist()]))
`;

Deno.test({
  name: "pyarrow reads what is written as Parquet",
  ignore: !hasPyarrow(),
  fn: async () => {
    const rows = [
      { name: "fd", accuracy: 0.5, low: null, best: true, hidden: "3,4", none: null, mixed: 1 },
      { name: "größer", accuracy: 1e-9, low: 3, best: false, hidden: null, none: null, mixed: "a" },
    ];
    const path = `${newFolder()}/x.parquet`;
    writeFile(path, await parquetBytes(rows));
    const { code, stdout, stderr } = await new Deno.Command("python3", {
      args: ["-c", script, path],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const [types, found] = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(types, ["string", "double", "double", "bool", "string", "double", "string"]);
    assert.deepEqual(found, rows.map((row) => ({ ...row, mixed: `${row.mixed}` })));
  },
});

function hasPyarrow(): boolean {
  try {
    return new Deno.Command("python3", { args: ["-c", "import pyarrow"] }).outputSync().success;
  } catch {
    return false;
  }
}
