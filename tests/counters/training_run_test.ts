import assert from "node:assert/strict";
import {
  addFlops,
  evaluationFlops,
  type FlopCount,
  layerSizeOf,
  layerSizes,
  memberWeightingFlops,
  noFlops,
  predictionFlops,
  topologyFlops,
  totalFlops,
  validationFlops,
} from "../../lib/counters/flops.ts";
import { type MethodName, methodNamed, methodOf, METHODS } from "../../lib/methods/methods.ts";
import { completeSettings, defaultSettings, type Settings } from "../../lib/settings/mod.ts";
import { train } from "../../lib/ensemble/train.ts";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { endsMember } from "../../lib/training/schedule.ts";
import { randomStream } from "../../lib/random.ts";
import type { NetworkUpdate, TopologyStrategy } from "../../lib/topology/strategy.ts";
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

/** What the kernels executed since an earlier count. */
function since(now: Readonly<Record<Phase, number>>, before: Readonly<Record<Phase, number>>) {
  const more = noFlops();
  for (const phase of PHASES) more[phase] = now[phase] - before[phase];
  return more;
}

/** 80 rows: two batches of 32 and a partial one of 16, none of which needs padding. */
const random = randomStream(1, "rows");
const training = {
  rows: 80,
  columns: 5,
  features: Float32Array.from({ length: 400 }, () => random.normal()),
  labels: Int32Array.from({ length: 80 }, () => random.below(3)),
};

/** 32 of the rows, one batch. */
const validation = {
  rows: 32,
  columns: 5,
  features: training.features.slice(0, 160),
  labels: training.labels.slice(0, 32),
};

/** A number for each of the rows. */
const targets = Float32Array.from({ length: 80 }, () => random.normal());

/** Methods that grow nothing, or nothing in a run as short as these. */
const SELDOM: readonly MethodName[] = [
  ...["gradual", "lottery", "snip", "synflow", "deep-r", "dsr"] as const,
];

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
  // The norms of gradients in blocks, which some methods ask for, are no operations of the kernels.
  ...METHODS.filter((method) => methodNamed(method).layers === "sparse")
    .filter((method) => !["snfs", "srigl", "gse", "granet"].includes(method))
    .map((method): [string, MethodName, Partial<Settings>] => [
      `${method} in blocks`,
      method,
      { blockSize: 4 },
    ]),
  ["set by strength in blocks", "set", { growth: "strength", blockSize: 2 }],
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
      // A method that sees all layers at once tells the operations of its choice itself.
      const { topology, lesson, votes } = methodOf(settings);
      let told = 0;
      const watched = (change: NetworkUpdate): NetworkUpdate => (...surroundings) => {
        const before = { ...kernels.counted };
        const changes = change.apply(topology, surroundings);
        // The kernels take gradients for it. The means of signals take an addition a value.
        told += totalFlops(since(kernels.counted, before));
        Object.assign(kernels.counted, before);
        for (const { flops = 0 } of changes) told += flops;
        if (method !== "gse") return changes;
        for (const { shape } of surroundings[0].layers) told += (shape[0] + shape[1]) * 33;
        return changes;
      };
      const { start, update } = topology;
      const strategy: TopologyStrategy | undefined = start !== undefined
        ? { ...topology, start: watched(start) }
        : typeof update === "function"
        ? { ...topology, update: watched(update) }
        : undefined;
      using run = openRun(problem, settings, kernels, { strategy });
      const expected: FlopCount = noFlops();
      let [updates, scorings] = [0, 0];
      let trained = { ...kernels.counted };
      let sizes = layerSizes(run.stage.network);
      for (const event of train(run)) {
        if (event.type === "batch") {
          trained = { ...kernels.counted };
          sizes = layerSizes(run.stage.network);
          // The batch's weights are added up and scaled.
          const rows = event.batch < event.batches ? 32 : 16;
          if (run.stage.rowWeights !== null) expected.softmax += 2 * rows;
          // The kernels compute probabilities once more; what follows from them is no kernel's.
          if (run.stage.lesson.away !== null) {
            expected.softmax += (settings.task === "regression" ? 3 : 8 * 3) * rows;
          }
          if (run.stage.rows.soft !== undefined) expected.softmax += (3 * 3 + 2) * rows;
        }
        if (event.type === "epoch") {
          // After an epoch's last batch the kernels may score the network, predict for the next
          // member's weights, and take gradients for the topology.
          const more = since(kernels.counted, trained);
          if (endsMember(run.schedule, event.epoch - 1)) {
            subtract(more, evaluationFlops(sizes, training.rows));
            addFlops(expected, validationFlops(sizes, training.rows));
            const isAsked = settings.memberWeighting > 0 || lesson !== undefined;
            if (isAsked && event.epoch < run.schedule.epochs) {
              subtract(more, predictionFlops(sizes, training.rows));
              addFlops(expected, memberWeightingFlops(sizes, training.rows));
            }
          }
          expected.topology += totalFlops(more);
          if (totalFlops(more) > 0) {
            scorings++;
            // The batch of the gradient has its weights added up and scaled too.
            if (run.stage.rowWeights !== null) expected.topology += 2 * 32;
          }
          Object.assign(kernels.counted, trained);
        }
        if (event.type !== "topology") continue;
        const { grown, removed = grown, step, notes } = event;
        const candidates = Number(notes.iterations ?? 0);
        updates += grown > 0 ? 1 : 0;
        const { blockSize = 1 } = settings;
        // A block's magnitude takes a multiply-add for every weight, and a root.
        const { nnz } = sizes[event.layer];
        if (blockSize > 1 && strategy === undefined) expected.topology += 2 * nnz + nnz / blockSize;
        if (blockSize > 1 && settings.growth === "gradient") {
          // So does the gradient of every free block.
          const { rows, columns } = sizes[event.layer];
          const free = rows * columns - (nnz - grown);
          expected.topology += 2 * free + free / blockSize;
        }
        if (settings.growth === "strength" && grown > 0) {
          // One addition per connection makes the strengths of the neurons.
          expected.topology += nnz;
        }
        if (optimizer === "adam" && grown > 0) {
          // Mean second moments: an addition per survivor, and two operations per neuron.
          const { rows } = sizes[event.layer];
          // The sizes after a batch are those after its update by steps.
          expected.topology += nnz - (step === undefined ? removed : grown) + 2 * rows;
        }
        // Connections grown by gradient begin with weight 0, which nobody draws, as do theirs.
        if (settings.growth === "gradient" && candidates === 0 || method === "set-itop") continue;
        if (strategy !== undefined && !["importance", "subspaces"].includes(method)) continue;
        expected.topology += topologyFlops(grown, "he-uniform", candidates).topology;
      }
      // The members are asked once more for their votes.
      if (votes !== undefined) {
        for (const { layers } of run.progress.members) {
          const sizes = layers.map(layerSizeOf);
          subtract(expected, predictionFlops(sizes, training.rows));
          addFlops(expected, memberWeightingFlops(sizes, training.rows));
        }
      }
      assert.ok(run.progress.step >= 3 * 7);
      addFlops(expected, { ...noFlops(), ...kernels.counted, topology: told });
      assert.deepEqual(run.progress.flops, expected);
      const grows = topology.update !== undefined || topology.start !== undefined;
      if (!SELDOM.includes(method)) assert.equal(updates > 0, grows);
      if (strategy === undefined) assert.equal(scorings > 0, settings.growth === "gradient");
    });
  }
}

for (const task of ["classification", "regression"] as const) {
  Deno.test(`a run with held-out rows and trials counts their scores: ${task}`, () => {
    const regression = task === "regression";
    const settings = completeSettings({
      method: "static",
      recipe: "modern",
      task,
      hidden: [12, 12],
      epsilon: 2,
      embedding: "none",
      epochs: 3,
      members: 1,
      trials: 2,
      candidates: [{ dropout: 0 }, { dropout: 0.3 }, { dropout: 0.1 }],
      batchSize: 32,
      dropLastBatch: false,
      labelSmoothing: 0,
      memberSelection: "last",
    });
    const kernels = countingReference();
    const numbers = ({ rows, ...rest }: typeof training) => ({
      ...{ ...rest, rows, labels: new Int32Array(rows), targets: targets.slice(0, rows) },
    });
    const problem = regression
      ? { training: numbers(training), validation: numbers(validation), classes: 1 }
      : { training, validation, classes: 3 };
    using run = openRun(problem, settings, kernels);
    let trained = { ...kernels.counted };
    const scored = noFlops();
    for (const event of train(run)) {
      if (event.type === "batch") trained = { ...kernels.counted };
      if (event.type === "epoch") addFlops(scored, since(kernels.counted, trained));
    }
    // Beside the kernels: six members' outputs are added up, and each of three candidates has a mean of
    // two. Mixtures of one to four parts are tried with each candidate: a mean of the parts, and a loss.
    const outputs = regression ? 1 : 3;
    const mixtures = 3 * (outputs * (2 + 3 + 4 + 5) + 4 * 3);
    const means = 32 * (6 * outputs * 2 + 3 * outputs * 3 + mixtures);
    assert.equal(run.progress.flops.validation, totalFlops(scored) + means);
    const executed = totalFlops({ ...noFlops(), ...kernels.counted });
    assert.equal(totalFlops(run.progress.flops), executed + means);
  });
}
