import assert from "node:assert/strict";
import { newFolder, writeFile } from "../../files.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readDataset as readAsTasksDo } from "../../../mod.ts";
import { fileOf, folder, readDataset } from "../table_files.ts";
import { refuses } from "./refused_table.ts";

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("readDataset refuses text that is not UTF-8", async () => {
  const not =
    "found bytes that are not UTF-8 text, need UTF-8, as from: iconv -f WINDOWS-1252 -t " +
    "UTF-8 FILE > NEW.csv";
  await refuses(
    latin1("gr\xf6\xdfe,y\n1,a\n"),
    "SyntaxError",
    `read FILE, line 1, column 1: ${not}`,
  );
  await refuses(
    latin1("x,y\n1,a\n2,\xe4\n"),
    "SyntaxError",
    `read FILE, line 3, column "y": ${not}`,
  );
  const zero =
    "found a byte 0, which no text has, need text in UTF-8: the file is in UTF-16, damaged, or no table";
  await refuses(latin1("x,y\n1\0,a\n"), "SyntaxError", `read FILE, line 2, column "x": ${zero}`);
  await refuses(latin1("x,y\n\xe4,a\n"), "SyntaxError", `read FILE, line 2, column "x": ${not}`);
  await refuses(latin1("x,y\n1,\0a\n"), "SyntaxError", `read FILE, line 2, column "y": ${zero}`);
  const wide = (text: string) => latin1([...text].map((letter) => `${letter}\0`).join(""));
  await refuses(wide("x,y\n1,a\n"), "SyntaxError", `read FILE, line 1, column 1: ${zero}`);
});

Deno.test("readDataset tells gzip data and text apart from what the name says", async () => {
  await refuses(
    gzipSync("x,y\n1,a\n"),
    "SyntaxError",
    'read FILE, line 1: found gzip data, need text or a name that ends in ".gz"',
  );
  await refuses(
    "x,y\n1,a\n2,b\n",
    "SyntaxError",
    'read FILE: found data that are not compressed, need gzip data behind a name that ends in ".gz"',
    { ending: ".csv.gz" },
  );
});

Deno.test("readDataset refuses compressed data cut at any length", async () => {
  const rows = Array.from({ length: 60 }, (_, row) => `${row * row},${row % 2}`);
  const whole = gzipSync(`x,y\n${rows.join("\n")}\n`);
  const path = join(folder, "cut.csv.gz");
  for (let length = 1; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    await assert.rejects(readDataset(path, { target: "y" }), {
      name: "SyntaxError",
      message:
        /^Cannot read ".*cut\.csv\.gz" beyond line \d+: found the file's end within the gzip/,
    }, `cut to ${length} bytes`);
  }
  writeFileSync(path, whole);
  assert.equal((await readDataset(path, { target: "y" })).dataset.rows, 60);
});

Deno.test("readDataset says how far it came in compressed data that are cut", async () => {
  // Stored, not compressed: the first half of the rows is there.
  const whole = gzipSync(`x,y\n${"1,a\n2,b\n".repeat(200_000)}`, { level: 0 });
  const path = fileOf(whole.subarray(0, whole.length / 2), ".csv.gz");
  const error = await readDataset(path, { target: "y" }).then(
    () => assert.fail("it was read"),
    (error: Error) => error,
  );
  const line = Number(/beyond line (\d+):/.exec(error.message)?.[1]);
  assert.ok(line > 100_000 && line <= 200_001, error.message);
});

Deno.test("readDataset refuses compressed data with a changed check sum or something behind", async () => {
  const whole = gzipSync("x,y\n1,a\n2,b\n");
  const changed = Uint8Array.from(whole);
  changed[changed.length - 8] ^= 1;
  const behind = new Uint8Array([...whole, ...new TextEncoder().encode("more of it")]);
  for (const content of [changed, behind]) {
    await assert.rejects(readDataset(fileOf(content, ".csv.gz"), { target: "y" }), {
      name: "SyntaxError",
      message: /beyond line \d: found corrupt gzip data \(incorrect .* check\), need it intact$/,
    });
  }
  const twice = fileOf(new Uint8Array([...whole, ...gzipSync("3,a\n")]), ".csv.gz");
  assert.equal((await readDataset(twice, { target: "y" })).dataset.rows, 3);
});

Deno.test("files of other formats are told as what they are", async () => {
  const cases: [content: string, found: RegExp][] = [
    ["PK\x03\x04\x14\x00", /a workbook of a spreadsheet program or a ZIP archive, need CSV/],
    ["PAR1\x15\x04", /a Parquet file, need a name that ends in "\.parquet"/],
    ['[\n  {"x": 1, "y": "a"}\n]\n', /JSON, need CSV: a header row, and a row of cells for every/],
    ['{"x": 1}\n{"x": 2}\n', /JSON, need CSV/],
    ["<!DOCTYPE html>\n", /a page or XML, need CSV/],
    ["%PDF-1.7\n", /a PDF document, need CSV/],
    ["ARROW1\0\0", /a Feather or Arrow file, need Parquet or CSV: to_parquet/],
    ["\x89HDF\r\n", /an HDF5 file, need Parquet/],
    ["\x80\x04\x95", /a pickle of Python, need Parquet/],
    ["SQLite format 3\0", /an SQLite database, need CSV/],
    ["\x28\xb5\x2f\xfd", /data packed by zstd, need text, or gzip/],
    ["\xfd7zXZ\0", /data packed by xz, need text, or gzip/],
    ["BZh91AY&SY", /data packed by bzip2, need text, or gzip/],
  ];
  for (const [content, found] of cases) {
    const path = `${newFolder()}/t.csv`;
    writeFile(path, latin1(content));
    await assert.rejects(readAsTasksDo(path, { target: "y" }), (error: Error) => {
      assert.match(error.message, /^Cannot read ".*t\.csv", line 1: found /);
      assert.match(error.message, found);
      return error instanceof SyntaxError;
    });
  }
  // A bracket alone is as good a name as any.
  const path = `${newFolder()}/t.csv`;
  writeFile(path, "{x},[y\n1,a\n2,b\n");
  assert.equal((await readAsTasksDo(path, { target: "[y" })).dataset.rows, 2);
});
