import assert from "node:assert/strict";
import { assessClasses, assessNumbers } from "../../lib/prediction/assessment.ts";
import { intervalCoverage, setCoverage } from "../../lib/prediction/conformal.ts";
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

Deno.test("the weighted assessment agrees with scikit-learn's sample_weight", () => {
  const names = Array.from({ length: classes }, (_, c) => `${c}`);
  const found = assessClasses(Float32Array.from(probabilities), labels, names, weights);
  assert.deepEqual(found.confusion, expected.confusion);
  for (const name of ["precision", "recall", "f1"] as const) {
    found.byClass.forEach((scores, c) => {
      assert.ok(Math.abs(scores[name]! - expected[name][c]) < 1e-12, `${name} ${c}`);
    });
  }
  assert.equal(found.weighted, true);
  assert.equal(found.interval, null);
  // The bins are those of the calibration error, which is weighted.
  const gap = found.reliability.reduce((sum, { from, to, confidence, accuracy }) => {
    const rows = Array.from(labels.keys()).filter((row) => {
      const most = Math.max(...probabilities.slice(row * classes, (row + 1) * classes));
      return most > from && most <= to;
    });
    const weight = rows.reduce((sum, row) => sum + weights[row], 0);
    return sum + weight * Math.abs(confidence - accuracy);
  }, 0);
  const total = weights.reduce((sum: number, weight: number) => sum + weight, 0);
  const scores = scoreProbabilities(probabilities, labels, classes, undefined, weights);
  assert.ok(Math.abs(gap / total - scores.calibrationError) < 1e-6);

  const { baseline } = assessNumbers(predicted, targets, expected.mean, weights);
  for (const name of ["rmse", "mae", "r2"] as const) {
    assert.ok(Math.abs(baseline[name] - expected.baseline[name]) < 1e-12, name);
  }
});

Deno.test("the coverage of weighted rows is the share of their weight", () => {
  const conformal = { coverage: 0.5, quantile: 0.6, rows: 9 };
  assert.deepEqual(intervalCoverage([1, 2, 3], [1.5, 0, 3], conformal, [1, 3, 0]), {
    ...{ asked: 0.5, found: 0.25, width: 1.2 },
  });
  // The sets hold classes 0; 0 and 1; 1 of rows of class 0, 1 and 0.
  const shares = [0.9, 0.1, 0.5, 0.5, 0.2, 0.8];
  assert.deepEqual(setCoverage(shares, [0, 1, 0], 2, conformal, [1, 1, 2]), {
    ...{ asked: 0.5, found: 0.5, size: 1.25 },
  });
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
