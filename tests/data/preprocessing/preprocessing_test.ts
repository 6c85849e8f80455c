import assert from "node:assert/strict";
import { builtinDatasetPath, datasetFromArrays, readDataset } from "../../../mod.ts";
import {
  coarseColumns,
  droppedColumns,
  fitPreprocessing,
  isByRank,
  preprocess,
  type Preprocessing,
  SCALINGS,
  validatePreprocessing,
} from "../../../lib/data/preprocessing/mod.ts";

const train = datasetFromArrays({
  features: [[0, 5, -1, 9], [2, 5, -1, 9], [4, 5, -1, 8]],
  labels: ["a", "b", "a"],
  featureNames: ["p", "q", "r", "s"],
});

Deno.test("fitPreprocessing drops the columns that are constant and names them", () => {
  const preprocessing = fitPreprocessing(train, { scaling: "min-max" });
  assert.deepEqual([...preprocessing.kept], [0, 3]);
  assert.deepEqual(preprocessing.featureNames, ["p", "q", "r", "s"]);
  assert.deepEqual(droppedColumns(preprocessing), ["q", "r"]);
  assert.deepEqual([...preprocessing.scaling.parameters], [0, 4, 8, 9]);
  validatePreprocessing(preprocessing);
});

Deno.test("preprocess scales raw rows by the training rows, whatever a dropped column holds", () => {
  const preprocessing = fitPreprocessing(train, { scaling: "min-max" });
  const inputs = preprocess(preprocessing, Float32Array.of(1, 777, NaN, 8.5, 8, 5, -1, 7), 2, 4);
  assert.deepEqual([...inputs], [0.25, 0.5, 2, -1]);
});

Deno.test("fitPreprocessing of the built-in data set drops its one constant column", async () => {
  const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
  const preprocessing = fitPreprocessing(dataset, { scaling: "standard" });
  assert.deepEqual(droppedColumns(preprocessing), ["region-pixel-count"]);
  const inputs = preprocess(preprocessing, dataset.features, dataset.rows, dataset.columns);
  assert.equal(inputs.length, 2310 * 18);
  for (let column = 0; column < 18; column++) {
    let sum = 0;
    let squares = 0;
    for (let i = column; i < inputs.length; i += 18) {
      sum += inputs[i];
      squares += inputs[i] ** 2;
    }
    assert.ok(Math.abs(sum / 2310) < 1e-6 && Math.abs(squares / 2310 - 1) < 1e-5, `${column}`);
  }
});

Deno.test("fitPreprocessing refuses rows in which nothing varies", () => {
  const constant = datasetFromArrays({ features: [[1, 2], [1, 2]], labels: [0, 1] });
  assert.throws(() => fitPreprocessing(constant, { scaling: "none" }), {
    name: "RangeError",
    message: 'Cannot learn from "arrays": found no feature that varies among 2 rows ' +
      "and 2 columns, need at least one " +
      '("x0": it is 1 in all rows; "x1": it is 2 in all rows)',
  });
});

Deno.test("times and identifiers that 32 bits cannot tell apart are not taken for constant", () => {
  const rows = Array.from({ length: 60 }, (_, i) => [
    1_700_000_000 + i,
    i - 2 ** 53,
    1_700_000_000 + 86_400 * i,
    2024,
    i / 1e9,
  ]);
  const labels = rows.map((_, i) => i % 2);
  const featureNames = ["seconds", "id", "days", "year", "small"];
  const table = datasetFromArrays({ features: rows, labels, featureNames });
  assert.deepEqual(coarseColumns(table).map(({ column, step }) => [column, step]), [
    ["seconds", 128],
    ["id", 2 ** 30],
  ]);
  const alone = datasetFromArrays({ features: rows.map((row) => [row[0]]), labels });
  assert.throws(() => fitPreprocessing(alone, { scaling: "none" }), {
    message:
      'Cannot learn from "arrays": found no feature that varies among 60 rows and 1 columns, ' +
      'need at least one ("x0": it is too large for its differences: 1700000000 to 1700000000, ' +
      "where 32-bit floats are 128 apart; subtract a constant from it to tell its values apart)",
  });
});

Deno.test("preprocess refuses another number of columns or numbers", () => {
  const preprocessing = fitPreprocessing(train, { scaling: "none" });
  for (const [length, rows, columns] of [[2, 1, 2], [5, 1, 4], [4, 2, 4]]) {
    assert.throws(() => preprocess(preprocessing, new Float32Array(length), rows, columns), {
      name: "TypeError",
      message: `Cannot preprocess features: found ${length} numbers in ${rows} rows and ` +
        `${columns} columns, need ${rows} × 4`,
    });
  }
});

Deno.test("validatePreprocessing refuses what fitPreprocessing cannot give", () => {
  const good = fitPreprocessing(train, { scaling: "standard" });
  function refuses(change: Partial<Preprocessing>, message: RegExp): void {
    assert.throws(() => validatePreprocessing({ ...good, ...change }), { message });
  }
  refuses({ featureNames: ["p", "q", "p", "s"] }, /found a feature name twice/);
  refuses({ kept: Int32Array.of(0, 4) }, /found column 4 at position 1 .*, need 1 to 3$/);
  refuses({ kept: Int32Array.of(-1, 3) }, /found column -1 at position 0 .*, need 0 to 3$/);
  refuses({ kept: Int32Array.of(3, 3) }, /found column 3 at position 1 .*, need 4 to 3$/);
  refuses({ kept: Int32Array.of(1) }, /found 1 kept columns and a scaling of 2, need as many/);
  refuses({ kept: new Int32Array(0) }, /found 0 kept columns/);
  refuses(
    { scaling: { ...good.scaling, parameters: new Float64Array(3) } },
    /found 3 parameters for 2 columns/,
  );
});

Deno.test("numbers of any size in training rows become finite inputs; others are refused by name", () => {
  const wide = datasetFromArrays({
    features: [[-3.4e38, 0, 1], [1e38, 1e-45, 1e38], [3.4e38, 0, -1e38], [3.4e38, 1e-45, NaN]],
    labels: [0, 1, 0, 1],
    featureNames: ["wide", "narrow", "with\nholes"],
    missing: "keep",
  });
  for (const scaling of SCALINGS) {
    const preprocessing = fitPreprocessing(wide, { scaling });
    const inputs = preprocess(preprocessing, wide.features, 4, 3);
    assert.ok(inputs.every(Number.isFinite), scaling);
    const later = Float32Array.of(-3.4e38, 0, 3.4e38, 0, 1e38, 0);
    if (scaling === "none" || isByRank(scaling)) {
      assert.ok(preprocess(preprocessing, later, 2, 3).every(Number.isFinite), scaling);
    } else {
      assert.throws(() => preprocess(preprocessing, later, 2, 3), {
        name: "RangeError",
        message:
          `Cannot preprocess features: found ${
            Math.fround(1e38)
          } in row 1 (from 0), column "narrow", ` +
          "which is Infinity when scaled, need a number nearer to those of the training rows",
      });
    }
  }
  const scaling = fitPreprocessing(train, { scaling: "none" });
  assert.throws(
    () => preprocess(scaling, Float32Array.of(1, 5, -1, -Infinity), 1, 4),
    /found -Infinity in row 0 \(from 0\), column "s"/,
  );
});
