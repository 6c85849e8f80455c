import assert from "node:assert/strict";
import type { Problem } from "../../lib/ensemble/problem.ts";
import { memberOutputs, openEnsemble } from "../../lib/prediction/prediction.ts";
import { balancedWeights, openRowWeights } from "../../lib/ensemble/teaching/row_weights.ts";
import { completeSettings } from "../../lib/settings/mod.ts";
import { openRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { assertClose } from "../kernels/problem.ts";
import type { TrainingEvent } from "../../lib/ensemble/training_event.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { NUMBERS, PROBLEM, tinySettings, trained } from "./tiny_runs.ts";

Deno.test("balancedWeights gives scikit-learn's numbers", () => {
  // compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 0, 0, 0, 1, 1, 2])
  const labels = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 2);
  assertClose(
    balancedWeights(labels, 3),
    [0.5333333333333333, 1.3333333333333333, 2.6666666666666665],
    () => 1e-15,
    "weights",
  );
  // A class without rows changes nothing for the others.
  assert.deepEqual([...balancedWeights(Int32Array.of(0, 0, 2, 0), 3)], [4 / 6, 0, 2]);
});

Deno.test("without class weights, member weighting and weights of its own a run has no row weights", () => {
  assert.equal(openRowWeights(PROBLEM.training, 3, tinySettings("fd")), null);
});

Deno.test("the weights of a problem and of its classes are multiplied, and their mean is 1", () => {
  const training = {
    rows: 4,
    columns: 1,
    features: new Float32Array(4),
    labels: Int32Array.of(0, 0, 0, 1),
    weights: Float32Array.of(1, 2, 3, 4),
  };
  const plain = openRowWeights(training, 2, tinySettings("fd"))!;
  assertClose(plain.values, [0.4, 0.8, 1.2, 1.6], () => 1e-7, "given alone");
  const both = openRowWeights(training, 2, tinySettings("fd", { classWeights: "balanced" }))!;
  // 2/3 × (1, 2, 3) and 2 × 4 sum to 12.
  assertClose(both.values, [2 / 9, 4 / 9, 6 / 9, 24 / 9], () => 1e-6, "with classes");
});

Deno.test("a problem's own weights have to be as many as rows, and finite numbers from 0", () => {
  const open = (weights: Float32Array) => {
    const training = { ...PROBLEM.training, weights };
    openRun({ ...PROBLEM, training }, tinySettings("fd"), wasmKernels()).dispose();
  };
  assert.throws(() => open(new Float32Array(3)), {
    name: "TypeError",
    message: "Cannot train: the 200 training rows have 3 weights, need 200",
  });
  assert.throws(() => open(new Float32Array(200).fill(1).fill(-1, 7, 8)), {
    name: "RangeError",
    message: "Cannot train: training row 7 has weight -1, need a finite number from 0",
  });
  assert.throws(() => open(new Float32Array(200)), /all training rows have weight 0/);
});

Deno.test("rows of weight 0 are not learnt from, nor are those left out", () => {
  // The last hundred rows have wrong labels, and no weight.
  const { training } = PROBLEM;
  const labels = training.labels.map((label, row) => row < 100 ? label : (label + 1) % 3);
  const weights = new Float32Array(200).fill(1, 0, 100);
  const problem = (w?: Float32Array): Problem => ({
    ...PROBLEM,
    training: { ...training, labels, weights: w },
  });
  const settings = tinySettings("static", { memberSelection: "last" });
  const accuracy = (w?: Float32Array) =>
    trained(settings, { problem: problem(w) }).members[0].validationAccuracy!;
  assert.ok(accuracy(weights) > 0.85);
  assert.ok(accuracy() < accuracy(weights));
});

Deno.test("equal weights train the same network as none, to the last bit", () => {
  const settings = tinySettings("fd");
  const training = { ...PROBLEM.training, weights: new Float32Array(200).fill(5) };
  const weighted = trained(settings, { problem: { ...PROBLEM, training } });
  assert.deepEqual(weighted.members, trained(settings).members);
});

Deno.test("balanced classes get more of a rare class right", () => {
  const { training } = PROBLEM;
  // Of the first class every tenth row stays, and it lies so close to the others that few call it.
  const near = training.features.map((value) => value * 0.25);
  let seen = 0;
  const kept = [...training.labels.keys()].filter((row) =>
    training.labels[row] > 0 || seen++ % 10 === 0
  );
  const rows = {
    rows: kept.length,
    columns: 6,
    features: Float32Array.from(kept.flatMap((row) => [...near.subarray(row * 6, row * 6 + 6)])),
    labels: Int32Array.from(kept, (row) => training.labels[row]),
  };
  const validation = {
    ...PROBLEM.validation!,
    features: PROBLEM.validation!.features.map((value) => value * 0.25),
  };
  const recall = (classWeights: "none" | "balanced") => {
    const settings = tinySettings("static", { classWeights, memberSelection: "last", epochs: 8 });
    const problem = { training: rows, validation, classes: 3 };
    const { members } = trained(settings, { problem });
    using ensemble = openEnsemble(members, { kind: "all-relu", alpha: 0.5 }, wasmKernels());
    const [p] = memberOutputs(ensemble, validation.features, validation.rows);
    const mine = [...validation.labels.keys()].filter((row) => validation.labels[row] === 0);
    return mine.filter((row) => p[row * 3] > Math.max(p[row * 3 + 1], p[row * 3 + 2])).length /
      mine.length;
  };
  assert.ok(recall("balanced") > recall("none") + 0.1, `${recall("balanced")}, ${recall("none")}`);
});

Deno.test("the next member's rows weigh exp(strength × what the members before miss), by hand", () => {
  const settings = tinySettings("fd", {
    members: 3,
    epochs: 16,
    memberWeighting: 2,
    classWeights: "balanced",
  });
  const { rows, labels } = PROBLEM.training;
  const ofClass = balancedWeights(labels, 3);
  const seen: Float32Array[] = [];
  const expected: Float64Array[] = [];
  trained(settings, {
    onEvent: (event, run) => {
      if (event.type !== "member" || event.index === 2) return;
      seen.push(run.stage.rowWeights!.values.slice());
      const { members } = run.progress;
      using ensemble = openEnsemble(members, { kind: "all-relu", alpha: 0.5 }, wasmKernels());
      const probabilities = memberOutputs(ensemble, PROBLEM.training.features, rows);
      const raw = Float64Array.from(labels, (label, row) => {
        const mean = probabilities.reduce((sum, p) => sum + p[row * 3 + label], 0) / members.length;
        return ofClass[label] * Math.exp(2 * (1 - mean));
      });
      const total = raw.reduce((a, b) => a + b);
      expected.push(raw.map((weight) => weight * rows / total));
    },
  });
  assert.equal(seen.length, 2);
  seen.forEach((values, i) => {
    assertClose(values, [...expected[i]], () => 1e-5, `member ${i + 1}`);
    assert.ok(Math.max(...values) > 2 * Math.min(...values));
  });
});

Deno.test("settings that weigh or grow nothing are refused", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ method: "set", memberWeighting: 1 }, `"memberWeighting": found 1, need 0 with one member`],
    [{ method: "static", growth: "gradient" }, `need "random" with method "static"`],
    [
      { method: "rigl", growth: "random" },
      `need "gradient" or "sampled-gradient" with method "rigl"`,
    ],
  ];
  for (const [settings, message] of cases) {
    assert.throws(() => completeSettings(settings), (error: Error) => {
      assert.ok(error instanceof RangeError && error.message.includes(message), error.message);
      return true;
    });
  }
});

Deno.test("whole weights train on a full batch as the same rows repeated do", () => {
  for (const { training, validation, classes } of [PROBLEM, NUMBERS]) {
    const weights = Float32Array.from(training.labels, (_, row) => row % 4);
    const heldOut = Float32Array.from(validation!.labels, (_, row) => (row + 1) % 3);
    const weighted: Problem = {
      training: { ...training, weights },
      validation: { ...validation!, weights: heldOut },
      classes,
    };
    const repeated: Problem = {
      training: repeat(training, weights),
      validation: repeat(validation!, heldOut),
      classes,
    };
    const settings = tinySettings("static", {
      ...{ batchSize: 400, epochs: 5, dropout: 0, dropLastBatch: false, memberSelection: "last" },
      task: classes === 1 ? "regression" : "classification",
    });
    const [one, other] = [weighted, repeated].map((problem) => {
      const epochs: TrainingEvent[] = [];
      const { members: [member] } = trained(settings, {
        problem,
        onEvent: (event) => event.type === "epoch" && epochs.push(event),
      });
      return { member, epochs: epochs as (TrainingEvent & { type: "epoch" })[] };
    });
    one.member.layers.forEach((layer, l) => {
      const same = other.member.layers[l];
      assert.ok(layer.kind === "sparse" && same.kind === "sparse");
      assertClose(layer.data, [...same.data], () => 2e-5, `weights of layer ${l}`);
      assertClose(layer.bias, [...same.bias], () => 2e-5, `bias of layer ${l}`);
    });
    assert.equal(one.epochs.length, 5);
    one.epochs.forEach(({ validationLoss, validationAccuracy }, e) => {
      const same = other.epochs[e];
      assert.ok(Math.abs(validationLoss! - same.validationLoss!) < 1e-4);
      if (validationAccuracy === null) return;
      assert.ok(Math.abs(validationAccuracy - same.validationAccuracy!) < 0.02);
    });
  }
});

/** Every row as often as its weight says. */
function repeat(rows: Rows, weights: Float32Array): Rows {
  const { columns, features, labels, targets } = rows;
  const order = Array.from(labels, (_, row) => Array(weights[row]).fill(row)).flat() as number[];
  return {
    rows: order.length,
    columns,
    features: Float32Array.from(
      order.flatMap((row) => [...features.subarray(row * columns, (row + 1) * columns)]),
    ),
    labels: Int32Array.from(order, (row) => labels[row]),
    targets: targets && Float32Array.from(order, (row) => targets[row]),
  };
}
