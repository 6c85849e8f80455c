/** The record of exported programs, and what is said of it. */
import assert from "node:assert/strict";
import { exportsTable } from "../../lib/benchmarks/exports/mod.ts";
import { tableMarkdown } from "../../lib/reports/mod.ts";
import { exportsRecord } from "../documentation/exports_record.ts";
import { readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

Deno.test("results/exports/c.md is the table of its record", () => {
  const text = readText(`${ROOT}results/exports/c.md`);
  assert.equal(text, `${tableMarkdown(exportsTable(exportsRecord()))}\n`);
});

Deno.test("the programs of the record fit a microcontroller", () => {
  const record = exportsRecord();
  assert.ok(record.some(({ file }) => file === "builtin:segment"));
  for (const { file, int8, alone } of record) {
    assert.ok(int8.flash <= 64 * 1024 && int8.ram <= 8 * 1024, file);
    // The ensemble that was exported loses next to nothing by its integers.
    assert.ok(int8.accuracy >= int8.floatAccuracy - 0.005, file);
    if (file === "builtin:segment") assert.ok(alone!.float32.flash <= 100 * 1024);
  }
});
