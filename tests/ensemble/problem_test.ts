import assert from "node:assert/strict";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { inputRows, prepareProblem } from "../../lib/ensemble/problem.ts";
import { completeSettings } from "../../lib/settings/mod.ts";

/** 50 rows of two classes; the row's number can be read off its first feature. */
const DATASET = datasetFromArrays({
  features: Array.from({ length: 50 }, (_, row) => [row, row % 7, 3]),
  labels: Array.from({ length: 50 }, (_, row) => row % 5 === 0 ? "rare" : "common"),
});

Deno.test("prepareProblem holds out every class's share, and no row twice", () => {
  const settings = completeSettings({ method: "fd", scaling: "none" });
  const { problem: { training, validation, classes } } = prepareProblem(DATASET, settings);
  assert.equal(classes, 2);
  assert.equal(training.rows, 40);
  assert.equal(validation!.rows, 10);
  const rare = DATASET.classes.indexOf("rare");
  assert.equal(training.labels.filter((label) => label === rare).length, 8);
  assert.equal(validation!.labels.filter((label) => label === rare).length, 2);
  // The constant third column is dropped.
  assert.equal(training.columns, 2);
  const numbers = [training, validation!].flatMap(({ features, labels }) =>
    Array.from(labels, (label, row) => {
      const number = features[row * 2];
      assert.equal(label, DATASET.labels[number]);
      return number;
    })
  );
  assert.deepEqual(numbers.sort((a, b) => a - b), Array.from({ length: 50 }, (_, row) => row));
});

Deno.test("prepareProblem holds out other rows for another seed, and the same for the same", () => {
  const held = (seed: number) =>
    prepareProblem(DATASET, completeSettings({ method: "fd", seed })).problem.validation!.features;
  assert.deepEqual(held(1), held(1));
  assert.notDeepEqual(held(1), held(2));
});

Deno.test("prepareProblem fits the scaling to the training rows alone", () => {
  const { problem, preprocessing } = prepareProblem(DATASET, completeSettings({ method: "fd" }));
  const { training, validation } = problem;
  const first = Array.from({ length: 40 }, (_, row) => training.features[row * 2]);
  assert.equal(Math.min(...first), 0);
  assert.equal(Math.max(...first), 1);
  assert.deepEqual(inputRows(preprocessing, DATASET).rows, 50);
  // Somewhere among the seeds, a held-out row lies beyond the training rows.
  const beyond = [1, 2, 3, 4, 5, 6, 7, 8, 9].some((seed) => {
    const { problem } = prepareProblem(DATASET, completeSettings({ method: "fd", seed }));
    return problem.validation!.features.some((value) => value < 0 || value > 1);
  });
  assert.ok(beyond);
  assert.equal(validation!.columns, 2);
});

Deno.test("prepareProblem holds nothing out where no fraction is asked for", () => {
  const settings = completeSettings({
    method: "fd",
    validationFraction: 0,
    memberSelection: "last",
  });
  const { problem } = prepareProblem(DATASET, settings);
  assert.equal(problem.validation, null);
  assert.equal(problem.training.rows, 50);
});
