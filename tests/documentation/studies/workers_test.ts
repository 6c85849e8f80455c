/** The sentences of docs/workers.md on its tables are those of the records. */
import assert from "node:assert/strict";
import { compare, orderFindings } from "../../../lib/experiments/paper/paired_order.ts";
import { mean, median } from "../../../lib/statistics/mod.ts";
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { prose, readPage, section } from "../markdown.ts";
import { difference, fixed, WORDS } from "../records.ts";
import {
  accuracyOf,
  failuresOf,
  runsOf,
  speedUp,
  workersCosts,
  workersRuns,
} from "./workers_records.ts";

const PAGE = readPage("docs/workers.md");
const RUNS = workersRuns();

Deno.test("the study of workers has the same seeds everywhere", () => {
  const kinds = new Map<string, string[]>();
  for (const { workers, exchange, apart, seed } of RUNS) {
    const kind = `${workers} ${exchange} ${apart}`;
    kinds.set(kind, [...kinds.get(kind) ?? [], seed]);
  }
  kinds.delete("32 asynchronous ");
  assert.equal(kinds.size, 8);
  for (const [kind, seeds] of kinds) assert.deepEqual(seeds.toSorted(), ["1", "2", "3"], kind);
});

Deno.test("docs/workers.md tells what many workers lose, and of which of them it is shown", () => {
  const text = prose(section(PAGE, "How many workers cost accuracy"));
  const bySeed = (workers: number, exchange = "", apart = "") =>
    new Map(
      runsOf(RUNS, workers, exchange, apart)
        .map(({ seed, accuracy }) => [seed, 100 * Number(accuracy)]),
    );
  const kinds = [
    ...[2, 8, 32].map((workers) => [workers, "synchronous", ""] as const),
    ...[2, 8].map((workers) => [workers, "asynchronous", ""] as const),
    ...[2, 8].map((workers) => [workers, "asynchronous", "0"] as const),
  ];
  const findings = orderFindings(kinds.map(([workers, exchange, apart]) => ({
    claim: `${workers} ${exchange}${apart === "" ? "" : ", never apart"}`,
    comparison: compare(bySeed(workers, exchange, apart), bySeed(1)),
  })));
  for (const finding of findings) {
    const says = `${finding.claim}: ${
      difference(finding).replace("the opposite is shown", "shown")
    }`;
    assert.ok(text.includes(says), `${says}\n${text}`);
  }
  assert.ok(text.includes(`Holm's correction for all ${WORDS[kinds.length]}`));
  const shown = findings.filter(({ verdict }) => verdict === "contradicted");
  assert.deepEqual(shown.map(({ claim }) => claim), ["8 asynchronous"]);
  assert.ok(text.includes("Three seeds show it of eight asynchronous ones alone"));
  const mean = (apart: string) => accuracyOf(runsOf(RUNS, 8, "asynchronous", apart));
  assert.ok(mean("0") > mean(""));
  for (const run of [...runsOf(RUNS, 2, "asynchronous"), ...runsOf(RUNS, 2, "asynchronous", "0")]) {
    assert.ok(Math.abs(Number(run["team.staleness.mean"]) - 1) < 0.01);
  }
});

Deno.test("asynchronous workers diverged where docs/workers.md says so", () => {
  const text = prose(section(PAGE, "How many workers cost accuracy"));
  const failed = failuresOf(32, "asynchronous");
  assert.ok(failed.length > 0);
  assert.ok(
    text.includes(`Thirty-two asynchronous ones diverged with ${failed.length} of 3 seeds`),
  );
  for (const { message } of failed) assert.match(message, /although the learning rate was halved/);
});

Deno.test("a gradient is about K − 1 updates old in the mean", () => {
  const runs = [...runsOf(RUNS, 8, "asynchronous"), ...runsOf(RUNS, 8, "asynchronous", "0")];
  assert.ok(runs.length > 0);
  const ages = runs.map((run) => Number(run["team.staleness.mean"]));
  assert.ok(Math.abs(mean(ages) - 7) < 0.1);
});

Deno.test("the sum of gradients limits synchronous workers, as docs/workers.md says", () => {
  for (const costs of workersCosts()) {
    assert.ok(speedUp(costs, 32, "asynchronous") > speedUp(costs, 32, "synchronous"));
    assert.ok(speedUp(costs, 2, "synchronous") > 1.5);
  }
});

Deno.test("docs/workers.md tells the seconds that were measured", () => {
  const { seconds } = readJsonFile(`${ROOT}results/workers/speed.json`);
  const [one, kernels, together, atOnce, apart] = Object.values(seconds as Record<string, number[]>)
    .map((own) => fixed(median(own), 2));
  const says = `160 batches took ${one} s with one worker, ${together} s with two that exchange ` +
    `synchronously, ${atOnce} s asynchronously, ${apart} s mostly apart, and ${kernels} s with one worker`;
  const text = prose(section(PAGE, "How fast they can be"));
  assert.ok(text.includes(says), `${says}\n${text}`);
  // "Little or nothing" is at most a tenth, and what threads of the kernels gain is more.
  assert.ok([together, atOnce, apart].every((seconds) => Number(seconds) > 0.9 * Number(one)));
  assert.ok(Number(kernels) < 0.8 * Number(one));
});
