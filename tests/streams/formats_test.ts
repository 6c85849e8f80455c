/** Every format that can be streamed gives the rows that it gives in memory. */
import assert from "node:assert/strict";
import { preprocess } from "../../lib/data/preprocessing/mod.ts";
import { readDataset } from "../../lib/data/formats/mod.ts";
import type { ReadDatasetOptions } from "../../lib/data/table/mod.ts";
import { openStreamedRows } from "../../lib/streams/mod.ts";
import { ROOT } from "../tasks/run_task.ts";
import { mixedTable, tinyRequest, tinyStream } from "./tiny_tables.ts";
import { newFolder, readText, writeFile } from "../files.ts";

const TABLES = `${ROOT}tests/data/fixtures/tables`;

async function sameRows(file: string, options: ReadDatasetOptions): Promise<void> {
  const { dataset } = await readDataset(file, options);
  const { path, table } = await tinyStream(tinyRequest(file, options, { scaling: "min-max" }));
  assert.deepEqual(table.table.classes, dataset.classes);
  assert.deepEqual(table.table.featureNames, dataset.featureNames);
  using all = openStreamedRows(path, { ...table.layout, windowBlocks: 1000 });
  const { rows: { rows, columns, features, labels } } = all.stream.window(null, 0);
  assert.equal(rows, dataset.rows);
  const inputs = preprocess(table.preprocessing, dataset.features, rows, dataset.columns);
  const lines = (own: Float32Array, ofRows: Int32Array) =>
    Array.from(
      ofRows,
      (label, row) => `${own.subarray(row * columns, (row + 1) * columns)} ${label}`,
    ).sort();
  assert.deepEqual(lines(features, labels), lines(inputs, dataset.labels), file);
}

/** Files of rows by their names, each with its target. */
const FILES: Readonly<Record<string, ReadDatasetOptions>> = {
  "table.arff": { target: "class" },
  "snappy.parquet": { target: "class" },
  "gzip.parquet": { target: "class" },
  "many.parquet": { target: "class" },
  "x_be_f8.npy": { target: "y" },
  "x_be_i4.npy": { target: "y" },
  "x_text_labels.npy": { target: "y" },
  "x_column_of_labels.npy": { target: "y" },
};

for (const [name, options] of Object.entries(FILES)) {
  Deno.test(`${name} has the same rows, streamed or in memory`, async () => {
    await sameRows(`${TABLES}/${name}`, options);
  });
}

Deno.test("a compressed table, amounts and rows without a target are streamed as they are read", async () => {
  const folder = newFolder();
  const lines = readText(mixedTable()).trimEnd().split("\n").map((line, row) => {
    const cells = line.split(",");
    if (row > 0) cells[0] = `"$${cells[0]},000.50"`;
    if (row % 7 === 3) cells[5] = "";
    return cells.join(",");
  });
  writeFile(`${folder}/amounts.csv`, `${lines.join("\n")}\n`);
  await sameRows(`${folder}/amounts.csv`, { target: "class", missingTarget: "skip" });
  const packed = new Blob([`${lines.join("\n")}\n`]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(`${folder}/amounts.csv.gz`, packed);
  await sameRows(`${folder}/amounts.csv.gz`, { target: "class", missingTarget: "skip" });
});

Deno.test("a matrix in Fortran's order says how to make one of rows", async () => {
  await assert.rejects(
    tinyStream(tinyRequest(`${TABLES}/x_fortran.npy`, { target: "y" })),
    /found columns one after the other \(Fortran's order\), need rows to stream them/,
  );
  await assert.rejects(
    tinyStream(tinyRequest(`${TABLES}/x_one_hot.npy`, { target: "y" })),
    /found an array of 7 × 3, need one of 7 elements, a target for every row$/,
  );
});
