/** Names that tell runs apart, in reports and tables. */
import assert from "node:assert/strict";
import { renderReport } from "../../../lib/reports/html_report.ts";
import { reportOfFolder } from "../../../lib/experiments/results/report.ts";
import { completeConfig } from "../../../lib/experiments/run/run_config.ts";
import { nameOfRun, runNames } from "../../../lib/experiments/results/run_names.ts";
import { newFolder } from "../../files.ts";
import { tablesOf, writeRun } from "./report_runs.ts";

Deno.test("configurations of one method are told apart by what differs between them", () => {
  const folder = newFolder();
  [0.1, 0.01].forEach((learningRate, i) =>
    writeRun(`${folder}/${i}`, { file: "a.csv", learningRate, epsilon: 5 }, {
      accuracy: 0.8 + i / 10,
    })
  );
  writeRun(`${folder}/other`, { file: "a.csv", method: "rd", epsilon: 5 }, { accuracy: 0.7 });
  const [table] = tablesOf(reportOfFolder(folder), "Results");
  assert.deepEqual(table.rows.map((row) => row[1]), [
    "FD-TSE, learningRate 0.01",
    "FD-TSE, learningRate 0.1",
    "RD-TSE",
  ]);
  assert.equal(table.rows[0].at(-1), "test rows");
  // A run that is there twice counts once.
  writeRun(`${folder}/again`, { file: "a.csv", method: "rd", epsilon: 5 }, { accuracy: 0.7 });
  assert.deepEqual(tablesOf(reportOfFolder(folder), "Results")[0].rows, table.rows);
});

Deno.test("runs are told apart by any setting, wherever they are named", async () => {
  const folder = newFolder();
  const apart: Record<string, unknown>[] = [
    { blockSize: 8 },
    { density: 0.05 },
    { batchSize: 16 },
    { dropout: 0.1 },
    { file: "other/a.csv" },
  ];
  const all = [{}, ...apart].map((own) => ({ file: "a.csv", learningRate: 0.01, ...own }));
  all.forEach((own, i) => writeRun(`${folder}/${i}`, own, { accuracy: 0.8 }));
  const report = reportOfFolder(folder, { curves: 9 });
  for (const title of ["Results", "Runs"]) {
    const [{ columns, rows }] = tablesOf(report, title);
    const shown = ["data set", "method", "sparsity"].map((name) => columns.indexOf(name));
    const names = rows.map((row) => shown.map((c) => row[c]).join());
    assert.equal(new Set(names).size, all.length, names.join("\n"));
  }
  const html = await renderReport(report);
  const titles = new Set(
    Array.from(html.matchAll(/>(FD-TSE, [^<]* seed \d+ on [^<]*)</g), ([, title]) => title),
  );
  assert.equal(titles.size, all.length, [...titles].join("\n"));

  const names = runNames(
    all.map((own) => completeConfig({ target: "class", method: "fd", ...own })),
  )
    .map((name) => nameOfRun(name, 1));
  assert.deepEqual(names, [
    "FD-TSE, dropout 0.2, batchSize 128, ε = 20, seed 1 on a.csv",
    "FD-TSE, ε = 20, G = 8, seed 1 on a.csv",
    "FD-TSE, density 0.05, seed 1 on a.csv",
    "FD-TSE, dropout 0.2, batchSize 16, ε = 20, seed 1 on a.csv",
    "FD-TSE, dropout 0.1, batchSize 128, ε = 20, seed 1 on a.csv",
    "FD-TSE, dropout 0.2, batchSize 128, ε = 20, seed 1 on other/a.csv",
  ]);
});
