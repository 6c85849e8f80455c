/** Published and hand-worked facts of the methods that make an ensemble by other means than topology. */
import assert from "node:assert/strict";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { BAGGING } from "../../lib/methods/ensembles/bagging.ts";
import { drivenAway } from "../../lib/methods/ensembles/negative_correlation.ts";
import { type MethodName, methodNamed, methodOf } from "../../lib/methods/methods.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import {
  accuracyOf,
  ensembleOutputs,
  mostProbable,
  openEnsemble,
} from "../../lib/prediction/prediction.ts";
import { nnstd } from "../../lib/prediction/nnstd.ts";
import { randomStream } from "../../lib/random.ts";
import { activationOf, completeSettings } from "../../lib/settings/mod.ts";
import { blockPattern } from "../../lib/sparse/blocks.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { learningRateAt } from "../../lib/training/learning_rate.ts";
import { edstSchedule } from "../../lib/training/schedule.ts";
import { memberLesson } from "../../lib/ensemble/teaching/mod.ts";
import { ensembleOf, finish, problemOf, tinySettings, trained } from "../ensemble/tiny_runs.ts";

/** The methods of this file. */
const NAMES = [
  "dst-ensemble",
  "prune-and-tune",
  "lottery-tickets",
  "snapshots",
  "bagging",
  "subspaces",
  "boosting",
  "ncl",
  "born-again",
] as const satisfies readonly MethodName[];

/** The positions of a member's connections in a layer, or of its blocks. */
function positions({ layers }: Member, l: number): number[] {
  return [...positionsOf(blockPattern(layers[l] as StoredSparseLayer))];
}

for (const method of NAMES) {
  for (const blockSize of [1, 2] as const) {
    Deno.test(`${method}, G = ${blockSize}: members, budget, distances`, async () => {
      const { members, labels, outputs, run } = ensembleOf(method, { blockSize });
      assert.equal(members.length, 4);
      assert.ok(accuracyOf(mostProbable(outputs, 3), labels) > 0.85);
      for (const { layers } of members) {
        layers.slice(0, -1).forEach((layer, l) => {
          assert.ok(layer.kind === "sparse");
          const [rows, columns] = layer.shape;
          const density = 2 * (rows + columns) / (rows * columns);
          const most = run.schedule.members > 4
            ? 0
            : 4 * Math.sqrt(blockSize * density * rows * columns);
          // The drawn number has a mean of the budget; pruning never leaves more than it.
          assert.ok(layer.data.length <= density * rows * columns + most + 0.5 * blockSize);
          assert.equal(layer.blockSize ?? 1, blockSize);
          assert.equal(layer.data.length, layer.indices.length * blockSize, `layer ${l}`);
        });
      }
      const distances = await nnstd(members[0].layers, members[1].layers);
      assert.ok(distances.every(({ distance }) => distance >= 0 && distance <= 1));
      assert.equal(distances.some(({ distance }) => distance > 0), method !== "snapshots");
    });
  }
}

Deno.test("snapshots: the learning rate of the publication's equation 2, and one topology", () => {
  const settings = completeSettings({ method: "snapshots", epochs: 300, members: 6 });
  const schedule = edstSchedule(settings);
  const rate = (epoch: number) =>
    learningRateAt(schedule, settings.learningRateCurve, epoch, 0) / settings.learningRate;
  for (const epoch of [0, 1, 25, 49, 50, 75, 299]) {
    const expected = (Math.cos(Math.PI * (epoch % 50) / 50) + 1) / 2;
    assert.ok(Math.abs(rate(epoch) - expected) < 1e-12, `epoch ${epoch}`);
  }
  const { members } = ensembleOf("snapshots");
  for (const member of members) assert.deepEqual(positions(member, 1), positions(members[0], 1));
  const [one, other] = members.map(({ layers }) => layers[1] as StoredSparseLayer);
  assert.notDeepEqual([...one.data], [...other.data]);
});

Deno.test("bagging: members draw 63 % of the rows, each others, the same again", () => {
  const rows = 20_000;
  const draw = (member: number) => BAGGING.sample!(rows, randomStream(1, "rows", member));
  const share = new Set(draw(0)).size / rows;
  assert.ok(Math.abs(share - (1 - Math.exp(-1))) < 0.02, `${share}`);
  assert.deepEqual(draw(0), draw(0));
  assert.notDeepEqual(draw(0), draw(1));
});

Deno.test("random subspaces: connections lead from half of the inputs alone, through all updates", () => {
  const settings = tinySettings("subspaces", { members: 3, interval: 1, pruneRate: 0.5 });
  const seen = new Map<number, Set<number>>();
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => {
    if (event.type !== "epoch") return;
    const [{ indices }] = run.stage.network.layers as unknown as StoredSparseLayer[];
    const before = seen.get(event.member) ?? new Set();
    // At a member's end the network is the next one's.
    if (event.epoch % 12 !== 0) seen.set(event.member, before.union(new Set(indices)));
  });
  assert.deepEqual([...seen.values()].map(({ size }) => size), [3, 3, 3]);
  assert.ok(new Set([...seen.values()].map((columns) => [...columns].sort().join())).size > 1);
});

Deno.test("negative correlation: the penalty is the publication's, and members answer less alike", () => {
  // f − F is (m − 1) / m of the distance to the mean of the others: λ 3/4 of it with four members.
  const others = [Float32Array.of(0), Float32Array.of(3), Float32Array.of(6)];
  const { outputs, strength } = drivenAway(others, 1);
  assert.deepEqual([...outputs, strength], [3, 0.75]);
  const f = 5;
  const mean = (0 + 3 + 6 + f) / 4;
  assert.equal(strength * (f - outputs[0]), f - mean);
  const spread = (correlationPenalty: number) => {
    const settings = tinySettings("ncl", {
      ...{ task: "regression", members: 3, learningRate: 0.02, seed: 5 },
      correlationPenalty,
    });
    const { members } = trained(settings);
    const { features, rows } = problemOf(settings).training;
    const each = members.map((member) => {
      using alone = openEnsemble([member], activationOf(settings), wasmKernels());
      return ensembleOutputs(alone, features, rows);
    });
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const mean = each.reduce((sum, output) => sum + output[row], 0) / each.length;
      for (const output of each) squares += (output[row] - mean) ** 2;
    }
    return squares;
  };
  assert.ok(spread(0.9) > spread(0));
});

Deno.test("born-again: a member learns a half of its class and a half of the mean of those before it", () => {
  const settings = completeSettings({ method: "born-again", labelSmoothing: 0.2 });
  const rows = { features: new Float32Array(2), rows: 2, columns: 1, labels: Int32Array.of(0, 1) };
  const kernels = wasmKernels();
  // Members without weights answer by their bias: 1/2 and 1/2, and 1/5 and 4/5.
  const member = (...bias: number[]): Member => ({
    layers: [{
      kind: "dense",
      shape: [2, 1],
      weights: new Float32Array(2),
      bias: Float32Array.from(bias),
    }],
    epoch: 1,
    validationAccuracy: null,
  });
  const earlier = [member(0, 0), member(0, Math.log(4))];
  const softOf = (number: number, changes: object = {}) =>
    memberLesson(
      rows,
      rows,
      completeSettings({ ...settings, ...changes }),
      earlier.slice(0, number),
      number,
      kernels,
    ).rows.soft;
  const close = (found: Float32Array | undefined, wanted: readonly number[]) => {
    assert.equal(found?.length, wanted.length);
    found!.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-6, `${found}`));
  };
  assert.equal(softOf(0), undefined);
  // The smoothed classes are 0.9 and 0.1; the means 0.5 and 0.5, then 0.35 and 0.65.
  close(softOf(1), [0.7, 0.3, 0.3, 0.7]);
  close(softOf(2), [0.625, 0.375, 0.225, 0.775]);
  close(softOf(2, { teacherShare: 1 }), [0.35, 0.65, 0.35, 0.65]);
  assert.equal(softOf(2, { teacherShare: 0 }), undefined);
  // Numbers: a half of 4 and a half of the mean of 1 and 3.
  const lesson = methodNamed("born-again").lesson!(
    { rows: 1, labels: new Int32Array(1), targets: Float32Array.of(4) },
    [Float32Array.of(1), Float32Array.of(3)],
    { teacherShare: 0.5 },
  );
  assert.deepEqual(lesson, { targets: Float32Array.of(3) });
});

Deno.test("DST ensemble: magnitudes and gradients, every thousand steps, half of the connections", () => {
  const { topology } = methodOf(completeSettings({ method: "dst-ensemble" }));
  assert.deepEqual([topology.when?.every, topology.when?.unit], [1000, "steps"]);
  assert.equal(topology.when?.pruneRate?.(0), 0.5);
});
