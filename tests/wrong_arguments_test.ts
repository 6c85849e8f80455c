import assert from "node:assert/strict";
import {
  builtinDatasetPath,
  chooseKernels,
  completeSettings,
  datasetFromArrays,
  datasetFromTable,
  fit,
  fitFile,
  importance,
  inspectModel,
  load,
  openKernels,
  openPredictor,
  predict,
  predictProba,
  predictValues,
  randomStream,
  readDataset,
  readFeatures,
  resumeRun,
  save,
  score,
  scoreMembers,
  scoreRegression,
  selectFeatures,
  splitDataset,
  startRun,
} from "../mod.ts";
import * as library from "../mod.ts";

const features = Array.from({ length: 60 }, (_, row) => [row % 20, Math.floor(row / 20)]);
const labels = features.map(([x]) => x < 10 ? "left" : "right");
const dataset = datasetFromArrays({ features, labels });
const small = { hidden: [8], epsilon: 4, epochs: 1, members: 1, trials: 0 };
const model = await fit(dataset, small);

/** Every function of the library's face, with one argument of the right kind less each time. */
const CALLS: Readonly<Record<string, (wrong: never) => unknown>> = {
  builtinDatasetPath,
  chooseKernels,
  completeSettings: (wrong) => completeSettings(wrong ?? null as never),
  datasetFromArrays,
  datasetFromTable: (wrong) => datasetFromTable([{ a: 1, y: "b" }], wrong),
  fit,
  "fit's settings": (wrong) => fit(dataset, wrong ?? null as never),
  "fit's options": (wrong) => fit(dataset, small, wrong ?? null as never),
  fitFile: (wrong) => fitFile("table.csv", wrong),
  importance: (wrong) => importance(model, wrong),
  "importance's model": (wrong) => importance(wrong, dataset),
  "importance's options": (wrong) => importance(model, dataset, wrong ?? null as never),
  inspectModel,
  load,
  openKernels: (wrong) => openKernels(wrong, 1),
  openPredictor,
  "openPredictor's kernels": (wrong) => openPredictor(model, wrong ?? "wasm" as never),
  predict: (wrong) => predict(model, wrong),
  "predict's model": (wrong) => predict(wrong, [[1, 2]]),
  predictProba: (wrong) => predictProba(wrong, [[1, 2]]),
  predictValues: (wrong) => predictValues(wrong, [[1, 2]]),
  readDataset: (wrong) => readDataset(wrong, { target: "y" }),
  "readDataset's options": (wrong) => readDataset("table.csv", wrong),
  readFeatures: (wrong) => readFeatures("table.csv", wrong),
  resumeRun,
  save: (wrong) => save(wrong, "model.safetensors"),
  "save's path": (wrong) => save(model, wrong),
  score: (wrong) => score(model, wrong),
  "score's model": (wrong) => score(wrong, dataset),
  scoreMembers: (wrong) => scoreMembers(wrong, dataset),
  scoreRegression: (wrong) => scoreRegression(wrong, dataset),
  selectFeatures: (wrong) => selectFeatures(wrong, { count: 1 }),
  "selectFeatures' options": (wrong) => selectFeatures(dataset, wrong),
  splitDataset: (wrong) => splitDataset(wrong, 0.5, randomStream(1, "split")),
  "splitDataset's stream": (wrong) => splitDataset(dataset, 0.5, wrong),
  startRun: (wrong) => startRun(wrong, "run"),
  "exports.planModel": (wrong) => library.exports.planModel(wrong),
};

/** Things that a script hands over by mistake. A text is right in some places, and a list in others. */
const WRONG: readonly unknown[] = [undefined, NaN, 3, true, {}, Promise.resolve(model), () => 1];

/** Sentences of the engine, on what it tripped over. */
const ENGINE = /undefined \(|null \(|is not a function|is not iterable|destructure|Invalid array/;

Deno.test("what is handed over by mistake is refused in a sentence, with a TypeError or RangeError", async () => {
  for (const [name, call] of Object.entries(CALLS)) {
    for (const wrong of WRONG) {
      const what = `${name} of ${Deno.inspect(wrong)}`;
      const error = await Promise.resolve().then(() => call(wrong as never)).then(
        // Without options the defaults hold, and an object without entries has none.
        () => Object.is(wrong, undefined) || typeof wrong === "object" ? null : what,
        (error) => error,
      );
      if (error === null) continue;
      assert.ok(error instanceof TypeError || error instanceof RangeError, `${what}: ${error}`);
      assert.match(error.message, /^Cannot .*(found|need)/, what);
      assert.doesNotMatch(error.message, ENGINE, what);
    }
  }
});

Deno.test("every function of the library's face is among those that are called wrongly", () => {
  const called = new Set(Object.keys(CALLS).map((name) => name.replace(/'.*/, "")));
  const functions = Object.entries(library).filter(([, value]) => typeof value === "function");
  const left = functions.map(([name]) => name).filter((name) => !called.has(name));
  // Classes of errors; what shows whatever it is given; the stream, whose seed its own test refuses.
  assert.deepEqual(left.sort(), [
    "StrategyError",
    "TrainingDiverged",
    "display",
    "displayTable",
    "randomStream",
  ]);
});

Deno.test("who forgets await is told, and who hands over what holds the data set, too", async () => {
  await assert.rejects(fit(Promise.resolve(dataset) as never), {
    message: "Cannot train: found a promise, need a data set, as datasetFromArrays makes it; " +
      "write await before what makes it",
  });
  assert.throws(() => predict(fit(dataset, small) as never, features), {
    message: "Cannot predict: found a promise, need a model, as fit or load makes it; " +
      "write await before what makes it",
  });
  await assert.rejects(
    fit({ dataset, remarks: [] } as never),
    /need a data set.*; its "dataset" is/,
  );
  // As scikit-learn has it.
  await assert.rejects(fit(features as never, labels as never), {
    message: "Cannot train: found a list of 60, need a data set, as datasetFromArrays makes it",
  });
});

Deno.test("an option that there is not is refused, and the nearest one named", async () => {
  const misspelt: readonly [call: () => unknown, message: RegExp][] = [
    [() => fit(dataset, small, { onEvents: () => {} } as never), /"onEvents".*mean "onEvent"/],
    [() => importance(model, dataset, { repeat: 3 } as never), /"repeat".*mean "repeats"/],
    [() => selectFeatures(dataset, { cuont: 1 } as never), /"cuont".*mean "count"/],
    [() => readDataset("a.csv", { target: "y", ignroe: ["a"] } as never), /mean "ignore"/],
    [() => readFeatures("a.csv", { featureName: [] } as never), /mean "featureNames"/],
    [() => datasetFromTable([{ a: 1 }], { traget: "a" } as never), /mean "target"/],
    [() => datasetFromArrays({ features, label: labels } as never), /mean "labels"/],
    // Numbers as labels would be as many classes.
    [
      () => datasetFromArrays({ features, labels: features.map(([x]) => x), task: "" } as never),
      /found the option "task", need only .*"targets"/,
    ],
    [() => fitFile("a.csv", { target: "y", folders: "x" } as never), /mean "folder"/],
  ];
  for (const [call, message] of misspelt) {
    await assert.rejects(Promise.resolve().then(call), { name: "TypeError", message });
  }
});

Deno.test("a data set whose arrays do not fit its rows is not trained on", async () => {
  const wrong: readonly [Partial<typeof dataset>, RegExp][] = [
    [{ labels: dataset.labels.slice(1) }, /found 59 labels in a data set of 60 rows.*need 60$/],
    [{ features: dataset.features.slice(1) }, /found 119 features .* and 2 columns, need 120$/],
    [{ rows: 59 }, /found 120 features in a data set of 59 rows and 2 columns, need 118$/],
    [{ targets: new Float32Array(3) }, /found 3 targets/],
    [{ weights: new Float32Array(61) }, /found 61 weights/],
  ];
  for (const [own, message] of wrong) {
    await assert.rejects(fit({ ...dataset, ...own }, small), { name: "TypeError", message });
  }
});

Deno.test("a word that there is not, or a text in the place of a list, is refused", async () => {
  const table = "none.csv";
  const wrong: readonly [call: () => unknown, message: RegExp][] = [
    // It would be read as classes.
    [() => readDataset(table, { target: "y", task: "regresion" as never }), /as task, need one of/],
    [() => readDataset(table, { target: "y", missingTarget: "drop" as never }), /missingTarget/],
    [() => readDataset(table, { target: "y", unknownClass: "new" as never }), /unknownClass/],
    [() => readDataset(table, { target: "y", ignore: "a" as never }), /found "a" as ignore/],
    [() => readDataset(table, { target: "y", categorical: "a" as never }), /"a" as categorical/],
    [() => readFeatures(table, { featureNames: ["a"], unused: "a" as never }), /as unused/],
    [() => selectFeatures(dataset, { count: 1, by: "magic" as never }), /as by, need one of/],
    [() => datasetFromArrays({ features, labels, featureNames: "ab" as never }), /as featureNames/],
    [
      () => datasetFromArrays({ features, labels, classes: "no" as never }),
      /found "no" as classes/,
    ],
    [() => datasetFromArrays({ features, labels, target: 3 as never }), /need the target's name/],
    [
      () => datasetFromArrays({ features, labels: features as never }),
      /found a list of 2 as the label of row 0, need a text or a number/,
    ],
    [
      () => fitFile(table, { target: "y", folder: "x", memory: "1MB" as never }),
      /found "1MB" as memory, need a number of bytes/,
    ],
    [() => library.exports.exportC(model as never), /need a plan, as planModel makes it/],
    [() => library.exports.exportOnnx(model as never), /need a plan/],
    [() => library.exports.exportJavaScript(model as never), /need a plan/],
    [
      () => library.autoencoder.encode(model, features),
      /found a model of "classification", need an autoencoder/,
    ],
    [() => library.autoencoder.reconstruct(3 as never, features), /found 3, need an autoencoder/],
  ];
  for (const [call, message] of wrong) {
    await assert.rejects(Promise.resolve().then(call), { name: "TypeError", message });
  }
  await assert.rejects(
    fitFile(table, { target: "y", folder: "/none/at/all", memory: 1e6 }),
    /^Error: Cannot write rows into the folder "\/none\/at\/all": there is no such file or folder$/,
  );
});

Deno.test("rows to predict may be typed arrays, one for each or one for all", () => {
  const rows = [[1, 2], [15, 0]];
  const expected = predictProba(model, rows);
  assert.deepEqual(predictProba(model, rows.map((row) => Float32Array.from(row))), expected);
  assert.deepEqual(predictProba(model, rows.map((row) => Float64Array.from(row))), expected);
  assert.deepEqual(predictProba(model, Float64Array.from(rows.flat())), expected);
});

Deno.test("a model is saved and loaded by a file URL, too", () => {
  const path = `${Deno.makeTempDirSync()}/model with ü.safetensors`;
  const address = new URL(`file://${encodeURI(path)}`);
  save(model, address);
  assert.deepEqual(load(address), load(path));
  assert.throws(() => load(new URL("https://example.org/model")), /found "https:", need "file:"/);
});
