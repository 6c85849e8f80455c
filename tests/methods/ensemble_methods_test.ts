/** Published and hand-worked facts of the methods that make an ensemble by other means than topology. */
import assert from "node:assert/strict";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { adaBoost, residuals } from "../../lib/methods/ensembles/boosting.ts";
import { LOTTERY_TICKETS, ticketLayer } from "../../lib/methods/ensembles/lottery_tickets.ts";
import { BAGGING } from "../../lib/methods/ensembles/bagging.ts";
import { drivenAway } from "../../lib/methods/ensembles/negative_correlation.ts";
import { antiRandom } from "../../lib/methods/ensembles/prune_and_tune.ts";
import { type MethodName, methodNamed, methodOf } from "../../lib/methods/methods.ts";
import type { Member } from "../../lib/nn/member.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import {
  accuracyOf,
  ensembleOutputs,
  memberOutputs,
  mostProbable,
  openEnsemble,
} from "../../lib/prediction/prediction.ts";
import { modelInputs, scoreMembers } from "../../lib/model/score.ts";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { nnstd } from "../../lib/prediction/nnstd.ts";
import { randomStream } from "../../lib/random.ts";
import { activationOf, completeSettings, type Settings } from "../../lib/settings/mod.ts";
import { blockPattern } from "../../lib/sparse/blocks.ts";
import { positionsOf } from "../../lib/sparse/positions.ts";
import { learningRateAt } from "../../lib/training/learning_rate.ts";
import { edstSchedule } from "../../lib/training/schedule.ts";
import { memberLesson } from "../../lib/ensemble/teaching/mod.ts";
import { finish, problemOf, tinySettings, trained } from "../ensemble/tiny_runs.ts";

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

/** Four members with the answers of their ensemble on the held-out rows. */
function ensembleOf(method: MethodName, changes: Partial<Settings> = {}) {
  const settings = tinySettings(method, { members: 4, ...changes });
  const { members, run } = trained(settings);
  const { features, labels, rows } = problemOf(settings).validation!;
  using ensemble = openEnsemble(members, activationOf(settings), wasmKernels());
  return { members, run, labels, rows, outputs: ensembleOutputs(ensemble, features, rows) };
}

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

Deno.test("Prune and Tune: a pair of children divides its parent, and begins with its weights", () => {
  const settings = tinySettings("prune-and-tune", { members: 4, memberSelection: "last" });
  const begun: Member[] = [];
  let parent: Member | undefined;
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => {
    if (event.type === "member") parent ??= event.member;
    if (event.type !== "member" || event.index === 4) return;
    const layers = run.stage.network.layers.map((layer): StoredSparseLayer => {
      assert.ok(layer.kind === "sparse");
      const { rows, columns, indptr, indices, weights, bias } = layer;
      const arrays = { indptr: indptr.slice(), indices: indices.slice() };
      const data = Float32Array.from(weights);
      return {
        kind: "sparse",
        shape: [rows, columns],
        ...arrays,
        data,
        bias: bias.slice() as Float32Array,
      };
    });
    begun.push({ layers, epoch: 0, validationAccuracy: null });
  });
  assert.equal(begun.length, 4);
  for (const l of [0, 1]) {
    const whole = positions(parent!, l);
    for (const [one, other] of [[begun[0], begun[1]], [begun[2], begun[3]]]) {
      const both = [...positions(one, l), ...positions(other, l)];
      assert.deepEqual(both.sort((a, b) => a - b), whole);
      assert.equal(positions(one, l).length, whole.length / 2);
    }
    assert.notDeepEqual(positions(begun[0], l), positions(begun[2], l));
    const weights = new Map(
      whole.map((at, entry) => [at, (parent!.layers[l] as StoredSparseLayer).data[entry]]),
    );
    for (const child of begun) {
      const { data } = child.layers[l] as StoredSparseLayer;
      assert.deepEqual([...data], positions(child, l).map((at) => weights.get(at)));
      assert.deepEqual([...child.layers[l].bias], [...parent!.layers[l].bias]);
    }
  }
  // The output layer is the parent's.
  assert.deepEqual(positions(begun[3], 2), positions(parent!, 2));
});

Deno.test("Prune and Tune: 140 epochs and six children of 10 are 200, along one cycle each", () => {
  const settings = completeSettings({ method: "prune-and-tune" });
  const { members, epochs, explore } = settings;
  assert.deepEqual([members, epochs, explore], [6, 10, 140]);
  using run = openRun(problemOf(settings), { ...settings, hidden: [8] }, wasmKernels());
  assert.equal(run.schedule.epochs, 200);
  const rate = (epoch: number) => learningRateAt(run.schedule, "step", epoch, 0);
  // A one-cycle rate begins at 1/25 of its top and is there after 30 % of the child's epochs.
  assert.equal(rate(139), settings.learningRate);
  assert.ok(Math.abs(rate(140) - settings.learningRate / 25) < 1e-12);
  assert.ok(Math.abs(rate(143) - settings.learningRate) < 1e-12);
  assert.equal(rate(150), rate(140));
});

Deno.test("anti-random masks: opposite where both halves fit, else filled or cut to the budget", () => {
  const random = () => randomStream(3, "mask");
  for (const [all, count] of [[10, 5], [9, 4], [10, 7], [10, 2], [4, 4]]) {
    const one = new Set(antiRandom(all, count, false, random()));
    const other = new Set(antiRandom(all, count, true, random()));
    assert.deepEqual([one.size, other.size], [count, count]);
    const shared = [...one].filter((entry) => other.has(entry)).length;
    assert.equal(shared, Math.max(0, 2 * count - all), `${count} of ${all}`);
  }
});

Deno.test("a lottery ticket has the strongest trained connections, with their first weights", () => {
  const layer = (data: number[]): StoredSparseLayer => ({
    kind: "sparse",
    shape: [2, 3],
    indptr: Int32Array.of(0, 2, 4),
    indices: Int32Array.of(0, 2, 1, 2),
    data: Float32Array.from(data),
    bias: Float32Array.of(7, 8),
  });
  const pretrained = layer([1, 2, 3, 4]);
  const first = ticketLayer(pretrained, layer([0.5, -9, 0.1, -0.6]), 3);
  assert.deepEqual([[...first.indices], [...first.data]], [[0, 2, 2], [1, 2, 4]]);
  // The next round starts from the connections that were left.
  const trained = { ...first, data: Float32Array.of(5, 0.1, 6), bias: Float32Array.of(0, 0) };
  const second = ticketLayer(pretrained, trained, 2);
  assert.deepEqual([[...second.indptr], [...second.indices]], [[0, 1, 2], [0, 2]]);
  assert.deepEqual([[...second.data], [...second.bias]], [[1, 4], [7, 8]]);
});

Deno.test("lottery tickets: every round leaves 1 − p of the connections, down to the budget", () => {
  const settings = tinySettings("lottery-tickets", {
    members: 2,
    ticketRounds: 2,
    ticketPruneRate: 0.2,
  });
  const counts: number[] = [];
  using run = openRun(problemOf(settings), settings, wasmKernels());
  finish(run, (event) => {
    if (event.type === "member") {
      counts.push((event.member.layers[1] as StoredSparseLayer).indices.length);
    }
  });
  assert.equal(LOTTERY_TICKETS.lineage!.rounds(settings as never), 3);
  // The budget of the layer is 2 × (30 + 30) = 120, and 120 / 0.8 = 150.
  assert.deepEqual(counts.slice(1), [counts[0], 150, 120, counts[0], 150, 120]);
  assert.ok(counts[0] > 150 && counts[0] < 225);
  const [one, other] = run.progress.members;
  assert.equal(run.progress.members.length, 2);
  assert.notDeepEqual(positions(one, 1), positions(other, 1));
});

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

Deno.test("boosting: the weights and votes of AdaBoost, worked by hand for two and three classes", () => {
  const p = (labels: number[], classes: number) =>
    Float32Array.from(
      labels.flatMap((label) =>
        Array.from({ length: classes }, (_, c) => c === label ? 0.6 : 0.4 / (classes - 1))
      ),
    );
  const labels = Int32Array.of(0, 1, 2, 0);
  // e = 1/4, K = 3: ln 3 + ln 2 = ln 6; the weights are 1, 1, 1, 6 of 9.
  const first = adaBoost(labels, [p([0, 1, 2, 1], 3)], 1);
  assert.ok(Math.abs(first.votes[0] - Math.log(6)) < 1e-12);
  [1, 1, 1, 6].forEach((weight, row) =>
    assert.ok(Math.abs(first.weights[row] - weight / 9) < 1e-12)
  );
  // Then e = 1/9: ln 8 + ln 2 = ln 16; the row that is wrong now weighs 16 of 24.
  const second = adaBoost(labels, [p([0, 1, 2, 1], 3), p([1, 1, 2, 0], 3)], 1);
  assert.ok(Math.abs(second.votes[1] - Math.log(16)) < 1e-12);
  assert.ok(Math.abs(second.weights[0] - 16 / 24) < 1e-12);
  assert.ok(Math.abs(second.weights[3] - 6 / 24) < 1e-12);
  // A member that is always right, and one that is always wrong.
  const ends = adaBoost(Int32Array.of(0, 1), [p([0, 1], 2), p([1, 0], 2)], 1);
  assert.ok(Math.abs(ends.votes[0] - Math.log(3)) < 1e-12);
  assert.equal(ends.votes[1], 0);
  assert.deepEqual([...ends.weights], [0.5, 0.5]);
});

Deno.test("boosting: numbers are fitted to what is left, the first in full and the others shrunken", () => {
  const left = residuals(
    Float32Array.of(4, -2),
    [Float32Array.of(2, 0), Float32Array.of(4, 4)],
    0.5,
  );
  assert.deepEqual([...left], [0, -4]);
  const { members, outputs, rows } = ensembleOf("boosting", { task: "regression" });
  assert.deepEqual(members.map(({ vote }) => vote), [1, 0.5, 0.5, 0.5]);
  const sum = new Float64Array(rows);
  const settings = tinySettings("boosting", { task: "regression", members: 4 });
  const { features, targets } = problemOf(settings).validation!;
  const losses = members.map(({ layers, vote }) => {
    using alone = openEnsemble(
      [{ layers, epoch: 0, validationAccuracy: null }],
      activationOf(settings),
      wasmKernels(),
    );
    ensembleOutputs(alone, features, rows).forEach((output, row) => sum[row] += vote! * output);
    return targets!.reduce((all, target, row) => all + (target - sum[row]) ** 2, 0) / rows;
  });
  assert.ok(outputs.every((output, row) => Math.abs(output - sum[row]) < 1e-5));
  assert.ok(losses[3] < losses[0], `${losses}`);
  const classes = ensembleOf("boosting").members.map(({ vote }) => vote!);
  assert.ok(Math.abs(classes.reduce((all, vote) => all + vote, 0) - 1) < 1e-12);
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

Deno.test("members of one parent need a parent, and their epochs follow from no budget", () => {
  const refused = (settings: object) => {
    assert.throws(() => completeSettings({ method: "prune-and-tune", ...settings }), {
      name: "RangeError",
      message: /^Cannot use setting "(explore|budget)": found (0|9), need .* with method "prune-/,
    });
  };
  refused({ explore: 0 });
  refused({ budget: 9 });
});

Deno.test("boosting: votes are kept in the model's file, and every way to the answer takes them", async () => {
  const { features, labels } = problemOf(tinySettings("boosting")).training;
  const dataset = datasetFromArrays({
    features: Array.from(labels, (_, row) => [...features.subarray(6 * row, 6 * row + 6)]),
    labels: [...labels],
  });
  const settings = tinySettings("boosting", { members: 3, calibration: "temperature" });
  const model = await fit(dataset, settings, { kernels: wasmKernels() });
  const file = encodeModel(model);
  assert.equal(JSON.parse(file.metadata.sparsemble).version, 6);
  const again = decodeModel(file, "memory");
  assert.deepEqual(again, model);
  const { temperature: _, ...plain } = model;
  const inputs = modelInputs(model, dataset);
  const activation = activationOf(model.settings);
  using open = openEnsemble(model.members, activation, wasmKernels());
  const each = memberOutputs(open, inputs, dataset.rows);
  const expected = each[0].map((_, i) =>
    each.reduce((sum, output, m) => sum + output[i] * model.members[m].vote!, 0)
  );
  const found = ensembleOutputs(open, inputs, dataset.rows);
  assert.ok(found.every((value, i) => Math.abs(value - expected[i]) < 1e-6));
  const row = ensembleOutputs(open, inputs.subarray(0, 6), 1);
  assert.ok(row.every((value, i) => Math.abs(value - expected[i]) < 1e-6));
  const right = accuracyOf(mostProbable(found, 3), dataset.labels);
  assert.equal(scoreMembers(plain, dataset, wasmKernels()).accuracy, right);
  const [first, ...others] = model.members;
  const broken = encodeModel({ ...model, members: [{ ...first, vote: undefined }, ...others] });
  assert.throws(() => decodeModel(broken, "memory"), /found votes of some members only, need/);
});
