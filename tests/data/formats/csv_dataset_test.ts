/** Tables of CSV in memory, against the reader of files. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  readCsvColumn,
  readCsvDataset,
  readCsvHead,
  readCsvHeader,
  readDataset,
} from "../../../lib/data/mod.ts";
import { latin1Bytes, latin1Text, letterByLetter } from "../../../lib/data/formats/latin1.ts";
import { newFolder, writeFile } from "../../files.ts";

const TABLE = [
  "\ufeffGröße;Straße;wann;class",
  '1,5;"Elm; Allee";2024-01-05;a',
  "2,5;Oak;2024-01-06;b",
  ';"Größe ""10""";2024-02-01;a',
  "",
].join("\r\n");

Deno.test("a table in memory is read as the file is", async () => {
  const path = `${newFolder()}/table.csv`;
  const bytes = new TextEncoder().encode(TABLE);
  writeFile(path, bytes);
  const fromFile = await readDataset(path, { target: "class" });
  for (const content of [bytes, new Uint8Array(gzipSync(bytes))]) {
    assert.deepEqual(await readCsvDataset(content, path, { target: "class" }), fromFile);
  }
  assert.deepEqual(fromFile.dataset.categories?.[1], ["Elm; Allee", 'Größe "10"', "Oak"]);
});

Deno.test("the beginning of a table is shown as it is written", async () => {
  const bytes = new TextEncoder().encode(TABLE);
  const names = ["Größe", "Straße", "wann", "class"];
  assert.deepEqual(await readCsvHeader(bytes, "table.csv"), names);
  assert.deepEqual(readCsvHead(bytes, 3), [
    names,
    ["1,5", "Elm; Allee", "2024-01-05", "a"],
    ["2,5", "Oak", "2024-01-06", "b"],
  ]);
  assert.equal(readCsvHead(bytes, 99).length, 4);
  const texts: string[] = [];
  await readCsvColumn(bytes, "table.csv", "Straße", (text) => texts.push(text));
  assert.deepEqual(texts, ["Elm; Allee", "Oak", 'Größe "10"']);
});

Deno.test("errors name the table as its reader calls it", async () => {
  const bytes = new TextEncoder().encode("a,b\n1,x\n2\n");
  await assert.rejects(readCsvDataset(bytes, "mine.csv", { target: "b" }), {
    name: "SyntaxError",
    message: 'Cannot read "mine.csv", line 3: found 1 field, need 2',
  });
  await assert.rejects(readCsvColumn(bytes, "mine.csv", "c", () => {}), {
    name: "TypeError",
    message: /^Cannot read "mine\.csv", line 1: found no column "c"/,
  });
});

Deno.test("every byte is a letter, and every such letter a byte, with Node or without", () => {
  const all = Uint8Array.from({ length: 70_000 }, (_, k) => k % 256);
  const text = [...all].map((byte) => String.fromCharCode(byte)).join("");
  assert.equal(latin1Text(all), text);
  assert.equal(letterByLetter(all), text);
  assert.deepEqual(latin1Bytes(text), all);
  const process = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  try {
    Object.defineProperty(globalThis, "process", { value: undefined, configurable: true });
    // Part of a larger array, as a piece of a file is.
    for (const bytes of [all.subarray(3), all.subarray(32, 127), all.subarray(160, 256)]) {
      assert.equal(latin1Text(bytes), [...bytes].map((b) => String.fromCharCode(b)).join(""));
    }
  } finally {
    Object.defineProperty(globalThis, "process", process);
  }
});
