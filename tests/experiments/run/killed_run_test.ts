/**
 * Run folders of every method: killed again and again at events drawn at random, and resumed. What a
 * signal to the process adds is in `tests/tasks/train/resume_test.ts`.
 */
import assert from "node:assert/strict";
import { resumeRun, type RunOptions, startRun } from "../../../lib/experiments/run/run.ts";
import { completeConfig, type RunConfig } from "../../../lib/experiments/run/run_config.ts";
import { methodOf, METHODS } from "../../../lib/methods/mod.ts";
import { type Random, randomStream } from "../../../lib/random.ts";
import { tinySettings } from "../../ensemble/tiny_runs.ts";
import { readText } from "../../files.ts";
import { assertSameRun } from "../../soak/kill_and_resume.ts";
import { folderWithTable } from "../../tasks/tiny_run.ts";

/** Seconds that a clock goes on whenever it is looked at, and between two checkpoints. */
const LOOK = 0.25;
const BETWEEN = 5;

/** The most events of a part: some checkpoints, and what is lost after the last one. */
const LONGEST_PART = 40;

/** Does something by a clock that does not depend on how fast the machine is. */
async function byFakeClock<T>(work: () => Promise<T>): Promise<T> {
  const clock = performance.now;
  let now = 0;
  performance.now = () => now += 1000 * LOOK;
  try {
    return await work();
  } finally {
    performance.now = clock;
  }
}

/** Trains in parts, each of which is killed at an event or comes to the end. Returns how many were killed. */
async function trainInParts(config: RunConfig, folder: string, random: Random): Promise<number> {
  let [kills, lost] = [0, 0];
  for (let begun = false;;) {
    let left = 1 + random.below(LONGEST_PART);
    let sinceCheckpoint = 0;
    const options: RunOptions = {
      checkpointEvery: BETWEEN,
      onEvent({ type }) {
        if (type === "reading" || type === "ready") return;
        sinceCheckpoint = type === "checkpoint" ? 0 : sinceCheckpoint + 1;
        // The event is not yet in the log; those since the last checkpoint are there in vain.
        if (left-- === 0) throw new Error("killed");
      },
    };
    try {
      await byFakeClock(() =>
        begun ? resumeRun(folder, options) : startRun(config, folder, options)
      );
      assert.ok(lost > 0, "no kill cost a batch");
      return kills;
    } catch (error) {
      assert.equal((error as Error).message, "killed");
      begun = true;
      kills++;
      lost += sinceCheckpoint;
    }
  }
}

/** Tells whether a network's topology changes while it trains, or before its first step. */
function changesTopology(config: RunConfig): boolean {
  const { update, start } = methodOf(config).topology;
  return (update ?? start) !== undefined;
}

for (const method of METHODS) {
  Deno.test(`a run of ${method}, killed at any events and resumed, ends with the same bytes`, async () => {
    const from = folderWithTable();
    const config = completeConfig({
      ...tinySettings(method, { hidden: [24, 24], batchSize: 16 }),
      ...{ file: `${from}/table.csv`, target: "class", kernels: "wasm" },
    });
    await startRun(config, `${from}/straight`, { checkpointEvery: 0 });
    const events = readText(`${from}/straight/events.jsonl`);
    assert.equal(/"type":"(topology|updates)"/.test(events), changesTopology(config));
    for (const seed of [1, 2]) {
      const run = `${from}/run-${seed}`;
      const kills = await trainInParts(config, run, randomStream(seed, "kills", method));
      assert.ok(kills >= 4, `${kills} kills`);
      assertSameRun(`${from}/straight`, run);
    }
  });
}
