/** The record of the differences of exported models, and what docs/exports.md says of it. */
import assert from "node:assert/strict";
import { readPage, section, tables } from "../documentation/markdown.ts";
import { readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

/** What was found of a format on some rows. */
interface Found {
  readonly largest: number;
  readonly otherClass?: number;
}

/** The record of a table. */
interface Differences {
  readonly rows: number;
  readonly refused: number;
  readonly answeredThough: Record<string, number>;
  readonly refusedAlone: Record<string, number>;
  readonly ofTheTablesRows: Record<string, Found> & { readonly rows: number };
  readonly ofHardRows: Record<string, Found> & { readonly rows: number };
}

const record: Record<string, Differences> = readJsonFile(`${ROOT}results/exports/differences.json`);
const page = section(readPage("docs/exports.md"), "Differences");
const text = page.replaceAll(/\s+/g, " ");

/** The columns of the page, and the formats of each. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  "onnxruntime": ["onnxruntime"],
  "onnxruntime-web": ["onnxruntime-web"],
  "JavaScript": ["JavaScript, relaxed SIMD", "JavaScript, SIMD", "JavaScript, plain"],
  "C, `float32`": ["C, float32"],
  "C, `int16`": ["C, int16"],
  "C, `int8`": ["C, int8"],
};

const ROWS = { "its own": "ofTheTablesRows", "hard": "ofHardRows" } as const;
const FLOATS = ["onnxruntime", "onnxruntime-web", ...COLUMNS.JavaScript, "C, float32"];

function shown(difference: number): string {
  if (difference === 1) return "1";
  return difference < 0.001 ? difference.toExponential(1) : difference.toPrecision(2);
}

Deno.test("docs/exports.md has the differences of the record", () => {
  const names = Object.keys(record);
  assert.equal(names.length, 6);
  const expected = names.flatMap((name) =>
    Object.entries(ROWS).map(([rows, key]) => {
      const largest = (formats: readonly string[]) =>
        Math.max(...formats.map((format) => record[name][key][format].largest));
      return [name, rows, ...Object.values(COLUMNS).map((formats) => shown(largest(formats)))];
    })
  );
  assert.deepEqual(tables(page)[0], [["data", "rows", ...Object.keys(COLUMNS)], ...expected]);
});

Deno.test("the sentences about differences are those of the record", () => {
  const all = Object.entries(record);
  for (const [name, { rows, ofTheTablesRows, ofHardRows, refused, refusedAlone }] of all) {
    assert.equal(rows, 10_000);
    assert.equal(ofTheTablesRows.rows + ofHardRows.rows, rows);
    assert.equal(ofTheTablesRows.rows, name === "segment" ? 2310 : 5000);
    assert.ok(refused > 200);
    assert.deepEqual(refusedAlone, {});
    for (const format of FLOATS) {
      assert.ok(ofTheTablesRows[format].largest < 1e-6, `${name}, ${format}`);
      const most = name === "segment" ? 2e-4 : 1e-6;
      assert.ok(ofHardRows[format].largest < most, `${name}, ${format}`);
    }
  }
  const hard = record.segment.ofHardRows;
  const most = Math.max(...FLOATS.map((format) => hard[format].largest));
  const own = hard["the library's reference kernels"].largest;
  const apart = `up to ${shown(most)}, and the library's own kernels among themselves by ${
    shown(own)
  }`;
  assert.ok(text.includes(apart), apart);
  const answering = all.filter(([, { answeredThough }]) => Object.keys(answeredThough).length > 0);
  assert.deepEqual(answering.map(([name]) => name), ["segment"]);
  const far = all.filter(([, { ofHardRows }]) => ofHardRows["C, int8"].largest > 0.1);
  assert.deepEqual(far.map(([name]) => name), [
    "segment",
    "adult",
    "credit",
    "electricity",
    "phoneme",
  ]);
  const changed = (format: string) =>
    all.reduce((sum, [, one]) => sum + (one.ofTheTablesRows[format].otherClass ?? 0), 0);
  for (const format of FLOATS) assert.equal(changed(format), 0);
  const classRows = all.filter(([name]) => name !== "california")
    .reduce((sum, [, { ofTheTablesRows }]) => sum + ofTheTablesRows.rows, 0);
  const claim = `changes in ${changed("C, int8")} of ${classRows.toLocaleString("en-US")} with ` +
    `\`int8\`, in ${changed("C, int16")} with \`int16\`, and in none with floats`;
  assert.ok(text.includes(claim), claim);
});
