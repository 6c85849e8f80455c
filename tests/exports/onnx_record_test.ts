/** The record of the speeds of ONNX files, and what docs/exports.md says of it. */
import assert from "node:assert/strict";
import { readPage, section, tables } from "../documentation/markdown.ts";
import { readJsonFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";

const NAMES: Readonly<Record<string, string>> = {
  "the paper's recipe": "paper",
  "`--recipe modern`": "modern",
  "the same, in blocks of 2": "modern, blocks of 2",
  "the same, in blocks of 4": "modern, blocks of 4",
  "the same, in blocks of 8": "modern, blocks of 8",
};

const record = readJsonFile(`${ROOT}results/exports/onnx_layers.json`);
const MANY = "microseconds a row, 1000 at a time";

Deno.test("docs/exports.md has the speeds of the record", () => {
  const page = section(readPage("docs/exports.md"), "ONNX");
  const [, ...rows] = tables(page).find(([[first]]) => first === "model")!;
  assert.deepEqual(rows.map(([name]) => name), Object.keys(NAMES));
  for (const [name, ...cells] of rows) {
    const own = record.models[NAMES[name]][MANY];
    assert.deepEqual(cells, [own.dense, own.gather, own.auto].map((time) => time.toFixed(1)), name);
  }
  assert.ok(page.includes(`onnxruntime ${record.onnxruntime.split(".").slice(0, 2).join(".")}`));
});

Deno.test("the layers that are chosen by themselves are the faster ones of the record", () => {
  // Two measurements of the same operators differ by a few percent.
  const noise = 1.1;
  for (const [name, times] of Object.entries<typeof record>(record.models)) {
    const { dense, gather, auto } = times[MANY];
    assert.ok(auto < noise * Math.min(dense, gather), name);
  }
});
