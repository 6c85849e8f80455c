import assert from "node:assert/strict";
import {
  addFlops,
  evaluationFlops,
  type FlopCount,
  layerSizes,
  memberWeightingFlops,
  noFlops,
  predictionFlops,
  topologyFlops,
  totalFlops,
} from "../../lib/counters/flops.ts";
import { type MethodName, methodNamed, METHODS } from "../../lib/methods/methods.ts";
import { completeSettings, defaultSettings, type Settings } from "../../lib/settings/mod.ts";
import { train } from "../../lib/ensemble/train.ts";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { endsMember } from "../../lib/training/schedule.ts";
import { randomStream } from "../../lib/random.ts";
import { countingReference, type Phase } from "./counting_reference.ts";

const PHASES: readonly Phase[] = [
  "forward",
  "activation",
  "softmax",
  "inputGradient",
  "weightGradient",
  "update",
];

function subtract(from: FlopCount, less: FlopCount): void {
  for (const phase of PHASES) from[phase] -= less[phase];
}

/** 80 rows: two batches of 32 and a partial one of 16, none of which needs padding. */
const random = randomStream(1, "rows");
const training = {
  rows: 80,
  columns: 5,
  features: Float32Array.from({ length: 400 }, () => random.normal()),
  labels: Int32Array.from({ length: 80 }, () => random.below(3)),
};

/** A number for each of the rows. */
const targets = Float32Array.from({ length: 80 }, () => random.normal());

const several = (method: MethodName) => defaultSettings(method).members > 1;
const CASES: [string, MethodName, Partial<Settings>][] = [
  ...METHODS.map((method): [string, MethodName, Partial<Settings>] => [method, method, {}]),
  ["fd by gradient", "fd", { growth: "gradient" }],
  ["rd by the gradient of all positions", "rd", { growth: "gradient", growthCandidates: null }],
  ["dist by gradient", "dist", { growth: "gradient" }],
  ["edst by gradient, weighted", "edst", { growth: "gradient", classWeights: "balanced" }],
  ["set by strength", "set", { growth: "strength" }],
  ["edst by strength", "edst", { growth: "strength" }],
  ["fd by strength of all positions", "fd", { growth: "strength", growthCandidates: null }],
  ["weighted members", "fd", { memberWeighting: 1 }],
  ["weighted members by gradient", "fd", { memberWeighting: 1, growth: "gradient" }],
  ["weighted dense members", "dense-ensemble", { memberWeighting: 1 }],
  ...METHODS.map((method): [string, MethodName, Partial<Settings>] => [
    `${method}, numbers`,
    method,
    { task: "regression", labelSmoothing: 0 },
  ]),
  ["fd by gradient, numbers", "fd", { task: "regression", labelSmoothing: 0, growth: "gradient" }],
];

for (const [name, method, changes] of CASES) {
  for (const optimizer of ["sgd", "adam"] as const) {
    Deno.test(`a whole run counts what its kernels execute: ${name}, ${optimizer}`, () => {
      const settings = completeSettings({
        method,
        optimizer,
        hidden: [12, 12],
        ...(method.startsWith("dense") ? {} : { epsilon: 2 }),
        epochs: 7,
        ...(several(method) ? { members: 2 } : {}),
        ...(["fd", "rd", "dist", "edst"].includes(method) ? { explore: 3 } : {}),
        interval: 1,
        memberSelection: "last",
        validationFraction: 0,
        batchSize: 32,
        dropLastBatch: false,
        learningRate: 0.01,
        labelSmoothing: 0.1,
        ...changes,
      });
      const kernels = countingReference();
      const problem = settings.task === "classification"
        ? { training, validation: null, classes: 3 }
        : {
          training: { ...training, labels: new Int32Array(80), targets },
          validation: null,
          classes: 1,
        };
      using run = openRun(problem, settings, kernels);
      const expected: FlopCount = noFlops();
      let [updates, scorings] = [0, 0];
      let trained = { ...kernels.counted };
      let sizes = layerSizes(run.stage.network);
      for (const event of train(run)) {
        if (event.type === "batch") {
          trained = { ...kernels.counted };
          sizes = layerSizes(run.stage.network);
        }
        if (event.type === "epoch") {
          // After an epoch's last batch the kernels may score the network, which is no part of
          // training, predict for the next member's weights, and take gradients for the topology.
          const more = noFlops();
          for (const phase of PHASES) more[phase] = kernels.counted[phase] - trained[phase];
          if (endsMember(run.schedule, event.epoch - 1)) {
            subtract(more, evaluationFlops(sizes, training.rows));
            if (settings.memberWeighting > 0 && event.epoch < run.schedule.epochs) {
              subtract(more, predictionFlops(sizes, training.rows));
              addFlops(expected, memberWeightingFlops(sizes, training.rows));
            }
          }
          expected.topology += totalFlops(more);
          scorings += totalFlops(more) > 0 ? 1 : 0;
          Object.assign(kernels.counted, trained);
        }
        if (event.type !== "topology") continue;
        const { grown, notes } = event;
        const candidates = Number(notes.iterations ?? 0);
        updates += grown > 0 ? 1 : 0;
        if (settings.growth === "strength" && grown > 0) {
          // One addition per connection makes the strengths of the neurons.
          expected.topology += sizes[event.layer].nnz;
        }
        // Connections grown by gradient begin with weight 0, which nobody draws.
        if (settings.growth === "gradient" && candidates === 0) continue;
        expected.topology += topologyFlops(grown, "he-uniform", candidates).topology;
      }
      assert.ok(run.progress.step >= 3 * 7);
      addFlops(expected, { ...kernels.counted, topology: 0 });
      assert.deepEqual(run.progress.flops, expected);
      assert.equal(
        updates > 0,
        methodNamed(method).strategy !== undefined,
      );
      assert.equal(scorings > 0, settings.growth === "gradient");
    });
  }
}
