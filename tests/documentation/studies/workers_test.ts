/** The sentences of docs/workers.md on its tables are those of the records. */
import assert from "node:assert/strict";
import { mean, median, tInterval } from "../../../lib/statistics/mod.ts";
import { readJsonFile } from "../../files.ts";
import { ROOT } from "../../tasks/run_task.ts";
import { prose, readPage, section } from "../markdown.ts";
import { fixed, range } from "../records.ts";
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

/** The points that workers lose against one. */
function loss(workers: number, exchange: string, apart = ""): string {
  return fixed(accuracyOf(runsOf(RUNS, 1)) - accuracyOf(runsOf(RUNS, workers, exchange, apart)), 1);
}

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

Deno.test("docs/workers.md tells the losses of accuracy", () => {
  const text = prose(section(PAGE, "How many workers cost accuracy"));
  const says = (sentence: string) => assert.ok(text.includes(sentence), `${sentence}\n${text}`);
  says(
    `Eight workers lose ${loss(8, "asynchronous")} points with an asynchronous exchange and ` +
      `${loss(8, "synchronous")} with a synchronous one, thirty-two synchronous ones ` +
      `${loss(32, "synchronous")}.`,
  );
  says(`Eight asynchronous workers that never part lose ${loss(8, "asynchronous", "0")}`);
});

Deno.test("docs/workers.md tells that two workers are not shown to differ from one", () => {
  const text = prose(section(PAGE, "How many workers cost accuracy"));
  const accuracies = (workers: number, exchange = "", apart = "") =>
    runsOf(RUNS, workers, exchange, apart)
      .toSorted((a, b) => Number(a.seed) - Number(b.seed))
      .map(({ accuracy }) => 100 * Number(accuracy));
  const one = accuracies(1);
  const told = [["synchronous", ""], ["asynchronous", ""], ["asynchronous", "0"]].map(
    ([exchange, apart]) => {
      const { estimate, low, high } = tInterval(
        accuracies(2, exchange, apart).map((accuracy, k) => accuracy - one[k]),
      );
      assert.ok(low < 0 && high > 0);
      return `${fixed(estimate, 1)} points (${range(low, high)})`;
    },
  );
  const says = `two synchronous ones ${told[0]}, two asynchronous ones ${told[1]}, and ` +
    `two asynchronous ones that never part ${told[2]}`;
  assert.ok(text.includes(says), `${says}\n${text}`);
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
