/**
 * The elapsed time of training with one worker and with two, in turn: deno run --allow-read --allow-write
 * --allow-ffi=.cache/native --allow-sys=loadavg results/workers/speed.ts. It writes speed.json beside it.
 */
import { openRun, train, trainTogether, workerThreads } from "../../lib/ensemble/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { openKernels } from "../../lib/kernels/mod.ts";
import { randomStream } from "../../lib/random.ts";
import { completeSettings } from "../../lib/settings/mod.ts";

const REPEATS = 5;
const [ROWS, COLUMNS] = [128 * 40, 28];

const random = randomStream(1, "noise");
const features = Float32Array.from({ length: ROWS * COLUMNS }, () => random.normal());
const labels = Int32Array.from({ length: ROWS }, () => random.below(2));
const problem = {
  training: { rows: ROWS, columns: COLUMNS, features, labels },
  validation: null,
  classes: 2,
};

/** What takes turns: settings, and threads. */
const KINDS = {
  "one worker": [{}, 1],
  "one worker, kernels on two threads": [{}, 2],
  "two, synchronous": [{ workers: 2, apart: 0 }, 2],
  "two, asynchronous": [{ workers: 2, exchange: "asynchronous", apart: 0 }, 2],
  "two, apart after the first of four epochs": [{ workers: 2, apart: 0.75 }, 2],
} as const;

/** Seconds of four epochs, without the start of threads. */
async function secondsOf(kind: keyof typeof KINDS): Promise<number> {
  const [changes, threads] = KINDS[kind];
  const settings = completeSettings({
    method: "set",
    epsilon: 20,
    epochs: 4,
    learningRate: 0.001,
    validationFraction: 0,
    memberSelection: "last",
    ...changes,
  });
  const isTeam = settings.workers !== undefined;
  using opened = await openKernels("auto", isTeam ? 1 : threads);
  using run = openRun(problem, settings, opened.kernels);
  using team = isTeam ? await workerThreads(run, threads) : null;
  const began = performance.now();
  if (team === null) for (const _ of train(run));
  else for await (const _ of trainTogether(run, { team }));
  return (performance.now() - began) / 1000;
}

const load = [Deno.loadavg()[0]];
const seconds: Record<string, number[]> = {};
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    (seconds[kind] ??= []).push(await secondsOf(kind));
  }
}
load.push(Deno.loadavg()[0]);
using opened = await openKernels("auto", 1);
const record = { kernels: opened.kernels.description, processors: 2, load, seconds };
writeFileAtomically(
  new URL("speed.json", import.meta.url).pathname,
  `${JSON.stringify(record, null, 2)}\n`,
);
