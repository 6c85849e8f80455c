import assert from "node:assert/strict";
import type { Problem } from "../../../lib/ensemble/problem.ts";
import type { TrainingEvent } from "../../../lib/ensemble/training_event.ts";
import { TrainingDiverged } from "../../../lib/ensemble/divergence.ts";
import { openRun } from "../../../lib/ensemble/training_run.ts";
import { completeSettings } from "../../../lib/settings/mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { layerSizeOf, totalFlops, trainingStepFlops } from "../../../lib/counters/flops.ts";
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { wasmKernels } from "../../../lib/kernels/wasm/wasm.ts";
import { PLAIN_SGD } from "../../nn/example_networks.ts";
import { finish, METHODS, openBreakingRun, PROBLEM, tinySettings, trained } from "../tiny_runs.ts";

Deno.test("a run that diverges stops with what to change", () => {
  const wild: Problem = {
    ...PROBLEM,
    training: { ...PROBLEM.training, features: PROBLEM.training.features.map((x) => x * 1000) },
  };
  for (const method of METHODS) {
    for (const kernels of [wasmKernels(), referenceKernels()]) {
      const settings = tinySettings(method, { learningRate: 1000, scaling: "none" });
      using run = openRun(wild, settings, kernels);
      assert.throws(() => finish(run), (error: Error) => {
        assert.ok(error instanceof TrainingDiverged);
        assert.match(
          error.message,
          /^Cannot go on training: the loss is \S+ in epoch 1, batch \d+; try a learning rate below (1000|999\.\d+), or scaling other than "none", or onDivergence "rollback"$/,
        );
        return true;
      });
    }
  }
});

Deno.test("a network that breaks in the very last step is no member", () => {
  for (const validation of [PROBLEM.validation, null]) {
    for (const memberSelection of ["best", "last"] as const) {
      // One batch in all: the loss it tells is still that of the fresh network.
      const settings = tinySettings("static", {
        epochs: 1,
        batchSize: 200,
        learningRate: 1000,
        memberSelection,
      });
      const problem = { ...PROBLEM, validation };
      let loss = Infinity;
      using run = openRun(problem, settings, wasmKernels());
      const batch = () => loss = run.progress.loss / 200;
      assert.throws(() => finish(run, batch), (error: Error) => {
        assert.ok(error instanceof TrainingDiverged);
        assert.match(error.message, /in epoch 1, batch 1; try a learning rate below 1000/);
        return true;
      });
      assert.ok(loss < 10);
      assert.deepEqual(run.progress.members, []);
    }
  }
});

Deno.test("a run can go back to the epoch's beginning and try half the learning rate", () => {
  const settings = tinySettings("fd", { learningRate: 0.4, onDivergence: "rollback" });
  const found: unknown[] = [];
  using run = openBreakingRun(
    settings,
    ({ epoch, batch, rollbacks: { length } }) => epoch === 0 && length < 3 && batch === 7 - length,
  );
  const members = finish(run, (event) => event.type === "rollback" && found.push(event));
  const expected = [0.4, 0.2, 0.1].map((learningRate, i) => ({
    epoch: 1,
    batch: 8 - i,
    loss: "NaN",
    learningRate,
  }));
  assert.deepEqual(found, expected.map((rollback) => ({ type: "rollback", ...rollback })));
  assert.deepEqual(run.progress.rollbacks, expected);
  // Back in the first epoch, it is the run that began with the rate it ends with.
  const other = trained(tinySettings("fd", { learningRate: 0.05 }));
  assert.deepEqual(members, other.members);
  // What the 8, 7 and 6 batches cost that were for nothing stays counted.
  const { layers } = other.run.progress.members[0];
  const step = trainingStepFlops(layers.map(layerSizeOf), 20, PLAIN_SGD, false);
  const wasted = 21 * totalFlops(step);
  const history = other.run.progress.history.map((epoch) => ({
    ...epoch,
    flops: epoch.flops + wasted,
  }));
  assert.deepEqual(run.progress.history, history);
  assert.equal(totalFlops(run.progress.flops), totalFlops(other.run.progress.flops) + wasted);
  assert.equal(run.progress.step, other.run.progress.step);
});

Deno.test("every independent member begins with the full learning rate, and may go back three times", () => {
  const settings = tinySettings("set", { members: 3, epochs: 4, onDivergence: "rollback" });
  const back: [member: number, learningRate: number][] = [];
  // The first member breaks three times in its second epoch, the third member in its first.
  using run = openBreakingRun(settings, ({ epoch, batch, rollbacks: { length } }) => {
    return batch === 3 && (epoch === 1 && length < 3 || epoch === 8 && length < 6);
  });
  const members = finish(run, (event) => {
    if (event.type === "rollback") {
      back.push([Math.floor((event.epoch - 1) / 4), event.learningRate]);
    }
  });
  assert.deepEqual(back, [0, 2].flatMap((member) => [0.05, 0.025, 0.0125].map((η) => [member, η])));
  const sound = trained(settings).members;
  assert.deepEqual(members[1], sound[1]);
  assert.notDeepEqual(members[0], sound[0]);
});

Deno.test("a network that was broken when its epoch began begins anew, with half the rate", () => {
  for (const [method, changes] of [["set", { members: 2 }], ["fd", {}]] as const) {
    const settings = tinySettings(method, { epochs: 10, onDivergence: "rollback", ...changes });
    const [broken, member] = method === "set" ? [13, 1] : [8, 0];
    let found: TrainingEvent | undefined;
    // A first batch tells of the network as the epoch found it.
    using run = openBreakingRun(
      settings,
      ({ epoch, batch, rollbacks }) => epoch === broken && batch === 0 && rollbacks.length === 0,
    );
    const members = finish(run, (event) => {
      if (found?.type === "rollback" && event.type === "batch") {
        assert.deepEqual([event.epoch, event.batch], [member * 10, 1]);
        assert.equal(run.progress.members.length, member);
        found = undefined;
      }
      if (event.type === "rollback") found = event;
    });
    assert.equal(run.progress.rollbacks.length, 1);
    assert.equal(run.progress.history.length, run.schedule.epochs);
    assert.ok(run.progress.history.every(({ epoch }, e) => epoch === e + 1));
    // It ends as the member that began with half the rate.
    const half = trained({ ...settings, learningRate: 0.025 });
    assert.deepEqual(members[member], half.members[member]);
    assert.equal(run.progress.step, half.run.progress.step);
  }
});

Deno.test("balanced weights train where one row in a thousand is rare, at the paper's learning rate", () => {
  const random = randomStream(1, "rare");
  const rows = 3000;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 1000 === 7 ? 1 : 0);
  const features = Float32Array.from(
    { length: 6 * rows },
    (_, i) => 0.5 + 0.15 * random.normal() + 0.3 * labels[Math.floor(i / 6)],
  );
  const settings = completeSettings({
    method: "fd",
    classWeights: "balanced",
    hidden: [200, 200, 200],
    epochs: 12,
    explore: 4,
    members: 2,
    memberSelection: "last",
    validationFraction: 0,
  });
  assert.deepEqual([settings.learningRate, settings.onDivergence], [0.1, "rollback"]);
  const training = { rows, columns: 6, features, labels };
  const { members, run } = trained(settings, {
    problem: { training, validation: null, classes: 2 },
  });
  assert.equal(members.length, 2);
  assert.ok(run.progress.history.every(({ loss }) => loss < 1000));
});

Deno.test("a run whose last batch of an epoch breaks the network goes back as well", () => {
  const settings = tinySettings("fd", { onDivergence: "rollback" });
  // After the tenth batch the validation rows are scored.
  using run = openBreakingRun(
    settings,
    ({ epoch, batch, rollbacks }) => epoch === 5 && batch === 10 && rollbacks.length === 0,
  );
  finish(run);
  assert.deepEqual(run.progress.rollbacks, [
    { epoch: 6, batch: 10, loss: "NaN", learningRate: 0.05 },
  ]);
  assert.equal(run.progress.history.length, 12);
});

Deno.test("a run goes back three times and no more", () => {
  const settings = tinySettings("fd", { learningRate: 16, onDivergence: "rollback" });
  using run = openBreakingRun(settings, () => true);
  assert.throws(() => finish(run), {
    name: "TrainingDiverged",
    message: "Cannot go on training: the loss is NaN in epoch 1, batch 1, although the learning " +
      "rate was halved 3 times; try a learning rate below 2",
  });
});
