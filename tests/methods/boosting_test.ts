/** Boosting: weights of rows, votes of members, and what is left of numbers. */
import assert from "node:assert/strict";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { adaBoost, residuals } from "../../lib/methods/ensembles/boosting.ts";
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
import { activationOf } from "../../lib/settings/mod.ts";
import { ensembleOf, problemOf, tinySettings } from "../ensemble/tiny_runs.ts";

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
