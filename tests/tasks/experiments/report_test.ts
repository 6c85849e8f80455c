import assert from "node:assert/strict";
import { isThere, readText } from "../../files.ts";
import { runTask } from "../run_task.ts";
import { folderWithTable, tinyOptions } from "../tiny_run.ts";

Deno.test("report writes what train found into one file, for a run and for a folder of runs", async () => {
  const from = folderWithTable();
  for (const method of ["fd", "set"] as const) {
    const args = ["table.csv", "--target", "class", "--out", `runs/${method}`];
    const { code, stderr } = await runTask("train", [...args, ...tinyOptions(method)], { from });
    assert.equal(code, 0, stderr);
  }
  const record = JSON.parse(readText(`${from}/runs/fd/record.json`));

  const single = await runTask("report", ["runs/fd"], { from });
  assert.equal(single.code, 0, single.stderr);
  assert.match(single.stdout, /^FD-TSE, ε = 2, seed 1 on table\n.*\nReport: .*report\.html\n$/);
  const html = readText(`${from}/runs/fd/report.html`);
  const rounded = (100 * record.accuracy).toFixed(1);
  assert.ok(html.includes(`<td>test accuracy (%)</td><td>${rounded}</td>`));
  assert.match(html, />Confusion matrix</);
  const logLoss = record.probabilities.logLoss.toPrecision(4);
  assert.ok(html.includes(`<td>log loss</td><td>${logLoss}</td>`));
  assert.match(html, />kept network</);

  const many = await runTask("report", ["runs", "--out", "all.html", "--title", "Mine", "--json"], {
    from,
  });
  assert.equal(many.code, 0, many.stderr);
  const found = JSON.parse(many.stdout);
  assert.equal(found.path, `${from}/all.html`);
  assert.equal(found.lead, "2 finished runs of 2 configurations on 1 data set.");
  assert.ok(readText(`${from}/all.html`).includes(`>${rounded}<`));
});

Deno.test("report tells a mistake in one sentence and writes nothing", async () => {
  const from = folderWithTable();
  const { code, stderr } = await runTask("report", ["."], { from });
  assert.equal(code, 2);
  assert.match(stderr, /^Cannot report on ".*": found no finished run.*\n$/);
  assert.ok(!isThere(`${from}/report.html`));
  const missing = await runTask("report", ["none"], { from });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^Cannot read ".*none": .*\n$/);
});
