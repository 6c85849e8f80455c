/**
 * The processor time of the parts of a step, one after the other in this thread: deno run --allow-read
 * --allow-write --allow-ffi=.cache/native results/workers/costs.ts. It writes costs.json beside it. Processor
 * time is told, because elapsed time says little on a machine that has other work.
 */
import { openRun } from "../../lib/ensemble/mod.ts";
import { perWeightViews } from "../../lib/ensemble/workers/team.ts";
import { processorSeconds } from "../../lib/counters/mod.ts";
import { writeFileAtomically } from "../../lib/files/mod.ts";
import { openKernels } from "../../lib/kernels/mod.ts";
import { applyGradient, meanGradient, trainStep } from "../../lib/nn/mod.ts";
import { randomStream } from "../../lib/random.ts";
import { completeSettings, optimizerOf } from "../../lib/settings/mod.ts";
import { median } from "../../lib/statistics/mod.ts";
import { gatherBatch } from "../../lib/training/mod.ts";

const REPEATS = 9;
const STEPS = 8;
const BATCH = 128;

/** Rows of noise: their number, and not their values, decides on the time. */
function noise(rows: number, columns: number) {
  const random = randomStream(1, "noise");
  const features = Float32Array.from({ length: rows * columns }, () => random.normal());
  return { rows, columns, features, labels: Int32Array.from({ length: rows }, () => random.below(2)) };
}

using opened = await openKernels("auto", 1);
const networks = [];
for (const width of [300, 1000, 3000]) {
  const settings = completeSettings({
    method: "set",
    hidden: [width, width, width],
    epsilon: 20,
    validationFraction: 0,
    memberSelection: "last",
  });
  const problem = { training: noise(BATCH * 4, 28), validation: null, classes: 2 };
  using run = openRun(problem, settings, opened.kernels);
  const { network, workspace, rows } = run.stage;
  const options = { dropout: 0.2, labelSmoothing: 0, dropKey: () => 7 };
  const step = { optimizer: optimizerOf(settings), learningRate: 0.01, step: 1 };
  const size = network.layers.reduce((sum, it) => sum + it.weights.length + it.bias.length, 0);
  const shared = new Float32Array(new SharedArrayBuffer(4 * size));
  const views = perWeightViews(network, shared);
  const parts: Record<string, () => void> = {
    // A step of one worker.
    step: () => {
      gatherBatch(workspace, rows, null, 0, BATCH);
      trainStep(network, workspace, BATCH, { ...options, ...step });
    },
    // A worker's part.
    gradient: () => {
      gatherBatch(workspace, rows, null, 0, BATCH);
      meanGradient(network, workspace, BATCH, options);
    },
    // A copy of weights or of a gradient: a worker makes two, its master one, and adds one.
    copy: () =>
      network.layers.forEach((layer, l) => {
        views[l].weights.set(layer.weights);
        views[l].bias.set(layer.bias);
      }),
    add: () =>
      network.layers.forEach(({ gradient }, l) => {
        for (const part of ["weights", "bias"] as const) {
          const [sum, own] = [gradient![part], views[l][part]];
          for (let i = 0; i < sum.length; i++) sum[i] += 0.5 * own[i];
        }
      }),
    update: () => applyGradient(network, step),
  };
  const times: Record<string, number[]> = {};
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [name, part] of Object.entries(parts)) {
      const before = processorSeconds();
      for (let i = 0; i < STEPS; i++) part();
      (times[name] ??= []).push((processorSeconds() - before) / STEPS);
    }
  }
  const milliseconds = Object.fromEntries(
    Object.entries(times).map(([name, own]) => [name, 1000 * median(own)]),
  );
  networks.push({ width, parameters: size, milliseconds });
}
const record = { batch: BATCH, kernels: opened.kernels.description, networks };
writeFileAtomically(
  new URL("costs.json", import.meta.url).pathname,
  `${JSON.stringify(record, null, 2)}\n`,
);
