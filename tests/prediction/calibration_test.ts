import assert from "node:assert/strict";
import { fit } from "../../lib/ensemble/fit.ts";
import { predict, predictProba } from "../../lib/model/predictor.ts";
import { score, scoreMembers } from "../../lib/model/score.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { calibrate } from "../../lib/ensemble/finished_model.ts";
import {
  ensembleTemperature,
  fitTemperature,
  withTemperature,
} from "../../lib/prediction/calibration.ts";
import { memberOutputs, mostProbable, openEnsemble } from "../../lib/prediction/prediction.ts";
import { scoreProbabilities } from "../../lib/prediction/probability_scores.ts";
import { activationOf, type Settings } from "../../lib/settings/mod.ts";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { randomStream } from "../../lib/random.ts";
import { PROBABILITY_CASES } from "./probability_cases.ts";
import { blobs, finish, PROBLEM, tinySettings } from "../ensemble/tiny_runs.ts";

const close = (found: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${found}, need ${expected}`);

Deno.test("fitTemperature finds SciPy's temperature, and its log loss", () => {
  for (const { probabilities, labels, classes, temperature, scaledLogLoss } of PROBABILITY_CASES) {
    const found = fitTemperature([probabilities], labels, classes);
    close(found, temperature, 1e-5 * temperature);
    const scaled = withTemperature(Float32Array.from(probabilities), classes, found);
    close(scoreProbabilities(scaled, labels, classes).logLoss, scaledLogLoss, 1e-7);
    // The same ensemble twice has the same temperature.
    close(fitTemperature([probabilities, probabilities], labels, classes), found, 1e-9);
  }
});

Deno.test("withTemperature gives SciPy's probabilities and leaves the order of the classes", () => {
  for (const { probabilities, classes, scaled } of PROBABILITY_CASES) {
    const given = Float32Array.from(probabilities);
    const found = withTemperature(given, classes, 0.7);
    scaled.forEach((p, k) => close(found[k], p, 1e-6));
    for (const temperature of [0.05, 0.7, 1, 3, 20]) {
      const again = withTemperature(given, classes, temperature);
      assert.deepEqual(mostProbable(again, classes), mostProbable(given, classes));
    }
  }
  assert.deepEqual([...withTemperature(Float32Array.of(1, 0, 0.5, 0.5), 2, 0.05)], [
    1,
    0,
    0.5,
    0.5,
  ]);
});

Deno.test("fitTemperature stays within its bounds where nothing holds it", () => {
  assert.ok(Math.abs(fitTemperature([[0.9, 0.1, 0.8, 0.2]], [1, 1], 2) - 20) < 0.1);
  assert.equal(fitTemperature([[0.5, 0.5, 0.5, 0.5]], [0, 1], 2), 1);
  const certain = fitTemperature([[1, 0, 0, 1, 1, 0]], [0, 1, 1], 2);
  assert.ok(certain > 1 && certain <= 20, `${certain}`);
});

Deno.test("rows that are all predicted right make no certainty", () => {
  for (const rows of [1, 20, 500]) {
    for (const classes of [2, 5]) {
      const others = 0.1 / (classes - 1);
      const said = Array.from({ length: rows * classes }, (_, k) => k % classes ? others : 0.9);
      const temperature = fitTemperature([said], new Int32Array(rows), classes);
      const [p] = withTemperature(Float32Array.from(said.slice(0, classes)), classes, temperature);
      close(p, (rows + 1) / (rows + 2), 1e-6);
    }
  }
});

/** Members that see the same logits, each with noise of its own, and are too sure of them. */
function noisyMembers(count: number, rows: number, seed: number) {
  const truth = randomStream(seed, "truth");
  const logits = Float64Array.from({ length: rows }, () => 1.5 * truth.normal());
  const labels = Int32Array.from(logits, (z) => truth.float() < 1 / (1 + Math.exp(-z)) ? 0 : 1);
  const outputs = Array.from({ length: count }, (_, member) => {
    const noise = randomStream(seed, "noise", member);
    return Float32Array.from([...logits].flatMap((z) => {
      const p = 1 / (1 + Math.exp(-2 * (z + 1.5 * noise.normal())));
      return [p, 1 - p];
    }));
  });
  return { outputs, labels };
}

Deno.test("ensembleTemperature tells from a few members the temperature of more", () => {
  const { outputs, labels } = noisyMembers(32, 4000, 1);
  const whole = ensembleTemperature(outputs, labels, 2, 32);
  const told = ensembleTemperature(outputs.slice(0, 8), labels, 2, 32);
  const few = ensembleTemperature(outputs.slice(0, 8), labels, 2, 8);
  close(told, whole, 0.07 * whole);
  assert.ok(few > 1.1 * whole, `${few} for 8 members, ${whole} for 32`);
  // Two members that are wrong alone and right together: no line could be as steep.
  const [one, other] = [Float32Array.of(0.999, 0.001), Float32Array.of(0.002, 0.998)];
  const both = fitTemperature([Float32Array.of(0.5005, 0.4995)], [0], 2);
  close(ensembleTemperature([one, other], [0], 2, 8), both / 4, 1e-6);
  assert.equal(
    ensembleTemperature([outputs[0]], labels, 2, 5),
    fitTemperature([outputs[0]], labels, 2),
  );
});

Deno.test("ensembleTemperature tells from several members the temperature of fewer", () => {
  const { outputs, labels } = noisyMembers(32, 4000, 1);
  for (const members of [1, 3]) {
    const told = ensembleTemperature(outputs.slice(0, 8), labels, 2, members);
    // Other members, of which nothing was seen.
    const truth = ensembleTemperature(outputs.slice(8, 8 + members), labels, 2, members);
    close(told, truth, 0.07 * truth);
  }
});

/** A run that is trained to its end, and what its members say of the held-out rows. */
function calibratedRun(settings: Settings) {
  using run = openRun(PROBLEM, settings, wasmKernels());
  const members = finish(run);
  const temperature = calibrate(run);
  const { features, labels, rows } = PROBLEM.validation!;
  using ensemble = openEnsemble(members, activationOf(settings), wasmKernels());
  return { temperature, outputs: memberOutputs(ensemble, features, rows), labels };
}

Deno.test("calibrate takes all members where all have rows held out", () => {
  const { temperature, outputs, labels } = calibratedRun(
    tinySettings("fd", { calibration: "temperature" }),
  );
  assert.equal(outputs.length, 2);
  assert.equal(temperature, ensembleTemperature(outputs, labels, 3, 2));
});

Deno.test("calibrate takes the trial members that stayed where the others have seen all rows", () => {
  const settings = tinySettings("sparse-ensemble", {
    ...{ explore: 0, epochs: 3, members: 3, memberSelection: "last", optimizer: "adam" },
    ...{ trials: 2, candidates: [{ dropout: 0 }], calibration: "temperature", keepTrials: true },
  });
  const { temperature, outputs, labels } = calibratedRun(settings);
  assert.equal(outputs.length, 5);
  assert.equal(temperature, ensembleTemperature(outputs.slice(0, 2), labels, 3, 5));
  // One member has the settings of the best candidate alone, whose trial members stand for it.
  const two = { ...settings, candidates: [{ dropout: 0 }, { dropout: 0.5 }] };
  const few = calibratedRun({ ...two, members: 1, keepTrials: false });
  const kept = calibratedRun({ ...two, members: 1 });
  assert.equal(few.outputs.length, 1);
  const trials = kept.outputs.length === 3 ? [[0, 1]] : [[0, 2], [1, 3]];
  const temperatures = trials.map((own) =>
    ensembleTemperature(own.map((k) => kept.outputs[k]), kept.labels, 3, 1)
  );
  assert.ok(temperatures.includes(few.temperature!), `${few.temperature}`);
  // Where they do not stay, they calibrate all the same.
  const left = calibratedRun({ ...settings, keepTrials: false });
  assert.equal(left.outputs.length, 3);
  assert.equal(left.temperature, ensembleTemperature(outputs.slice(0, 2), labels, 3, 3));
});

Deno.test("calibrate leaves probabilities as they are without held-out rows, or unasked", () => {
  assert.equal(calibratedRun(tinySettings("fd")).temperature, null);
  const settings = tinySettings("static", {
    calibration: "temperature",
    memberSelection: "last",
    validationFraction: 0,
  });
  using run = openRun({ ...PROBLEM, validation: null }, settings, wasmKernels());
  finish(run);
  assert.equal(calibrate(run), null);
});

Deno.test("fit calibrates: better probabilities for new rows, and the same classes", async () => {
  const table = (rows: number, seed: number) => {
    const { features, labels, columns } = blobs(rows, 6, 3, seed);
    const row = (r: number) => [...features.subarray(r * columns, (r + 1) * columns)];
    return datasetFromArrays({
      features: Array.from(labels, (_, r) => row(r)),
      labels: [...labels].map((label) => `${label}`),
    });
  };
  const settings = { ...tinySettings("fd"), labelSmoothing: 0.6, explore: 4, epochs: 24 };
  const [training, test] = [table(400, 1), table(300, 2)];
  const plain = await fit(training, settings);
  const model = await fit(training, { ...settings, calibration: "temperature" });
  assert.equal(plain.temperature, undefined);
  // Smoothed labels leave the members far less sure than they could be.
  assert.ok(model.temperature! < 0.8, `${model.temperature}`);
  const rows = Array.from({ length: 300 }, (_, r) => [...test.features.subarray(6 * r, 6 * r + 6)]);
  assert.deepEqual(predict(model, rows), predict(plain, rows));
  assert.deepEqual(
    predictProba(model, rows),
    withTemperature(predictProba(plain, rows), 3, model.temperature!),
  );
  const [before, after] = [scoreMembers(plain, test), scoreMembers(model, test)];
  assert.equal(score(model, test), score(plain, test));
  assert.ok(after.logLoss < 0.8 * before.logLoss, `${after.logLoss}, before ${before.logLoss}`);
  assert.ok(after.brier < before.brier && after.calibrationError < before.calibrationError);
});
