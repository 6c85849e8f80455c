/** results/methods/README.md: what was run is of its plan, and its sentences are those of the runs. */
import assert from "node:assert/strict";
import { runHash } from "../../../lib/experiments/run/mod.ts";
import { type MethodRun, readMethodRuns } from "../../../lib/experiments/side_by_side/mod.ts";
import { readStudy } from "../../../lib/experiments/sweep/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { unheld } from "../held.ts";
import { prose, readPage } from "../markdown.ts";
import { CONFIGS, methodSentences } from "./claims.ts";
import { SETUPS } from "./setups.ts";

Deno.test("the runs of the benchmark are of its study, on all data sets or on none", () => {
  const runs = readMethodRuns(`${ROOT}results/methods`);
  const planned = new Set(CONFIGS.map(runHash));
  assert.deepEqual(runs.filter(({ hash }) => !planned.has(hash)), []);
  assertWhole(CONFIGS, ({ file }) => file);
  assertWhole(runs, ({ dataset }) => dataset);
});

Deno.test("every number in the prose of the benchmark's page is that of a record", () => {
  const paper = readStudy(`${ROOT}results/methods/paper/study.json`).configs;
  const claims = [...Object.values(methodSentences()), `left out: ${paper.length} runs`];
  assert.deepEqual(unheld(prose(readPage("results/methods/README.md")), claims, SETUPS), []);
});

/** Fails unless every row of a table has all data sets with a seed. */
function assertWhole<Run extends Pick<MethodRun, "method" | "members" | "density" | "seed">>(
  runs: readonly Run[],
  datasetOf: (run: Run) => string,
): void {
  const rowOf = ({ method, members, density, seed }: Run) =>
    [method, members, density, seed].join();
  for (const [row, own] of Map.groupBy(runs, rowOf)) {
    assert.equal(new Set(own.map(datasetOf)).size, 16, row);
  }
}
