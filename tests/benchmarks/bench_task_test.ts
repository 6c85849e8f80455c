import assert from "node:assert/strict";
import { parseSections, SECTIONS } from "../../lib/benchmarks/sections.ts";
import { newFolder, readJsonFile, readText } from "../files.ts";
import { runTask } from "../tasks/run_task.ts";

Deno.test("parseSections reads names in any order, and refuses others", () => {
  assert.deepEqual(parseSections(SECTIONS.join(",")), [...SECTIONS]);
  assert.deepEqual(parseSections("memory, kernels,memory"), ["kernels", "memory"]);
  assert.throws(() => parseSections("kernels,memroy"), {
    name: "RangeError",
    message: /^Cannot measure "memroy": need some of kernels, blocks, training, /,
  });
});

Deno.test("bench --json prints one object with the machine and the sections asked for", async () => {
  const from = newFolder();
  const args = ["--quick", "--only", "memory", "--json", "--out", "measured"];
  const { code, stdout, stderr } = await runTask("bench", args, { from });
  assert.equal(code, 0, stderr);
  const printed = JSON.parse(stdout);
  assert.equal(printed.machine.deno.deno, Deno.version.deno);
  assert.equal(printed.quick, true);
  assert.deepEqual(Object.keys(printed.results), ["memory"]);
  assert.equal(printed.results.memory.networks.length, 4);
  const written = readJsonFile(`${from}/measured/bench.json`);
  // The memory of the process may have grown between the two.
  assert.deepEqual({ ...written, peakMemoryBytes: 0 }, { ...printed, peakMemoryBytes: 0 });
  const report = readText(`${from}/measured/bench.md`);
  assert.match(report, /^# Benchmarks\n\n- Machine: .*\n[^]*\n## .*\n\n\| [^]*\| ε = 20 \| \d+ \|/);
});

Deno.test("bench prints a table, and says what it cannot measure in one sentence", async () => {
  const from = newFolder();
  const table = await runTask("bench", ["--quick", "--only", "memory"], { from });
  assert.equal(table.code, 0, table.stderr);
  assert.match(table.stdout, /Machine: .*\n[^]*│ ε = 20 +│ \d+ +│/);
  assert.ok(!(table.stdout + table.stderr).includes("\u001b"), "control characters");
  const wrong = await runTask("bench", ["--only", "speed"], { from });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^Cannot measure "speed": need some of .*\n$/);
});
