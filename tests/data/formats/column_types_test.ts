import assert from "node:assert/strict";
import { datasetFromArrays } from "../../../mod.ts";
import {
  droppedColumns,
  fitPreprocessing,
  inputCount,
  preprocess,
  SCALINGS,
  unusualValues,
  validatePreprocessing,
} from "../../../lib/data/preprocessing/mod.ts";
import { columnMedian } from "../../../lib/data/preprocessing/missing_values.ts";
import { randomStream } from "../../../lib/random.ts";
import { rawFeatures } from "../../../lib/prediction/raw_rows.ts";
import { readJsonFile } from "../../files.ts";

const fixture = readJsonFile(new URL("../fixtures/column_types.json", import.meta.url));

/** Labels that no test looks at. */
const labelsOf = (rows: readonly unknown[]) => rows.map((_, row) => row % 2);

Deno.test("missing values become scikit-learn's medians and indicators under every scaling", () => {
  const { train, test, medians, numbers, indicators } = fixture.missing;
  const dataset = datasetFromArrays({ features: train, labels: labelsOf(train), missing: "keep" });
  for (const scaling of SCALINGS) {
    const preprocessing = fitPreprocessing(dataset, { scaling });
    validatePreprocessing(preprocessing);
    assert.deepEqual([...preprocessing.medians!], medians.map(Math.fround));
    assert.deepEqual([...preprocessing.indicators!], [0, 1, 2]);
    assert.equal(inputCount(preprocessing), 4 + 3);
    const { features } = rawFeatures(preprocessing, test);
    const inputs = preprocess(preprocessing, features, test.length, 4);
    // scikit-learn has no bounded quantiles: they are its quantiles, cut off.
    const [known, bound, error] = scaling === "bounded-quantile"
      ? ["quantile", 3, 3e-5]
      : [scaling, Infinity, 2e-6];
    for (const [row, expected] of (numbers[known] as number[][]).entries()) {
      const own = [...inputs.subarray(7 * row, 7 * row + 7)];
      for (const [column, score] of expected.entries()) {
        const value = Math.max(-bound, Math.min(bound, score));
        const difference = Math.abs(own[column] - value);
        assert.ok(
          difference <= error * Math.max(1, Math.abs(value)),
          `${scaling} ${row} ${column}`,
        );
      }
      assert.deepEqual(own.slice(4), indicators[row], `${scaling} ${row}`);
    }
  }
});

Deno.test("a median is that of the sorted values, whatever their order and ties", () => {
  const random = randomStream(5, "medians");
  for (let rows = 1; rows < 60; rows++) {
    const values = Float32Array.from(
      { length: 2 * rows },
      () => random.float() < 0.2 ? NaN : Math.floor(random.float() * 20) / 2,
    );
    const present = values.filter((value, i) => i % 2 === 1 && !Number.isNaN(value)).sort();
    const half = present.length / 2;
    const expected = present.length === 0
      ? 0
      : (present[Math.ceil(half) - 1] + present[Math.floor(half)]) / 2;
    assert.equal(columnMedian(values, rows, 2, 1), expected, `${values}`);
  }
});

Deno.test("columns that are all missing are dropped; constant ones with gaps keep their indicator", () => {
  const dataset = datasetFromArrays({
    features: [[null, 1, 5, 7], [null, NaN, 5, 8], [null, 1, 5, null]],
    labels: [0, 1, 0],
    missing: "keep",
  });
  const preprocessing = fitPreprocessing(dataset, { scaling: "min-max" });
  assert.deepEqual([...preprocessing.kept], [3]);
  assert.deepEqual([...preprocessing.indicators!], [1, 3]);
  assert.deepEqual(droppedColumns(preprocessing), ["x0", "x2"]);
  const inputs = preprocess(preprocessing, dataset.features, 3, 4);
  assert.deepEqual([...inputs], [0, 0, 0, 1, 1, 0, 0.5, 0, 1]);
  const nothing = datasetFromArrays({
    features: [[null, 3], [null, 3]],
    labels: [0, 1],
    missing: "keep",
  });
  assert.throws(() => fitPreprocessing(nothing, { scaling: "none" }), /no feature that varies/);
});

Deno.test("categories become scikit-learn's one-hot inputs, unknown ones none", () => {
  const { asked, plain } = fixture.categories;
  const train = plain.train.map((name: string) => [name, 1]);
  const dataset = datasetFromArrays({ features: train, labels: labelsOf(train) });
  // Sorted by code point here and there.
  assert.deepEqual(dataset.categories, [plain.names, null]);
  const preprocessing = fitPreprocessing(dataset, { scaling: "quantile" });
  validatePreprocessing(preprocessing);
  assert.equal(inputCount(preprocessing), 6);
  const { features } = rawFeatures(preprocessing, asked.map((name: string) => [name, 1]));
  const inputs = preprocess(preprocessing, features, asked.length, 2);
  assert.deepEqual([...inputs], plain.inputs.flat());
  assert.deepEqual(unusualValues(preprocessing, features), [{
    column: "x0",
    missing: 0,
    unseen: 4,
  }]);
});

Deno.test("rare and unknown categories share an input, as scikit-learn's infrequent ones do", () => {
  const { asked, shared } = fixture.categories;
  const train = shared.train.map((name: string) => [name]);
  const dataset = datasetFromArrays({ features: train, labels: labelsOf(train) });
  const preprocessing = fitPreprocessing(dataset, { scaling: "min-max" });
  validatePreprocessing(preprocessing);
  const { features } = rawFeatures(preprocessing, asked.map((name: string) => [name]));
  const inputs = preprocess(preprocessing, features, asked.length, 1);
  assert.deepEqual([...inputs], shared.inputs.flat());
  assert.equal(unusualValues(preprocessing, features)[0].unseen, 2);
});

Deno.test("no more than 255 categories have an input of their own", () => {
  const features = Array.from({ length: 300 * 6 }, (_, row) => [`c${row % 300}`]);
  for (let more = 0; more < 10; more++) features.push(["c299"]);
  const dataset = datasetFromArrays({ features, labels: labelsOf(features) });
  const preprocessing = fitPreprocessing(dataset, { scaling: "none" });
  assert.equal(inputCount(preprocessing), 256);
  const [{ categories, places, shared }] = preprocessing.categorical!;
  assert.ok(shared && places[categories.indexOf("c299")] < 255);
});

Deno.test("a column of one category, or of nothing but rare ones, is dropped", () => {
  const features = Array.from({ length: 12 }, (_, row) => ["same", `row ${row}`, row]);
  const dataset = datasetFromArrays({ features, labels: labelsOf(features) });
  const preprocessing = fitPreprocessing(dataset, { scaling: "none" });
  assert.deepEqual(droppedColumns(preprocessing), ["x0", "x1"]);
  assert.equal(inputCount(preprocessing), 1);
  const { features: raw } = rawFeatures(preprocessing, [["same", "row 3", 1], ["else", null, 2]]);
  assert.deepEqual([...preprocess(preprocessing, raw, 2, 3)], [1, 2]);
});

Deno.test("a missing category has no input, and an indicator where training rows missed some", () => {
  const features = Array.from({ length: 30 }, (_, row) => [row % 3 === 0 ? null : `${row % 3}`]);
  features[1] = ["one"];
  const dataset = datasetFromArrays({ features, labels: labelsOf(features), missing: "keep" });
  const preprocessing = fitPreprocessing(dataset, { scaling: "standard" });
  const { features: raw } = rawFeatures(preprocessing, [["1"], [2], [null], ["one"], ["two"]]);
  assert.deepEqual([...preprocess(preprocessing, raw, 5, 1)], [
    ...[0, 1, 0, 0],
    ...[0, 0, 1, 0],
    ...[1, 0, 0, 0],
    ...[0, 0, 0, 1],
    ...[0, 0, 0, 1],
  ]);
});

Deno.test("datasetFromArrays keeps missing values unless they are to be refused, and refuses infinity always", () => {
  for (const cell of [null, NaN]) {
    const arrays = { features: [[1], [cell]], labels: [0, 1] };
    assert.throws(
      () => datasetFromArrays({ ...arrays, missing: "error" }),
      /not finite .* in row 1, column "x0"/,
    );
    assert.equal(datasetFromArrays(arrays).features[1], NaN);
    assert.equal(datasetFromArrays({ ...arrays, missing: "median" }).features[1], NaN);
  }
  const infinite = { features: [[1], [1e39]], labels: [0, 1], missing: "keep" as const };
  assert.throws(() => datasetFromArrays(infinite), /not finite .* in row 1/);
});

Deno.test("validatePreprocessing refuses what would read or write beyond the inputs", () => {
  const features = Array.from({ length: 20 }, (_, row) => [`${row % 2}`, row % 3 ? row : null]);
  const dataset = datasetFromArrays({ features, labels: labelsOf(features), missing: "keep" });
  const good = fitPreprocessing(dataset, { scaling: "standard" });
  validatePreprocessing(good);
  const [column] = good.categorical!;
  const withColumn = (change: object) => ({ ...good, categorical: [{ ...column, ...change }] });
  const cases: [preprocessing: typeof good, says: RegExp][] = [
    [withColumn({ column: 1 }), /column 1 kept and categorical/],
    [withColumn({ column: 2 }), /column 2 at position 0 of the categorical columns/],
    [withColumn({ places: Int32Array.of(0, 2) }), /2 as the place of "1", need −1 to 1/],
    [withColumn({ places: Int32Array.of(0) }), /2 categories and 1 places/],
    [withColumn({ categories: ["0", "0"] }), /each category once/],
    [withColumn({ inputs: 1 }), /1 inputs, need 0 or 2 to 256/],
    [withColumn({ inputs: NaN }), /NaN inputs/],
    [withColumn({ inputs: 0, shared: true }), /shares an input, and has none/],
    [{ ...good, medians: Float32Array.of() }, /0 medians, need a finite one for each of 1/],
    [{ ...good, medians: Float32Array.of(NaN) }, /medians, need a finite one/],
    [{ ...good, indicators: Int32Array.of(1, 1) }, /column 1 at position 1 of the indicator/],
  ];
  for (const [preprocessing, says] of cases) {
    assert.throws(() => validatePreprocessing(preprocessing), says);
  }
});
