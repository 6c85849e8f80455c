import assert from "node:assert/strict";
import { datasetFromArrays } from "../../../mod.ts";
import type { ArraysOfDataset } from "../../../lib/data/table/mod.ts";

Deno.test("datasetFromArrays takes rows or one array, numbers or texts as labels", () => {
  const dataset = datasetFromArrays({
    features: [[1, 0.1], Float64Array.of(2, 0.2), [3, 0.3]],
    labels: [10, 9, 10],
    target: "phase",
    source: "by hand",
  });
  assert.deepEqual(dataset, {
    features: Float32Array.of(1, 0.1, 2, 0.2, 3, 0.3),
    rows: 3,
    columns: 2,
    featureNames: ["x0", "x1"],
    categories: undefined,
    weights: undefined,
    labels: Int32Array.of(1, 0, 1),
    classes: ["9", "10"],
    target: "phase",
    source: "by hand",
  });
  const flat = datasetFromArrays({
    features: Float64Array.of(1, 0.1, 2, 0.2, 3, 0.3),
    columns: 2,
    labels: Int32Array.of(10, 9, 10),
    featureNames: ["p", "q"],
  });
  assert.deepEqual(flat.features, dataset.features);
  assert.deepEqual(flat.labels, dataset.labels);
  assert.deepEqual(flat.featureNames, ["p", "q"]);
});

Deno.test("datasetFromArrays copies its numbers", () => {
  const features = Float32Array.of(1, 2);
  const dataset = datasetFromArrays({ features, columns: 1, labels: [0, 1] });
  features[0] = 7;
  assert.equal(dataset.features[0], 1);
});

Deno.test("datasetFromArrays codes by the classes given, in their order", () => {
  const dataset = datasetFromArrays({ features: [[1]], labels: ["b"], classes: ["c", "b"] });
  assert.deepEqual([...dataset.labels], [1]);
  assert.deepEqual(dataset.classes, ["c", "b"]);
});

Deno.test("datasetFromArrays refuses what is no data set", () => {
  function refuses(arrays: ArraysOfDataset, name: string, sentence: string): void {
    assert.throws(() => datasetFromArrays(arrays), {
      name,
      message: `Cannot make a data set: ${sentence}`,
    });
  }
  const two = [[1, 2], [3, 4]];
  const labels = ["a", "b"];
  refuses({ features: [], labels: [] }, "RangeError", "found no labels, need at least one row");
  refuses(
    { features: two, labels: ["a"] },
    "TypeError",
    "found 2 rows, need one for each of 1 labels",
  );
  refuses(
    { features: [[1, 2], [3]], labels },
    "TypeError",
    "found 1 number in row 1, need 2",
  );
  refuses({ features: [[], []], labels }, "RangeError", "found no columns, need at least one");
  refuses(
    { features: Float32Array.of(1, 2, 3), columns: 2, labels },
    "TypeError",
    "found 3 numbers, need 2 rows × 2 columns",
  );
  refuses(
    { features: Float32Array.of(1, 2), labels },
    "RangeError",
    "found columns undefined, need a whole number from 1",
  );
  for (const label of [null, NaN, undefined]) {
    refuses(
      { features: [[1], [2]], labels: ["a", label] as string[] },
      "RangeError",
      "found no label in row 1, need a class",
    );
  }
  for (const value of [NaN, Infinity, 1e39]) {
    refuses(
      { features: [[1, 2], [3, value]], labels, featureNames: ["p", "q"], missing: "error" },
      "RangeError",
      "found a number that is not finite as a 32-bit float in row 1, " +
        'column "q", need a finite one',
    );
  }
  refuses(
    { features: two, labels, featureNames: ["p"] },
    "TypeError",
    "found 1 feature names, need one for each of 2 columns",
  );
  refuses(
    { features: two, labels, featureNames: ["p", "p"] },
    "TypeError",
    'found the feature name "p" twice, need every one once',
  );
  refuses(
    { features: two, labels, classes: ["a", "b", "a"] },
    "TypeError",
    'found the class "a" twice, need every one once',
  );
  refuses(
    { features: two, labels, classes: ["a", "c"] },
    "RangeError",
    'found the class "b" in row 1, need one of "a", "c"',
  );
  refuses(
    { features: two, labels: ["a", "a"] },
    "RangeError",
    'found the one class "a", need at least two',
  );
});

Deno.test("a cell that is undefined is missing, as null is, and no category", () => {
  const { features, categories } = datasetFromArrays({
    features: [[1, "a"], [undefined, undefined], [2, "b"]],
    labels: [0, 1, 0],
  });
  assert.deepEqual([...features], [1, 0, NaN, NaN, 2, 1]);
  assert.deepEqual(categories, [null, ["a", "b"]]);
});

Deno.test("one list of cells is no list of rows", () => {
  assert.throws(() => datasetFromArrays({ features: [1, 2] as never, labels: ["a", "b"] }), {
    name: "TypeError",
    message: "Cannot make a data set: found 1 as row 0, need a list of its cells",
  });
});
