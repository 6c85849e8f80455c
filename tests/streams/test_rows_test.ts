/** What a streamed run was tested on is read again from its table; predictions and scores pass over tables in blocks. */
import assert from "node:assert/strict";
import { completeConfig, readRunTest, startRun } from "../../lib/experiments/run/mod.ts";
import {
  drawDataset,
  passDataset,
  passFeatures,
  readDataset,
  readFeatures,
} from "../../lib/data/formats/mod.ts";
import { rawColumns } from "../../lib/data/preprocessing/mod.ts";
import {
  datasetColumns,
  load,
  type Model,
  openPredictor,
  predictProba,
  predictValues,
  runningClassScore,
  runningNumberScore,
  scoreMembers,
  scoreRegression,
} from "../../lib/model/mod.ts";
import { type Dataset, selectRows } from "../../lib/data/table/mod.ts";
import { streamedTestRows } from "../../lib/streams/mod.ts";
import { newFolder, readText, writeFile } from "../files.ts";
import { mixedTable, tinyRequest, tinyStream } from "./tiny_tables.ts";

Deno.test("the test rows of a stream are those that its preparation held out", async () => {
  for (
    const options of [
      { target: "class", missing: "keep" as const },
      { target: "price", task: "regression" as const, ignore: ["class"], missing: "keep" as const },
    ]
  ) {
    const request = tinyRequest(mixedTable(), options, {
      testFraction: 0.2,
      validationFraction: 0.1,
      seed: 5,
    });
    const { table } = await tinyStream(request);
    const again = await streamedTestRows(request);
    assert.equal(again!.rows, 60);
    for (const key of ["features", "labels", "targets", "classes", "categories"] as const) {
      assert.deepEqual(again![key], table.test![key], key);
    }
  }
  assert.equal(await streamedTestRows(tinyRequest(mixedTable(), { target: "class" })), null);
});

/** A model of the mixed table, streamed. */
async function model(other: Readonly<Record<string, unknown>> = {}) {
  const config = completeConfig({
    ...{ file: mixedTable(), target: "class", method: "set", hidden: [12], epsilon: 4, epochs: 2 },
    ...{ members: 2, batchSize: 50, kernels: "wasm", memory: 1_000_000, testFraction: 0.2 },
    ...other,
  });
  const folder = newFolder();
  await startRun(config, folder);
  return { config, folder, model: load(`${folder}/model.safetensors`) };
}

Deno.test("a streamed run's test rows have the accuracy that its record has", async () => {
  const { config, folder, model: own } = await model();
  const test = await readRunTest(config, datasetColumns(own));
  const { accuracy } = JSON.parse(readText(`${folder}/record.json`));
  assert.equal(scoreMembers(own, test!).accuracy, accuracy);
  const file = mixedTable(80);
  const second = { ...config, test: file };
  const rows = await readRunTest(second, datasetColumns(own));
  const { dataset } = await readDataset(file, datasetColumns(own));
  assert.deepEqual(rows!.features, dataset.features);
});

/** More rows than a block has, two of them alone at its end. */
const ROWS = 16_384 + 1;

async function blocksAndWhole(own: Model, file: string) {
  const whole = await readFeatures(file, rawColumns(own.preprocessing));
  using predictor = openPredictor(own);
  const isNumber = own.targetScaling !== undefined;
  const parts: Float32Array[] = [];
  const texts: string[] = [];
  const passed = await passFeatures(file, rawColumns(own.preprocessing), {
    begin: () => parts.splice(0),
    take({ features, first, texts: [own] }) {
      parts.push(
        isNumber ? predictor.predictValues(features, first) : predictor.predictProba(features),
      );
      texts.push(...own);
    },
  }, ["shape"]);
  assert.equal(passed.rows, whole.rows);
  assert.deepEqual(passed.ignoredColumns, whole.ignoredColumns);
  const predicted = isNumber
    ? predictValues(own, whole.features)
    : predictProba(own, whole.features);
  assert.deepEqual(Float32Array.from(parts.flatMap((part) => [...part])), predicted);
  return { parts, texts };
}

Deno.test("classes of a table in blocks, and their scores, are those of the whole table, bit for bit", async () => {
  const { model: own } = await model({
    ...{ ignore: ["price"], coverage: 0.8, validationFraction: 0.2 },
  });
  for (const rows of [1, 2, ROWS, ROWS + 1, ROWS + 2, 2 * ROWS + 77]) {
    const file = mixedTable(rows);
    const { parts, texts } = await blocksAndWhole(own, file);
    assert.equal(parts.length, rows < ROWS + 1 ? 1 : rows < 2 * ROWS ? 2 : 3, `${rows} rows`);
    const shapes = readText(file).trimEnd().split("\n").slice(1).map((line) => line.split(",")[3]);
    assert.deepEqual(texts, shapes);
    if (rows < 3) continue;
    for (const weights of [undefined, "price"]) {
      const path = weights === undefined ? file : positive(file);
      const options = { ...datasetColumns(own), weights };
      const { dataset } = await readDataset(path, options);
      let running = runningClassScore(own);
      const passed = await passDataset(path, options, {
        begin: () => running = runningClassScore(own),
        take: (block) => running.add(block),
      });
      assert.equal(passed.rows, dataset.rows);
      assert.deepEqual(running.score(), scoreMembers(own, dataset));
      running[Symbol.dispose]();
    }
  }
});

/** The table with prices from 0, as weights. */
function positive(file: string): string {
  const [head, ...lines] = readText(file).trimEnd().split("\n");
  const own = lines.map((line, row) => line.replace(/[^,]*$/, `${row % 5}`));
  writeFile(`${file}.weighted.csv`, [head, ...own].join("\n"));
  return `${file}.weighted.csv`;
}

Deno.test("numbers of a table in blocks, and their errors, are those of the whole table, bit for bit", async () => {
  const { model: own } = await model({
    ...{ target: "price", task: "regression", ignore: ["class"] },
    ...{ coverage: 0.8, validationFraction: 0.2 },
  });
  const file = mixedTable(2 * ROWS);
  await blocksAndWhole(own, file);
  const options = datasetColumns(own);
  const { dataset } = await readDataset(file, options);
  let running = runningNumberScore(own);
  // Another way of writing the numbers is found out at the end: the table is read again.
  const notated = readText(file).replaceAll(/[^,\n]*$/gm, (price) => price && `"$${price}"`);
  const [first, ...lines] = notated.split("\n");
  writeFile(`${file}.dollars.csv`, [first.replace(/"\$price"/, "price"), ...lines].join("\n"));
  let begun = 0;
  for (const path of [file, `${file}.dollars.csv`]) {
    await passDataset(path, options, {
      begin() {
        begun++;
        running = runningNumberScore(own);
      },
      take: (block) => running.add(block),
    });
    assert.deepEqual(running.score(), scoreRegression(own, dataset));
  }
  assert.equal(begun, 3);
});

Deno.test("rows that are drawn while a table is read are those of the whole table", async () => {
  const { model: own } = await model({ ignore: ["price"] });
  const { model: numbers } = await model({
    ...{ target: "price", task: "regression", ignore: ["class"] },
  });
  const file = mixedTable(2 * ROWS + 9);
  const chosen = Int32Array.of(0, 5, ROWS - 1, ROWS, 2 * ROWS, 2 * ROWS + 8);
  for (
    const [path, options] of [
      [file, datasetColumns(own)],
      [positive(file), { ...datasetColumns(own), weights: "price" }],
      [file, datasetColumns(numbers)],
    ] as const
  ) {
    const { dataset: whole } = await readDataset(path, options);
    const few = await drawDataset(path, options, 6, (rows) => {
      assert.equal(rows, whole.rows);
      return chosen;
    });
    assert.equal(few.rows, whole.rows);
    assert.deepEqual(content(few.dataset), content(selectRows(whole, chosen)));
    const all = await drawDataset(path, options, whole.rows, () => assert.fail());
    assert.deepEqual(content(all.dataset), content(whole));
  }
});

/** A data set without the ways its numbers were written. */
function content({ notations: _, targetNotation: __, ...dataset }: Dataset) {
  const { targets, weights, ...others } = dataset;
  return { ...others, targets, weights };
}

Deno.test("what is wrong beside a table in blocks is told as of the whole table", async () => {
  const { model: own } = await model({ ignore: ["price"] });
  const columns = rawColumns(own.preprocessing);
  const file = mixedTable(ROWS + 5);
  const nothing = { begin() {}, take() {} };
  await assert.rejects(passFeatures(file, columns, nothing, ["nothing"]), /no column "nothing"/);
  const broken = readText(file).trimEnd() + "\n1,red,1,round,much,mid,3\n";
  writeFile(`${file}.broken.csv`, broken);
  for (const beside of [[], ["shape", "class"]]) {
    await assert.rejects(
      passFeatures(`${file}.broken.csv`, columns, nothing, beside),
      /line 16392, column "weight": found "much"/,
    );
  }
  const weighted = { ...datasetColumns(own), weights: "price" };
  await assert.rejects(
    passDataset(positive(file), weighted, {
      begin() {},
      take() {
        throw new Error("Cannot take it");
      },
    }),
    /Cannot take it/,
  );
  await assert.rejects(passDataset(file, weighted, nothing), /column "price": found the weight -/);
});
