/** results/methods/README.md: its plan is what was run, and its sentences are those of the runs. */
import assert from "node:assert/strict";
import { runHash } from "../../../lib/experiments/run/mod.ts";
import { readMethodRuns } from "../../../lib/experiments/side_by_side/mod.ts";
import { readStudy } from "../../../lib/experiments/sweep/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { unheld } from "../held.ts";
import { prose, readPage } from "../markdown.ts";
import { methodSentences } from "./claims.ts";
import { SETUPS } from "./setups.ts";

const { configs } = readStudy(`${ROOT}results/methods/study.json`);

Deno.test("the runs of the benchmark are those of its study", () => {
  const runs = readMethodRuns(`${ROOT}results/methods`);
  assert.deepEqual(configs.map(runHash).sort(), runs.map(({ hash }) => hash).sort());
  // Every method has all data sets wherever it takes part.
  const groups = Map.groupBy(
    configs,
    ({ method, members, density, seed }) => [method, members, density, seed].join(),
  );
  for (const [name, own] of groups) {
    assert.equal(new Set(own.map(({ file }) => file)).size, 16, name);
  }
});

Deno.test("every number in the prose of the benchmark's page is that of a record", () => {
  const paper = readStudy(`${ROOT}results/methods/paper/study.json`).configs;
  const claims = [...Object.values(methodSentences()), `left out: ${paper.length} runs`];
  assert.deepEqual(unheld(prose(readPage("results/methods/README.md")), claims, SETUPS), []);
});
