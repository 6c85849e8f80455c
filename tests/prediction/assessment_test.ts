import assert from "node:assert/strict";
import { assessClasses, assessNumbers } from "../../lib/prediction/assessment.ts";
import { confusionMatrix } from "../../lib/prediction/class_scores.ts";
import { scoreProbabilities } from "../../lib/prediction/probability_scores.ts";
import { wilsonInterval } from "../../lib/statistics/intervals.ts";
import { readJsonFile } from "../files.ts";

interface ClassCase {
  classes: number;
  labels: number[];
  probabilities: number[];
  confusion: number[][];
  precision: (number | null)[];
  recall: (number | null)[];
  f1: (number | null)[];
  rows: number[];
  mean: (number | null)[];
  curve: { accuracy: number[]; confidence: number[] };
  interval: [number, number];
  baseline: number;
}

interface NumberCase {
  targets: number[];
  predicted: number[];
  mean: number;
  baseline: { rmse: number; mae: number; r2: number };
  residuals: [share: number, residual: number][];
}

/** What scikit-learn and SciPy say: see fixtures/make_assessment.py. */
const FIXTURE: { classes: ClassCase[]; numbers: NumberCase[] } = readJsonFile(
  new URL("fixtures/assessment.json", import.meta.url),
);

function assertNear(found: (number | null)[], expected: (number | null)[], what: string): void {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, i) => {
    const other = expected[i];
    if (value === null || other === null) return assert.equal(value, other, `${what} ${i}`);
    assert.ok(Math.abs(value - other) < 1e-6, `${what} ${i}: ${value}, expected ${other}`);
  });
}

Deno.test("assessClasses agrees with scikit-learn on confusions, precision, recall and F1", () => {
  for (const expected of FIXTURE.classes) {
    const { classes, labels, probabilities } = expected;
    const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
    const found = assessClasses(
      Float32Array.from(probabilities),
      Int32Array.from(labels),
      names,
    );
    assert.deepEqual(found.confusion, expected.confusion);
    assert.deepEqual(found.byClass.map(({ rows }) => rows), expected.rows);
    for (const key of ["precision", "recall", "f1"] as const) {
      assertNear(found.byClass.map(({ [key]: score }) => score), expected[key], key);
    }
    assertNear([found.mean.precision, found.mean.recall, found.mean.f1], expected.mean, "mean");
    assertNear([found.interval!.low, found.interval!.high], expected.interval, "interval");
    assert.equal(found.baseline.accuracy, expected.baseline);
    assert.equal(
      found.baseline.class,
      `class ${expected.rows.indexOf(Math.max(...expected.rows))}`,
    );
  }
  // The fixture has a class without rows that is never predicted: its scores are of nothing.
  assert.equal(FIXTURE.classes[2].precision[3], null);
});

Deno.test("the reliability diagram is scikit-learn's calibration curve, and sums to the calibration error", () => {
  for (const { classes, labels, probabilities, curve } of FIXTURE.classes) {
    const names = Array.from({ length: classes }, (_, c) => `${c}`);
    const { reliability } = assessClasses(
      Float32Array.from(probabilities),
      Int32Array.from(labels),
      names,
    );
    assertNear(reliability.map(({ accuracy }) => accuracy), curve.accuracy, "accuracy");
    assertNear(reliability.map(({ confidence }) => confidence), curve.confidence, "confidence");
    assert.equal(reliability.reduce((sum, { rows }) => sum + rows, 0), labels.length);
    for (const { from, to, confidence, accuracy, low, high, rows } of reliability) {
      assert.ok(from < confidence && confidence <= to, `${from} < ${confidence} <= ${to}`);
      const interval = wilsonInterval(Math.round(rows * accuracy), rows);
      assert.deepEqual([low, high], [interval.low, interval.high]);
    }
    const gap = reliability.reduce(
      (sum, { rows, accuracy, confidence }) => sum + rows * Math.abs(accuracy - confidence),
      0,
    );
    const { calibrationError } = scoreProbabilities(probabilities, labels, classes);
    assert.ok(Math.abs(gap / labels.length - calibrationError) < 1e-12);
  }
});

Deno.test("assessNumbers agrees with scikit-learn's mean predictor and NumPy's quantiles", () => {
  for (const { targets, predicted, mean, baseline, residuals } of FIXTURE.numbers) {
    const found = assessNumbers(predicted, targets, mean);
    for (const key of ["rmse", "mae", "r2"] as const) {
      assert.ok(Math.abs(found.baseline[key] - baseline[key]) < 1e-9, key);
    }
    assertNear(
      found.residuals.flatMap(({ share, residual }) => [share, residual]),
      residuals.flat(),
      "residuals",
    );
    assert.deepEqual(found.sample, targets.map((target, row) => [target, predicted[row]]));
  }
});

Deno.test("assessNumbers keeps 300 rows of many for a picture, from all over the table", () => {
  const targets = Float64Array.from({ length: 1001 }, (_, row) => row);
  const { sample } = assessNumbers(targets.map((target) => -target), targets, 0);
  assert.equal(sample.length, 300);
  const rows = sample.map(([target]) => target);
  assert.equal(rows[0], 0);
  assert.ok(rows[299] > 990);
  for (const [i, row] of rows.slice(1).entries()) {
    assert.ok([3, 4].includes(row - rows[i]));
    assert.equal(sample[i + 1][1], -row);
  }
});

Deno.test("confusionMatrix says what lengths it needs", () => {
  assert.throws(() => confusionMatrix([0], [0, 1], 2), {
    name: "TypeError",
    message: "Cannot count confusions: found 1 predictions for 2 rows, need one a row",
  });
});
