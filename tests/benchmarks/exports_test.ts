/** The record of exported programs, and what is said of it. */
import assert from "node:assert/strict";
import { type ExportMeasurement, exportsTable } from "../../lib/benchmarks/exports/mod.ts";
import { tableMarkdown } from "../../lib/reports/mod.ts";
import { exportsRecord } from "../documentation/studies/exports_record.ts";
import { readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

Deno.test("results/exports/c.md is the table of its record", () => {
  const text = readText(`${ROOT}results/exports/c.md`);
  assert.equal(text, `${tableMarkdown(exportsTable(exportsRecord()))}\n`);
});

Deno.test("the programs of the record fit a microcontroller, and cost what the page says", () => {
  const record = exportsRecord();
  assert.equal(record.length, 4);
  for (const { file, int8, alone, emlearn } of record) {
    for (const { flash, ram } of [int8, alone!.int8, alone!.float32]) {
      assert.ok(flash <= 100 * 1024, file);
      assert.ok(ram <= 8 * 1024, file);
    }
    assert.ok(int8.flash <= 64 * 1024, file);
    assert.ok(int8.accuracy > int8.floatAccuracy - 0.005, file);
    assert.ok(emlearn !== undefined, file);
  }
  const points = (name: string, of: (one: ExportMeasurement) => number) =>
    (100 * of(record.find(({ file }) => file.endsWith(`:${name}`))!)).toFixed(1);
  const lost = ({ ensemble, int8 }: ExportMeasurement) => ensemble.accuracy - int8.accuracy;
  assert.deepEqual(
    ["california", "pol", "magic-telescope", "segment"].map((name) => points(name, lost)),
    ["-0.2", "0.1", "0.7", "0.9"],
  );
  const behind = ({ alone, emlearn }: ExportMeasurement) =>
    alone!.int8.accuracy - emlearn!.asAlone.accuracy;
  assert.deepEqual(
    ["magic-telescope", "california", "pol"].map((name) => points(name, behind)),
    ["0.0", "2.6", "5.0"],
  );
  const [segment] = record;
  assert.ok(segment.alone!.int8.instructions * 5 < segment.emlearn!.asAlone.instructions);
  assert.ok(segment.alone!.int8.accuracy > segment.emlearn!.asAlone.accuracy);
  const text = readText(`${ROOT}docs/exports.md`).replaceAll(/\s+/g, " ");
  for (
    const claim of [
      "nothing on california, 0.1 points on pol, 0.7 on magic-telescope and 0.9 on segment",
      "One member takes a fifth of the instructions of emlearn's network on segment",
      "magic-telescope, 2.6 points less so on california and 5.0 on pol",
    ]
  ) assert.ok(text.includes(claim), claim);
});
