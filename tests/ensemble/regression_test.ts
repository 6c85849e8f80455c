import assert from "node:assert/strict";
import { assessNumbers } from "../../lib/prediction/assessment.ts";
import { Buffer } from "node:buffer";
import {
  completeSettings,
  datasetFromArrays,
  fit,
  predict,
  predictProba,
  predictValues,
  score,
  scoreMembers,
  scoreRegression,
  type Settings,
  splitDataset,
  TrainingDiverged,
} from "../../mod.ts";
import { decodeModel, encodeModel } from "../../lib/model/mod.ts";
import { keptMembers } from "../../lib/ensemble/trials.ts";
import { openRun, prepareProblem, train } from "../../lib/ensemble/mod.ts";
import { regressionErrors } from "../../lib/prediction/mod.ts";
import { wasmKernels } from "../../lib/kernels/wasm/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import {
  fitTargetScaling,
  scaleTargets,
  unscaleTargets,
} from "../../lib/data/preprocessing/target_scaling.ts";
import { lossLimit } from "../../lib/ensemble/problem.ts";
import { randomStream } from "../../lib/random.ts";
import { readJsonFile } from "../files.ts";
import { METHODS, NUMBERS, PROBLEM, SEQUENTIAL, tinySettings, trained } from "./tiny_runs.ts";

const fixture = readJsonFile(new URL("../data/fixtures/column_types.json", import.meta.url));
const kernels = wasmKernels();

/** A number far from 0 that follows from three of five columns, with noise of deviation 1. */
function numbers(rows: number, seed = 1) {
  const random = randomStream(seed, "numbers");
  const features = Array.from(
    { length: rows },
    () => Array.from({ length: 5 }, () => random.float()),
  );
  const targets = features.map(([a, b, c]) =>
    5000 + 100 * a + 80 * (b > 0.5 ? c : 1 - c) + random.normal()
  );
  return datasetFromArrays({ features, targets });
}

const SMALL: Partial<Settings> = {
  ...{
    method: "fd",
    hidden: [40, 40],
    epsilon: 6,
    batchSize: 16,
    epochs: 60,
    explore: 20,
    members: 2,
  },
};
const { train: rows, test } = splitDataset(numbers(600), 0.25, randomStream(1, "split"));
const model = await fit(rows, SMALL, { kernels });

Deno.test("regressionErrors are scikit-learn's, and the target's scale is its StandardScaler's", () => {
  const { target, predicted, rmse, mae, r2, mean, deviation } = fixture.regression;
  const errors = regressionErrors(predicted, target);
  for (const [name, value] of Object.entries({ rmse, mae, r2 })) {
    assert.ok(Math.abs(errors[name as "r2"] / value - 1) < 1e-12, name);
  }
  const targets = Float32Array.from(target as number[]);
  const scaling = fitTargetScaling(targets, "table", "y");
  assert.ok(Math.abs(scaling.mean / mean - 1) < 1e-12, `${scaling.mean}`);
  assert.ok(Math.abs(scaling.deviation / deviation - 1) < 1e-12, `${scaling.deviation}`);
  const back = unscaleTargets(scaling, scaleTargets(scaling, targets));
  assert.ok(back.every((value, row) => Math.abs(value - targets[row]) < 2e-4));

  assert.equal(regressionErrors([3, 3], [3, 3]).r2, 1);
  assert.equal(regressionErrors([3, 4], [3, 3]).r2, 0);
});

Deno.test("an ensemble predicts numbers in the unit of the target: the mean of its members", () => {
  assert.equal(model.settings.task, "regression");
  assert.deepEqual(model.classes, []);
  const found = scoreRegression(model, test, kernels);
  assert.ok(found.r2 > 0.9, JSON.stringify(found));
  assert.equal(score(model, test, kernels), found.r2);
  const each = model.members.map((member) =>
    predictValues({ ...model, members: [member] }, test.features, kernels)
  );
  const values = predictValues(model, test.features, kernels);
  values.forEach((value, row) => {
    assert.ok(Math.abs(value - (each[0][row] + each[1][row]) / 2) < 1e-2);
  });
  const { members: _members, flops: _flops, assessment, coverage, ...errors } = found;
  assert.deepEqual(
    assessment,
    assessNumbers(values, test.targets!, model.targetScaling!.mean),
  );
  assert.equal(coverage, undefined);
  assert.deepEqual(regressionErrors(values, test.targets!), errors);
  found.members.forEach((own, m) =>
    assert.deepEqual(regressionErrors(each[m], test.targets!), own)
  );
});

Deno.test("a model of numbers goes into its file and back", () => {
  const { tensors, metadata } = encodeModel(model);
  const bytes = new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
  const again = decodeModel(decodeSafetensors(bytes, "model"), "model");
  assert.deepEqual(again, model);
  assert.deepEqual(predictValues(again, test.features), predictValues(model, test.features));
});

Deno.test("what a model predicts is not asked of one that predicts something else", async () => {
  assert.throws(
    () => predict(model, test.features),
    /found a model of numbers, need predictValues/,
  );
  assert.throws(() => predictProba(model, test.features), /need predictValues/);
  assert.throws(() => scoreMembers(model, test), /found a model of numbers, need one of classes/);
  const labels = Array.from({ length: 60 }, (_, row) => row % 2);
  const classes = datasetFromArrays({ features: labels.map((label) => [label]), labels });
  assert.throws(() => scoreRegression(model, classes), /found a data set of classes/);
  const own: Partial<Settings> = {
    ...{ method: "fd", hidden: [4], epochs: 6, explore: 2, members: 2, batchSize: 16 },
  };
  const classifier = await fit(classes, own, { kernels });
  assert.throws(() => predictValues(classifier, [[1]]), /a model of classes, need predict or/);
  assert.throws(() => scoreMembers(classifier, numbers(5)), /found a data set of numbers/);
  await assert.rejects(
    fit(rows, { ...SMALL, task: "classification" }),
    /found numbers in column "target", need task "regression"/,
  );
  await assert.rejects(fit(classes, { ...own, task: "regression" }), /found classes in column/);
});

Deno.test("a target that is constant, or not finite, is refused", async () => {
  const features = Array.from({ length: 40 }, (_, row) => [row]);
  const constant = datasetFromArrays({ features, targets: features.map(() => 3.5) });
  await assert.rejects(fit(constant, SMALL), {
    name: "RangeError",
    message: 'Cannot learn from "arrays", column "target": found the one number 3.5 in all 32 ' +
      "training rows, need at least two",
  });
  for (const bad of [NaN, Infinity, 1e39]) {
    const targets = features.map((_, row) => row === 7 ? bad : row);
    assert.throws(
      () => datasetFromArrays({ features, targets }),
      /target .* in row 7, need a finite/,
    );
  }
  assert.throws(() => datasetFromArrays({ features }), /found neither labels and targets|neither/);
  const problem = { ...NUMBERS, training: { ...NUMBERS.training, targets: new Float32Array(3) } };
  assert.throws(
    () => trained(tinySettings("fd", { task: "regression" }), { problem }),
    /3 targets/,
  );
});

for (const method of METHODS) {
  Deno.test(`${method} learns numbers; its members are the networks of the epochs that its settings choose`, () => {
    const learningRate = 0.01;
    const settings = tinySettings(method, { task: "regression", learningRate, epochs: 20 });
    const { members, run } = trained(settings);
    const { history, flops } = run.progress;
    // Of a family, not every network is a member.
    const numbers = keptMembers(settings, run.schedule.members, []);
    members.forEach((member, m) => {
      const own = history.filter((epoch) =>
        epoch.member === numbers[m] && !(SEQUENTIAL as readonly string[]).includes(method)
      );
      if (own.length > 0) {
        const least = Math.min(...own.map(({ validationLoss }) => validationLoss!));
        // A method that begins dense takes the last epoch: an earlier one would have more connections.
        const chosen = settings.memberSelection === "last"
          ? own.at(-1)!
          : own.find((epoch) => epoch.validationLoss === least)!;
        assert.deepEqual(
          [member.epoch, member.validationLoss],
          [chosen.epoch, chosen.validationLoss],
        );
      }
      assert.equal(member.validationAccuracy, null);
      // Standardised numbers have a variance of about 1. A member of random subspaces may see neither of the
      // two inputs that they follow from.
      const most = method === "subspaces" ? 1.2 : 0.5;
      assert.ok(member.validationLoss! < most, `member ${m}: ${member.validationLoss}`);
      assert.equal(member.layers.at(-1)!.shape[0], 1);
    });
    assert.ok(
      history.every(({ accuracy, validationAccuracy }) =>
        accuracy === null && validationAccuracy === null
      ),
    );
    assert.ok(flops.softmax > 0);
  });
}

Deno.test("a far outlier is no divergence; a loss that explodes is one", () => {
  const targets = NUMBERS.training.targets!.slice();
  targets[3] = 500;
  const far = { ...NUMBERS, training: { ...NUMBERS.training, targets } };
  assert.equal(lossLimit(far), 1000 * 500 ** 2);
  assert.equal(
    lossLimit({ training: far.validation!, validation: far.training, classes: 1 }),
    2.5e8,
  );
  assert.equal(lossLimit(PROBLEM), 1000);
  const settings = tinySettings("fd", { task: "regression", learningRate: 1e-6, momentum: 0 });
  assert.equal(trained(settings, { problem: far }).members.length, 2);

  const rate = { learningRate: 500, weightDecay: 0 };
  const stopping = tinySettings("fd", { task: "regression", onDivergence: "stop", ...rate });
  assert.throws(() => trained(stopping), TrainingDiverged);
  const back: number[] = [];
  const returning = tinySettings("fd", { task: "regression", ...rate, learningRate: 0.3 });
  trained(returning, {
    onEvent: (event) => event.type === "rollback" && back.push(event.learningRate),
  });
  assert.ok(back.length > 0);
});

Deno.test("rows that count for nothing do not change what is learnt of numbers", () => {
  const settings = tinySettings("static", { task: "regression", dropLastBatch: false });
  const { training } = NUMBERS;
  const weights = Float32Array.from({ length: 200 }, (_, row) => row % 2);
  const run = (changed: number) => {
    const targets = training.targets!.map((target, row) => row % 2 ? target : changed * target);
    const problem = { ...NUMBERS, training: { ...training, targets, weights } };
    return trained(settings, { problem }).members[0].layers;
  };
  assert.deepEqual(run(1), run(-1));
});

Deno.test("the target's scale is fitted to the rows that are trained on alone", () => {
  const settings = completeSettings({ ...SMALL, task: "regression" });
  const { problem, targetScaling } = prepareProblem(rows, settings);
  const { targets } = problem.training;
  const sum = targets!.reduce((sum, target) => sum + target, 0);
  const squares = targets!.reduce((sum, target) => sum + target * target, 0);
  assert.ok(Math.abs(sum / targets!.length) < 1e-5);
  assert.ok(Math.abs(squares / targets!.length - 1) < 1e-4);
  assert.deepEqual(targetScaling, model.targetScaling);
  using run = openRun(problem, settings, kernels);
  for (const event of train(run)) {
    if (event.type === "epoch" && event.epoch === 2) break;
  }
  assert.equal(run.stage.network.layers.at(-1)!.rows, 1);
});
