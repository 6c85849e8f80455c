import assert from "node:assert/strict";
import { renderReport } from "../../../lib/reports/html_report.ts";
import { reportOfFolder } from "../../../lib/experiments/results/report.ts";
import { readEpochs } from "../../../lib/experiments/run/run_history.ts";
import { tInterval, wilsonInterval } from "../../../lib/statistics/intervals.ts";
import { readResults } from "../../../lib/experiments/results/results.ts";
import { tabulateResults } from "../../../lib/experiments/results/results_table.ts";
import { randomStream } from "../../../lib/random.ts";
import { strangeJson } from "../../files/mutation.ts";
import { newFolder, writeFile } from "../../files.ts";
import { assessClasses, assessNumbers } from "../../../lib/prediction/assessment.ts";
import { completeRecord } from "./complete_record.ts";
import { folderOfRuns, tablesOf, writeRun } from "./report_runs.ts";

Deno.test("readEpochs reads the epochs among a run's events", () => {
  const folder = newFolder();
  writeRun(folder, { file: "table.csv" }, { accuracy: 0.9 });
  assert.deepEqual(readEpochs(folder).map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(readEpochs(newFolder()), []);
  writeFile(`${folder}/events.jsonl`, '{"type":"batch"}\n{"type":');
  assert.throws(() => readEpochs(folder), /^SyntaxError: Cannot read ".*", line 2: found no JSON/);
});

Deno.test("the report of a run has its result, members, curve, operations, time and settings", async () => {
  const folder = newFolder();
  writeRun(folder, { file: "dataset:pol", seed: 7 }, { accuracy: 0.9 });
  const report = reportOfFolder(folder);
  assert.equal(report.title, "FD-TSE, ε = 20, seed 7 on pol");
  const { low, high } = wilsonInterval(180, 200);
  const rows = tablesOf(report, "Result")[0].rows;
  assert.deepEqual(rows[0], ["test accuracy (%)", "90.0"]);
  assert.equal(rows[1][1], `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`);
  assert.deepEqual(tablesOf(report, "Members")[0].rows, [
    ["member 1", "90.0", "55.0", 4, "1,500", "7.00e+2"],
    ["member 2", "90.0", "55.0", 6, "1,500", "3.00e+2"],
    ["ensemble", "90.0", null, null, "3,000", "1.00e+3"],
  ]);
  const operations = tablesOf(report, "Floating-point operations of training")[0].rows;
  assert.deepEqual(operations[0], ["forward products", "6.00e+2", "60.00"]);
  assert.deepEqual(operations.at(-1), ["all", "1.00e+3", "100.00"]);
  const settings = Object.fromEntries(tablesOf(report, "Settings")[0].rows);
  assert.equal(settings.hidden, "[1000,1000,1000]");
  assert.equal(settings.seed, "7");
  const html = await renderReport(report);
  assert.match(html, />member 2<.*>kept network</s);
});

Deno.test("the report of a run shows its predictions beside the truth of the test rows", async () => {
  const folder = newFolder();
  const probabilities = Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7);
  const assessment = assessClasses(probabilities, Int32Array.of(0, 0, 1, 1), ["no", "<b>yes</b>"]);
  writeRun(`${folder}/classes`, { file: "a.csv" }, { accuracy: 0.75, assessment });
  const report = reportOfFolder(`${folder}/classes`);
  assert.deepEqual(tablesOf(report, "Test rows")[0].rows, [
    ["no", "2", "100.0", "50.0", "66.7"],
    ["<b>yes</b>", "2", "66.7", "100.0", "80.0"],
    ["mean of the classes", "4", "83.3", "75.0", "73.3"],
  ]);
  const html = await renderReport(report);
  assert.match(html, /Baseline: always &quot;no&quot;, the most frequent class .*: 50\.0 % right/);
  assert.match(html, />Confusion matrix</);
  assert.match(html, />Reliability of the probabilities</);
  assert.doesNotMatch(html, /<b>yes/);

  const numbers = assessNumbers([1, 2, 4], [1, 2, 3], 2);
  writeRun(`${folder}/numbers`, { file: "a.csv", target: "price", task: "regression" }, {
    accuracy: null,
    assessment: numbers,
  });
  const ofNumbers = reportOfFolder(`${folder}/numbers`);
  assert.deepEqual(tablesOf(ofNumbers, "Test rows")[0].rows.at(-1), ["greatest", "0"]);
  assert.match(await renderReport(ofNumbers), />predicted price</);
});

Deno.test("the report of many runs gives every configuration an interval over its seeds", async () => {
  const report = reportOfFolder(folderOfRuns(), { title: "A study", curves: 2 });
  assert.equal(report.title, "A study");
  assert.equal(report.lead, "12 finished runs of 6 configurations on 2 data sets.");
  const [table] = tablesOf(report, "Results");
  assert.deepEqual(table.rows.map(([dataset, method]) => `${dataset} ${method}`), [
    "first FD-TSE",
    "first RD-TSE",
    "first EDST_RG",
    "second FD-TSE",
    "second RD-TSE",
    "second EDST_RG",
  ]);
  const { low, high } = tInterval([90.1, 90.2]);
  assert.deepEqual(table.rows[0].slice(2), [
    "ε = 20",
    2,
    "90.15",
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    "seeds",
  ]);
  assert.equal(tablesOf(report, "Runs")[0].rows.length, 12);
  const [differs, shared] = tablesOf(report, "Settings");
  assert.deepEqual(differs.rows.map(([key]) => key), ["file", "method", "refinement", "seed"]);
  assert.deepEqual(differs.rows.at(-1), ["seed", "1; 2"]);
  assert.ok(shared.rows.some(([key, value]) => key === "epochs" && value === "6"));
  const curves = report.sections.find(({ title }) => title === "Accuracy over the epochs")!;
  assert.equal(curves.blocks.filter(({ kind }) => kind === "figure").length, 2);
  const html = await renderReport(report);
  assert.match(html, /Mean ranks; a bar joins/);
  // FD-TSE is the best on both.
  assert.match(html, />FD-TSE \(1\.00\)</);
});

Deno.test("a report does without a test, and without events", async () => {
  const folder = newFolder();
  writeRun(`${folder}/1`, { file: "a.csv", seed: 1 }, { accuracy: null, events: false });
  writeRun(`${folder}/2`, { file: "a.csv", seed: 2 }, { accuracy: null, events: false });
  const report = reportOfFolder(folder);
  const [results] = tablesOf(report, "Results");
  assert.deepEqual(results.columns, ["data set", "method", "sparsity", "seeds"]);
  assert.match(await renderReport(report), /there is no events\.jsonl in its folder/);
  const single = reportOfFolder(`${folder}/1`);
  // What there is not is not a row of its own.
  assert.equal(tablesOf(single, "Result")[0].rows[0][0], "test rows");
});

Deno.test("the report of runs that predict numbers has their errors, and no empty columns", async () => {
  const folder = newFolder();
  const errors = [0.8, 0.9, 0.7].map((r2) => ({ rmse: 20 * (1 - r2), mae: 1, r2 }));
  const settings = { file: "a.csv", task: "regression", target: "price" };
  errors.forEach((regression, i) =>
    writeRun(`${folder}/${i}`, { ...settings, method: i < 2 ? "fd" : "rd", seed: i }, {
      accuracy: null,
      regression,
      coverage: { asked: 0.9, found: 0.875, width: 12 },
    })
  );
  const report = reportOfFolder(folder);
  const [table] = tablesOf(report, "Results");
  assert.deepEqual(table.columns, [
    ...["data set", "method", "sparsity", "seeds", "R²", "95 % interval of R²", "RMSE", "over"],
  ]);
  const { low } = tInterval([0.8, 0.9]);
  assert.deepEqual(table.rows.map((row) => row.slice(3)), [
    [2, "0.85", `${Number(low.toPrecision(4))} to 1`, "3", "seeds"],
    [1, "0.7", null, "6", null],
  ]);
  const [runs] = tablesOf(report, "Runs");
  assert.deepEqual(runs.columns.slice(5, 7), ["RMSE", "R²"]);
  assert.deepEqual(runs.rows.map((row) => row.slice(5, 7)), [
    ["4", "0.8"],
    ["2", "0.9"],
    ["6", "0.7"],
  ]);
  assert.deepEqual(tablesOf(report, "Members").map(({ caption }) => caption), [
    "FD-TSE, ε = 20, seed 0 on a",
    "RD-TSE, ε = 20, seed 2 on a",
  ]);
  const html = await renderReport(report);
  assert.match(html, />test R²</);
  assert.doesNotMatch(html, /ccuracy/);
  const single = reportOfFolder(`${folder}/0`);
  assert.deepEqual(tablesOf(single, "Result")[0].rows.slice(0, 4), [
    ["test RMSE", "4"],
    ["test MAE", "1"],
    ["test R²", "0.8"],
    ["test rows in their interval or set of classes (%)", "87.5 (asked for: 90.0)"],
  ]);
  assert.ok(single.sections.every(({ title }) => title !== "Accuracy over the epochs"));
  for (const one of [report, single]) {
    for (const block of one.sections.flatMap(({ blocks }) => blocks)) {
      if (block.kind !== "table") continue;
      const { columns, rows } = block.table;
      columns.forEach((name, c) => assert.ok(rows.some((row) => row[c] !== null), name));
    }
  }
});

Deno.test("an accuracy of weighted rows has no interval that counts rows", () => {
  const folder = newFolder();
  writeRun(`${folder}/1`, { file: "a.csv" }, { accuracy: 0.8, weighted: true });
  const [table] = tablesOf(reportOfFolder(folder), "Results");
  assert.deepEqual(table.columns.slice(3), ["seeds", "accuracy (%)"]);
});

Deno.test("reportOfFolder refuses a folder without finished runs", () => {
  const folder = newFolder();
  assert.throws(() => reportOfFolder(folder), {
    name: "RangeError",
    message: `Cannot report on "${folder}": found no finished run, need a folder with a ` +
      "record.json, or one with such folders in it",
  });
  assert.throws(() => reportOfFolder(`${folder}/none`), /^Error: Cannot read ".*none"/);
  assert.throws(() => reportOfFolder(folder, { curves: 0.5 }), {
    name: "RangeError",
    message: "Cannot report: found 0.5 curves, need an integer from 0",
  });
});

Deno.test("a report of 300 damaged records: each is named and left out, or is shown", async () => {
  const folder = newFolder();
  for (const seed of [1, 2]) {
    writeRun(`${folder}/${seed}`, { file: "a.csv", seed }, { accuracy: 0.5 });
  }
  writeRun(`${folder}/hurt`, { file: "a.csv", seed: 3 }, { accuracy: 0.5 });
  const errors = { rmse: 1, mae: 1, r2: 0.5 };
  const record = completeRecord({
    ...{ accuracy: 0.5, regression: errors },
    probabilities: { logLoss: 1, brier: 1, calibrationError: 0.1 },
  });
  const assessments = [
    assessClasses(Float32Array.of(0.9, 0.1, 0.4, 0.6), Int32Array.of(0, 0), ["no", "yes"]),
    assessNumbers([1, 2, 4], [1, 2, 3], 2),
  ];
  let [left, shown] = [0, 0];
  for (let round = 0; round < 300; round++) {
    const random = randomStream(9, "record damage", round);
    const own: unknown = { ...record, assessment: assessments[round % 2] };
    const text = JSON.stringify(strangeJson(own as Parameters<typeof strangeJson>[0], random));
    writeFile(`${folder}/hurt/record.json`, text);
    const report = reportOfFolder(folder);
    const damaged: string[] = [];
    tabulateResults(readResults(folder, (name) => damaged.push(name)));
    const [, message] = /Left out, because damaged: hurt \((.*)\)\.$/.exec(report.lead!) ?? [];
    assert.equal(damaged.length, message === undefined ? 0 : 1);
    assert.equal(tablesOf(report, "Results")[0].rows[0][3], 3 - damaged.length, text);
    if (message === undefined) {
      reportOfFolder(`${folder}/hurt`);
      shown++;
    } else {
      assert.match(message, /^Cannot read ".*hurt\/record\.json": found .{1,130}, need .{1,60}$/);
      assert.throws(() => reportOfFolder(`${folder}/hurt`), { message });
      left++;
    }
  }
  assert.ok(left > 100 && shown > 20, `${left} left out, ${shown} shown`);

  // Neither a damaged configuration nor damaged events stop it.
  writeFile(`${folder}/hurt/record.json`, JSON.stringify(record));
  for (const event of ["null", "[]", '{"type":"epoch"}', '{"type":"epoch","epoch":1e999}', "{"]) {
    writeFile(`${folder}/hurt/events.jsonl`, `${event}\n`);
    assert.throws(
      () => readEpochs(`${folder}/hurt`),
      /^SyntaxError: Cannot read ".*events\.jsonl"/,
    );
    assert.match(
      await renderReport(reportOfFolder(`${folder}/hurt`)),
      /events\.jsonl.*(found|line 1)/,
    );
  }
  for (
    const config of [
      "",
      "\u001b[2J",
      "null",
      '{"file":3}',
      '{"file":"a","target":"b","\\u001b[2J":1}',
    ]
  ) {
    writeFile(`${folder}/hurt/config.json`, config);
    const { lead } = reportOfFolder(folder);
    assert.match(
      lead!,
      /^2 finished runs .* Left out, because damaged: hurt \(Cannot [^\p{Cc}]+\)\.$/u,
    );
  }
});
