import assert from "node:assert/strict";
import { accuracyOf, mostProbable } from "../../lib/prediction/prediction.ts";
import { scoreProbabilities } from "../../lib/prediction/probability_scores.ts";
import { regressionErrors } from "../../lib/prediction/regression_errors.ts";
import { scoreOutputs } from "../../lib/training/evaluate.ts";
import { readJsonFile } from "../files.ts";

const expected = readJsonFile(new URL("fixtures/weighted_scores.json", import.meta.url).pathname);
const { classes, probabilities, weights, targets, predicted } = expected;
const labels = Int32Array.from(expected.labels);
const rows = labels.length;

function assertNear(found: number, name: string): void {
  assert.ok(Math.abs(found - expected[name]) < 1e-12, `${name}: ${found}, ${expected[name]}`);
}

Deno.test("weighted scores of classes agree with scikit-learn's sample_weight", () => {
  const best = mostProbable(Float32Array.from(probabilities), classes);
  assertNear(accuracyOf(best, labels, weights), "accuracy");
  const scores = scoreProbabilities(probabilities, labels, classes, undefined, weights);
  assertNear(scores.logLoss, "logLoss");
  assertNear(scores.brier, "brier");
  const some = { rows, columns: 1, features: new Float32Array(rows), labels };
  const { accuracy, loss } = scoreOutputs(probabilities, { ...some, weights });
  assertNear(accuracy, "accuracy");
  assertNear(loss, "logLoss");
});

Deno.test("weighted errors of numbers agree with scikit-learn's sample_weight", () => {
  const errors = regressionErrors(predicted, targets, weights);
  for (const name of ["rmse", "mae", "r2"] as const) assertNear(errors[name], name);
});

Deno.test("a row of weight 2 counts in every score as the same row twice", () => {
  const twice = Array.from({ length: rows }, (_, row) => Array(2 * weights[row]).fill(row)).flat();
  const of = <Item>(list: ArrayLike<Item>) => twice.map((row) => list[row]);
  const repeated = scoreProbabilities(
    twice.flatMap((row) => probabilities.slice(row * classes, (row + 1) * classes)),
    of(labels),
    classes,
  );
  const scores = scoreProbabilities(probabilities, labels, classes, undefined, weights);
  for (const name of ["logLoss", "brier", "calibrationError"] as const) {
    assert.ok(Math.abs(scores[name] - repeated[name]) < 1e-12, name);
  }
  const errors = regressionErrors(of(predicted), of(targets));
  assert.ok(Math.abs(errors.r2 - regressionErrors(predicted, targets, weights).r2) < 1e-12);
});
