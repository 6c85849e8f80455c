import assert from "node:assert/strict";
import {
  fitPreprocessing,
  fitTargetScaling,
  preprocess,
  scaleTargets,
  SCALINGS,
} from "../../lib/data/preprocessing/mod.ts";
import { readDataset } from "../../lib/data/formats/mod.ts";
import { openStreamedRows } from "../../lib/streams/mod.ts";
import { namesIn, newFolder, readBytes, writeFile } from "../files.ts";
import { mixedTable, tinyRequest, tinyStream } from "./tiny_tables.ts";

/** The rows of a stream in an order, as texts. */
function rowsOf(
  path: string,
  layout: Parameters<typeof openStreamedRows>[1],
  epoch: number | null,
) {
  using rows = openStreamedRows(path, layout);
  const order = epoch === null ? null : { seed: 1, epoch };
  const texts: string[] = [];
  for (let place = 0; place < rows.rows;) {
    const { rows: own, order: numbers, start, end } = rows.stream.window(order, place);
    assert.equal(start, place);
    for (const row of numbers) {
      const features = own.features.subarray(row * own.columns, (row + 1) * own.columns);
      texts.push(`${features} ${own.targets?.[row] ?? own.labels[row]}`);
    }
    place = end;
  }
  return texts;
}

Deno.test("streamed rows are those that are read and preprocessed in memory, in another order", async () => {
  const file = mixedTable();
  for (const scaling of SCALINGS) {
    const options = { target: "class", ignore: ["price"] };
    const { dataset } = await readDataset(file, options);
    const { path, table } = await tinyStream(tinyRequest(file, options, { scaling }));
    const wanted = fitPreprocessing(dataset, { scaling });
    const { scaling: own, ...rest } = table.preprocessing;
    const { scaling: known, ...wantedRest } = wanted;
    assert.deepEqual(rest, wantedRest);
    assert.equal(own.parameters.length, known.parameters.length);
    own.parameters.forEach((parameter, k) => {
      // Means of a column with missing values are summed in another order.
      const tolerance = scaling === "standard" ? 1e-12 * Math.abs(parameter) : 0;
      assert.ok(Math.abs(parameter - known.parameters[k]) <= tolerance, `${scaling} ${k}`);
    });
    assert.deepEqual(table.table.classes, dataset.classes);
    assert.deepEqual([table.table.rows, table.rankError], [300, 0]);
    const inputs = preprocess(table.preprocessing, dataset.features, 300, dataset.columns);
    const width = inputs.length / 300;
    const expected = Array.from(
      { length: 300 },
      (_, row) => `${inputs.subarray(row * width, (row + 1) * width)} ${dataset.labels[row]}`,
    ).sort();
    for (const epoch of [null, 0, 1]) {
      assert.deepEqual(rowsOf(path, table.layout, epoch).sort(), expected, `${scaling} ${epoch}`);
    }
    assert.notDeepEqual(rowsOf(path, table.layout, 0), rowsOf(path, table.layout, 1));
    assert.deepEqual(rowsOf(path, table.layout, 1), rowsOf(path, table.layout, 1));
  }
});

Deno.test("numbers to predict are scaled as in memory", async () => {
  const options = { target: "price", task: "regression", ignore: ["class"] } as const;
  const file = mixedTable();
  const { dataset } = await readDataset(file, options);
  const { path, table } = await tinyStream(tinyRequest(file, options));
  const scale = fitTargetScaling(dataset.targets!, file, "price");
  assert.deepEqual(table.targetScaling, scale);
  const wanted = [...scaleTargets(scale, dataset.targets!)].sort((a, b) => a - b);
  const found = rowsOf(path, table.layout, 3).map((text) => Number(text.split(" ")[1]));
  assert.deepEqual(found.sort((a, b) => a - b), wanted);
  assert.equal(
    table.layout.largestSquare,
    wanted.reduce((most, target) => Math.max(most, target * target), 0),
  );
});

Deno.test("rows that are held out are the table's, and none to learn from", async () => {
  const file = mixedTable();
  const options = { target: "price", task: "regression", ignore: ["class"] } as const;
  const parts = { testFraction: 0.2, validationFraction: 0.25 };
  const { path, table } = await tinyStream(tinyRequest(file, options, parts));
  const { dataset } = await readDataset(file, options);
  const { test, validation } = table;
  assert.deepEqual([test!.rows, validation!.rows, table.layout.rows], [60, 60, 180]);
  const { mean, deviation } = table.targetScaling!;
  const near = (target: number) => (target * deviation + mean).toFixed(3);
  const all = [...dataset.targets!].map((target) => target.toFixed(3)).sort();
  const found = [
    ...[...test!.targets!].map((target) => target.toFixed(3)),
    ...[...validation!.targets!].map(near),
    ...rowsOf(path, table.layout, null).map((text) => near(Number(text.split(" ")[1]))),
  ];
  assert.deepEqual(found.sort(), all);
});

Deno.test("the same table, seed and memory make the same bytes; another seed others", async () => {
  const file = mixedTable();
  const make = async (seed: number) => {
    const { path, table } = await tinyStream(tinyRequest(file, { target: "class" }, { seed }));
    assert.deepEqual(namesIn(path.replace(/\/[^/]+$/, "")), ["rows.f32"]);
    return { digest: table.digest, bytes: readBytes(path) };
  };
  const [first, second, other] = [await make(1), await make(1), await make(2)];
  assert.deepEqual(first, second);
  assert.notEqual(first.digest, other.digest);
});

Deno.test("a table that cannot be streamed says so, and leaves no file", async () => {
  const folder = newFolder();
  const cases: [content: string, message: RegExp][] = [
    ["x,y\n1,a\n", /found the one class "a", need at least two$/],
    ["x,y\n1,a\n1,b\n", /found no feature that varies among 2 rows and 1 columns/],
    ["x,y\n", /found a header only, need at least one row$/],
    ["x,y\n1,a\n2\n", /line 3: found 1 field, need 2$/],
  ];
  for (const [content, message] of cases) {
    const file = `${folder}/table.csv`;
    writeFile(file, content);
    const own = newFolder();
    const request = tinyRequest(file, { target: "y" });
    const { prepareStream } = await import("../../lib/streams/mod.ts");
    await assert.rejects(prepareStream(request, `${own}/rows.f32`), message);
    assert.deepEqual(namesIn(own), []);
  }
  await assert.rejects(
    tinyStream(tinyRequest(`${folder}/rows.npz`, { target: "y" })),
    /Cannot stream ".*rows\.npz": found a format whose rows are read all at once, need CSV, ARFF, NPY or Parquet$/,
  );
});

Deno.test("one row to learn from is too few to vary, and none is told before", async () => {
  const file = `${newFolder()}/table.csv`;
  writeFile(file, "x,y\n1,a\n2,b\n");
  await assert.rejects(
    tinyStream(tinyRequest(file, { target: "y" }, { testFraction: 0.5 })),
    /found no feature that varies among 1 rows/,
  );
  await assert.rejects(
    tinyStream(tinyRequest(file, { target: "y" }, { testFraction: 0.5, validationFraction: 0.5 })),
    /Cannot hold rows out: found 2 rows, need more than 1 for the test and 1 for validation$/,
  );
});
