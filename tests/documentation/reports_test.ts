/**
 * The reports of comparisons and of the kernels' speed are what their records give, byte by byte:
 * nobody has put a figure into them by hand, and none is left of other records. The golden test says the
 * same of the paper's.
 */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import {
  blockTable,
  changeTable,
  costTable,
  growthTable,
  inferenceTable,
  kernelTable,
  memoryTable,
  passTable,
  peerTable,
  sparseOverDenseTable,
  stepTable,
  threadTable,
  wholeRunTable,
} from "../../lib/benchmarks/tables.ts";
import { writeComparisonReport } from "../../lib/experiments/comparison/mod.ts";
import { writeMethodReport } from "../../lib/experiments/side_by_side/mod.ts";
import { tableMarkdown } from "../../lib/reports/mod.ts";
import { namesIn, newFolder, readText } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { record } from "./records.ts";

const COMPARISONS = [
  "comparison",
  "comparison/before",
  "comparison/first",
  "comparison/networks",
  "comparison/second",
  "comparison/newer",
  "comparison/newer/first",
  "comparison/newer/second",
  "comparison/wasm",
  "comparison/wasm/second",
  "comparison/wider",
  "comparison/numbers",
  "ablation",
  "ablation/before",
  "calibration",
  "blocks/modern",
  "blocks/paper",
  "why_sparse",
  "why_sparse/widths",
];

for (const name of COMPARISONS) {
  Deno.test(`results/${name} is what its scores give`, async () => {
    const folder = newFolder();
    cpSync(`${ROOT}results/${name}`, folder, { recursive: true });
    await writeComparisonReport(folder);
    // A folder in it is a comparison of its own.
    const written = namesIn(folder).filter((name) => name.includes("."));
    // The same in HTML is for whoever makes it: it is not among the committed files.
    assert.ok(written.includes("report.html"));
    for (const file of written.filter((name) => name !== "report.html")) {
      const path = `results/${name}/${file}`;
      assert.ok(readText(`${ROOT}${path}`) === readText(`${folder}/${file}`), path);
    }
  });
}

for (const path of ["results/methods", "results/methods/paper"]) {
  Deno.test(`${path} is what its runs give`, async () => {
    const folder = newFolder();
    const committed = `${ROOT}${path}`;
    cpSync(`${committed}/runs.jsonl`, `${folder}/runs.jsonl`);
    await writeMethodReport(folder);
    const made = (path: string) =>
      namesIn(path).filter((name) => /\.(svg|csv)$|^report/.test(name));
    assert.deepEqual(made(folder), made(committed));
    for (const file of made(folder)) {
      assert.ok(readText(`${committed}/${file}`) === readText(`${folder}/${file}`), file);
    }
  });
}

/** Fails unless a report of benchmarks has these tables and no others. */
function assertTables(report: string, tables: readonly ReturnType<typeof blockTable>[]): void {
  const text = readText(`${ROOT}results/${report}`);
  const sections = tables.map(({ title, head, rows, notes }) =>
    [`## ${title}`, tableMarkdown({ columns: head, rows }).trimEnd(), ...notes].join("\n\n")
  );
  for (const section of sections) assert.ok(text.includes(section), section.split("\n")[0]);
  assert.equal(text.match(/^## /gm)!.length, sections.length);
}

Deno.test("results/bench/blocks/bench.md has the tables of its record", () => {
  assertTables(
    "bench/blocks/bench.md",
    record("bench/blocks/bench.json").results.blocks.map(blockTable),
  );
});

Deno.test("results/bench/bench.md has the tables of its record", () => {
  const { results, machine } = record("bench/bench.json");
  const { kernels, blocks, training, topology, inference, memory, growth, threads, peers } =
    results;
  const tables = [
    ...kernels.map(kernelTable),
    ...blocks.map(blockTable),
    stepTable(training.steps),
    wholeRunTable(training.runs),
    passTable(training.runs),
    changeTable(topology),
    inferenceTable(inference),
    memoryTable(memory),
    growthTable(growth.points),
    costTable(growth.costs),
    threadTable(threads, machine.cores),
    peerTable(peers),
    sparseOverDenseTable(peers),
  ];
  assertTables("bench/bench.md", tables);
});
