import assert from "node:assert/strict";
import { readStudy } from "../../lib/experiments/sweep/study.ts";
import { totalDensity } from "../../lib/experiments/side_by_side/contenders.ts";
import type { MethodRun } from "../../lib/experiments/side_by_side/method_run.ts";
import { ROOT } from "../tasks/run_task.ts";
import { readPage } from "./markdown.ts";

const PAGE = readPage("results/methods/README.md").replaceAll("\n", " ");

Deno.test("the plan of the benchmark says how many runs its studies have, and at which densities", () => {
  const { configs } = readStudy(`${ROOT}results/methods/study.json`);
  assert.ok(PAGE.includes(`These are ${configs.length.toLocaleString("en-GB")} runs`));
  const sparse = configs.filter(({ density }) => density !== null);
  const densities = new Set(sparse.map((config) => totalDensity(config as unknown as MethodRun)));
  assert.deepEqual([...densities].sort(), [0.01, 0.02, 0.05, 0.1, 0.2]);
  // Every method has all data sets wherever it takes part.
  const groups = Map.groupBy(
    configs,
    ({ method, members, density, seed }) => [method, members, density, seed].join(),
  );
  for (const [name, own] of groups) {
    assert.equal(new Set(own.map(({ file }) => file)).size, 16, name);
  }
  const paper = readStudy(`${ROOT}results/methods/paper/study.json`).configs;
  assert.ok(PAGE.includes(`left out: ${paper.length} runs`));
});
