import assert from "node:assert/strict";
import { scoreProbabilities } from "../../lib/prediction/probability_scores.ts";
import { PROBABILITY_CASES } from "./probability_cases.ts";

Deno.test("scoreProbabilities agrees with scikit-learn", () => {
  for (const { probabilities, labels, classes, ...expected } of PROBABILITY_CASES) {
    const scores = scoreProbabilities(probabilities, labels, classes);
    for (const key of ["logLoss", "brier", "calibrationError"] as const) {
      assert.ok(Math.abs(scores[key] - expected[key]) < 1e-12, `${key}, ${classes} classes`);
    }
  }
});

Deno.test("scoreProbabilities takes certainty, right and wrong, without an infinity", () => {
  const right = scoreProbabilities([1, 0, 0, 1], [0, 1], 2);
  assert.deepEqual({ ...right }, { logLoss: 0, brier: 0, calibrationError: 0 });
  const wrong = scoreProbabilities([1, 0, 0, 1], [1, 0], 2);
  assert.deepEqual({ ...wrong }, {
    logLoss: -Math.log(Number.EPSILON),
    brier: 2,
    calibrationError: 1,
  });
});

Deno.test("scoreProbabilities says what lengths it needs", () => {
  assert.throws(() => scoreProbabilities([1, 0, 1], [0, 1], 2), {
    name: "TypeError",
    message: "Cannot score probabilities: found 3 of them for 2 rows and 2 classes, need 4",
  });
});
