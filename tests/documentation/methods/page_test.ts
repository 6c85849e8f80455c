/** results/methods/README.md: what was run is of its plan, and its sentences are those of the runs. */
import assert from "node:assert/strict";
import { runHash } from "../../../lib/experiments/run/mod.ts";
import {
  distinctRuns,
  type MethodRun,
  readMethodRuns,
} from "../../../lib/experiments/side_by_side/mod.ts";
import { machinesOf } from "../../../lib/experiments/side_by_side/contenders.ts";
import { readStudy } from "../../../lib/experiments/sweep/mod.ts";
import { METHOD_TABLE, methodNamed } from "../../../lib/methods/mod.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { unheld } from "../held.ts";
import { prose, readPage } from "../markdown.ts";
import {
  CONFIGS,
  methodSentences,
  PAPER_CONFIGS,
  PAPER_RUNS,
  paperSentences,
  verdictTable,
} from "./claims.ts";
import { SETUPS } from "./setups.ts";

Deno.test("the runs of the benchmark are of its study, on all data sets or on none", () => {
  const runs = readMethodRuns(`${ROOT}results/methods`);
  const planned = new Set(CONFIGS.map(runHash));
  assert.deepEqual(runs.filter(({ hash }) => !planned.has(hash)), []);
  assertWhole(CONFIGS, ({ file }) => file);
  assertWhole(runs, ({ dataset }) => dataset);
});

Deno.test("runs repeated on another machine are those of the references, on all data sets", () => {
  const lines = readMethodRuns(`${ROOT}results/methods`);
  const once = new Set(distinctRuns(lines));
  const repeated = lines.filter((run) => !once.has(run));
  const references = readStudy(`${ROOT}results/methods/references.json`).configs.map(runHash);
  assert.deepEqual(repeated.map(({ hash }) => hash).sort(), references.sort());
  assertWhole(repeated, ({ dataset }) => dataset);
});

Deno.test("every number in the prose of the benchmark's page is that of a record", () => {
  const claims = [...Object.values(methodSentences()), ...Object.values(paperSentences())];
  assert.deepEqual(unheld(prose(readPage("results/methods/README.md")), claims, SETUPS), []);
});

Deno.test("what the page says in short follows from the verdicts", () => {
  const [, ...rows] = verdictTable();
  const accuracy = rows.filter(([, measure]) => measure === "accuracy");
  const column = (c: number) =>
    Object.fromEntries(accuracy.map((row) => [row[0], row[c].split("; ")]));
  const [better, worse] = [column(3), column(4)];
  // "At 20 and 10 % ensembles that come from one run are shown to be better"
  for (const density of ["20 %", "10 %"]) {
    for (const title of ["FD-TSE", "RD-TSE", "Dist-TSE"]) {
      assert.ok(better[density].includes(title), `${title} at ${density}`);
    }
  }
  // "No single network is shown to be better than SET at any density"
  const ensembles = new Set(
    METHOD_TABLE.filter(({ family }) => family === "ensembles").map(({ title }) => title),
  );
  for (const title of Object.values(better).flat()) {
    assert.ok(title === "none" || ensembles.has(title) || title.endsWith("4 members"), title);
  }
  assert.deepEqual([better["5 %"], worse["5 %"]], [["none"], ["none"]]);
  assert.deepEqual([better["2 %"], better["1 %"]], [["none"], ["none"]]);
  assert.ok(worse["1 %"].filter((title) => ensembles.has(title)).length > 3);
  const fixedTopology = methodNamed("static").title;
  // "a topology that never changes is nowhere shown to be worse", in accuracy and log loss
  assert.ok(rows.every((row) => !row[4].split("; ").includes(fixedTopology)));
  // "A dense network is shown to be less accurate than one of SET with 20 or 10 % of its weights"
  const { title: dense } = methodNamed("dense");
  const lessAccurate = Object.keys(worse).filter((density) => worse[density].includes(dense));
  assert.deepEqual(lessAccurate, ["20 %", "10 %"]);
  // "With the paper's, on small tables and with one seed, no difference is shown."
  const { accuracy: points, loss } = paperSentences();
  assert.doesNotMatch(`${points} ${loss}`, /Shown/);
});

Deno.test("the runs with the paper's recipe are of their study, on all its data sets or on none", () => {
  const planned = new Set(PAPER_CONFIGS.map(runHash));
  assert.deepEqual(PAPER_RUNS.filter(({ hash }) => !planned.has(hash)), []);
  assertWhole(PAPER_CONFIGS, ({ file }) => file, 8);
  assertWhole(PAPER_RUNS, ({ dataset }) => dataset, 8);
  // "all on the second machine"
  const [, second] = machinesOf(readMethodRuns(`${ROOT}results/methods`));
  assert.deepEqual(machinesOf(PAPER_RUNS), [second]);
});

/** Fails unless every row of a table has all data sets with a seed. */
function assertWhole<Run extends Pick<MethodRun, "method" | "members" | "density" | "seed">>(
  runs: readonly Run[],
  datasetOf: (run: Run) => string,
  sets = 16,
): void {
  const rowOf = ({ method, members, density, seed }: Run) =>
    [method, members, density, seed].join();
  for (const [row, own] of Map.groupBy(runs, rowOf)) {
    assert.equal(new Set(own.map(datasetOf)).size, sets, row);
  }
}
