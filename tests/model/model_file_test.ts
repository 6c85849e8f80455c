import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { isThere, newFolder, readBytes, writeFile } from "../files.ts";
import { addContentDigest } from "../../lib/files/content_digest.ts";
import { decodeModel, encodeModel, load, save } from "../../lib/model/model_file.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../lib/files/safetensors.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { datasetColumns, type Model } from "../../lib/model/model.ts";
import { readDataset } from "../../lib/data/formats/mod.ts";
import { predict, predictProba } from "../../lib/model/predictor.ts";
import { score } from "../../lib/model/score.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import { inputRows } from "../../lib/ensemble/problem.ts";
import { activationOf, optimizerOf } from "../../lib/settings/mod.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import { openNetwork, storeNetwork } from "../../lib/nn/network.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import { randomStream, streamKey } from "../../lib/random.ts";
import { epochOrder, gatherBatch } from "../../lib/training/batches.ts";
import { evaluate } from "../../lib/training/evaluate.ts";
import { headerEndOf, mutated, strangeJson } from "../files/mutation.ts";
import { smallDataset, smallModel } from "./small_model.ts";

const source = "model.safetensors";
const rows = [[0.1, 1, 7, -50], [1, 2.5, 7, 30], [-1, 2, 8, 0]];
const model = await smallModel();
const bytes = bytesOf(model);

function bytesOf(model: Model): Uint8Array {
  const { tensors, metadata } = encodeModel(model);
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

function decode(bytes: Uint8Array): Model {
  return decodeModel(decodeSafetensors(bytes, source), source);
}

function isClear(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.length < 1500 &&
    error.message.startsWith(`Cannot read "${source}": `) &&
    !/undefined|\[object|Cannot (read|set) propert|is not a function/.test(error.message);
}

Deno.test("save and load give back an equal model, and the same one always as the same bytes", () => {
  const folder = newFolder();
  save(model, `${folder}/one`);
  const again = load(`${folder}/one`);
  assert.deepEqual(again, model);
  assert.deepEqual(predictProba(again, rows), predictProba(model, rows));
  save(again, `${folder}/two`);
  assert.deepEqual(readBytes(`${folder}/two`), readBytes(`${folder}/one`));
  assert.deepEqual(new Uint8Array(readBytes(`${folder}/one`)), bytes);
});

Deno.test("save keeps every scaling, every kind of layer and every label", async () => {
  for (const scaling of ["none", "min-max", "standard", "quantile"] as const) {
    const model = await smallModel({ scaling, epochs: 4, explore: 0, learningRate: 0.001 });
    assert.deepEqual(decode(bytesOf(model)), model, scaling);
  }
  const dense = await smallModel({ method: "dense", members: 1, epochs: 4, explore: 0 });
  assert.equal(dense.members[0].layers[0].kind, "dense");
  assert.deepEqual(decode(bytesOf(dense)), dense);
  const embedded = await smallModel({ embedding: "periodic", epochs: 4, explore: 0 });
  const first = embedded.members[0].layers[0];
  assert.ok(first.kind === "sparse" && first.activation === "sine");
  assert.deepEqual(decode(bytesOf(embedded)), embedded);
  const calibrated = await smallModel({ calibration: "temperature", epochs: 4, explore: 0 });
  assert.ok(calibrated.temperature! > 0);
  assert.deepEqual(decode(bytesOf(calibrated)), calibrated);
  assert.deepEqual(
    [model, calibrated].map((one) => JSON.parse(encodeModel(one).metadata.sparsemble).version),
    [2, 3],
  );
  const named = { ...model, classes: ["ü", "", '"\n,'], target: "\u2028 é" };
  assert.deepEqual(decode(bytesOf(named)), named);
});

Deno.test("a model of version 1 predicts what it did, refuses missing values, and stays what it is", () => {
  const path = fileURLToPath(new URL("fixtures/version_1.safetensors", import.meta.url));
  const old = load(path);
  // Written down when the file was made, with smallDataset's rows.
  const expected = [
    ...[0.6728866100311279, 0.24721932411193848, 0.07989408075809479],
    ...[0.05069757252931595, 0.8246091604232788, 0.12469325959682465],
    ...[0.04221422225236893, 0.00503205880522728, 0.9527537226676941],
  ];
  const found = predictProba(old, rows, wasmKernels());
  assert.ok(found.every((p, k) => Math.abs(p - expected[k]) < 1e-6), `${found}`);
  assert.throws(() => predictProba(old, [[NaN, 1, 7, 1]]), /found NaN in row 0, column "a"/);
  // A column that says nothing is not read from a table: its cells are NaN.
  const unread = [NaN, 7].map((cell) => predictProba(old, [[0.5, 1, cell, 1]], wasmKernels()));
  assert.deepEqual(unread[0], unread[1]);
  assert.deepEqual(decode(bytesOf(old)), old);
  assert.equal(JSON.parse(encodeModel(old).metadata.sparsemble).version, 1);
});

Deno.test("the notation of the numbers to predict stays with the model, and reads another table", async () => {
  const path = `${newFolder()}/table.csv`;
  const lines = Array.from(
    { length: 60 },
    (_, row) => `${row};${1 + row % 7}.${100 + row},${row % 9}`,
  );
  writeFile(path, ["a;price", ...lines].join("\n"));
  const read = { target: "price", task: "regression" } as const;
  const { dataset } = await readDataset(path, read);
  assert.deepEqual(dataset.targetNotation, { kind: "comma", sign: undefined });
  const small = { hidden: [8], epsilon: 3, epochs: 4, explore: 0, members: 1, batchSize: 16 };
  const model = await fit(dataset, { method: "fd", ...small, learningRate: 0.001 });
  const again = decode(bytesOf(model));
  assert.deepEqual(again.targetNotation, { kind: "comma" });
  assert.equal(JSON.parse(encodeModel(model).metadata.sparsemble).version, 6);
  // Alone, this table's point is a decimal one. Beside decimal commas it may stand between thousands.
  writeFile(path, "a;price\n1;1.204\n2;13\n");
  assert.equal((await readDataset(path, read)).dataset.targets![0], Math.fround(1.204));
  await assert.rejects(
    readDataset(path, datasetColumns(again)),
    /line 2, column "price": found "1\.204", need one of the column's numbers with decimal commas$/,
  );
  writeFile(path, "a;price\n1;1.204,5\n2;13\n");
  const { dataset: others } = await readDataset(path, datasetColumns(again));
  assert.deepEqual([...others.targets!], [1204.5, 13]);
  const broken = { ...model, targetNotation: { kind: "comma", sign: "?" } as const };
  assert.throws(() => decode(bytesOf(broken)), isClear);
});

Deno.test("save keeps medians, indicators and categories of any name", async () => {
  const names = ["a,b", 'qu"ote', "\u2028\n", "__proto__", "蓝"];
  const { features, ...rest } = smallDataset();
  const cells = Array.from(
    { length: rest.rows },
    (_, row) => [row % 7 === 0 ? null : features[4 * row], names[row % 5], row % 9 ? "x" : "rare"],
  );
  const labels = Array.from(rest.labels, (label) => rest.classes[label]);
  const featureNames = ["a", "__proto__", "constructor"];
  const dataset = datasetFromArrays({ features: cells, labels, featureNames, missing: "keep" });
  const settings = { hidden: [8], epochs: 6, explore: 2, members: 2, batchSize: 16 };
  const model = await fit(dataset, { method: "fd", ...settings }, { kernels: wasmKernels() });
  assert.deepEqual(decode(bytesOf(model)), model);
  assert.deepEqual(model.preprocessing.categorical?.map(({ inputs }) => inputs), [5, 2]);
  const asked = [[null, "a,b", "x"], [0.3, "unseen", null], [-1, "蓝", "rare"]];
  assert.deepEqual(predictProba(decode(bytesOf(model)), asked), predictProba(model, asked));
  assert.equal(score(decode(bytesOf(model)), dataset), score(model, dataset));
  // Codes of another table are told apart by the categories' names.
  const reversed = datasetFromArrays({
    features: [[1, "蓝", "x"], [1, "a,b", "x"]],
    labels: ["down", "right"],
    featureNames,
    classes: rest.classes,
  });
  const predicted = predict(model, [[1, "蓝", "x"], [1, "a,b", "x"]]);
  const right = predicted.filter((label, row) => label === ["down", "right"][row]).length;
  assert.equal(score(model, reversed), right / 2);
});

Deno.test("load says what is wrong with a path", () => {
  const folder = newFolder();
  assert.throws(() => load(`${folder}/none`), {
    message: `Cannot read "${folder}/none": there is no such file or folder`,
  });
  assert.throws(() => load(folder), /found a folder, need a file/);
});

Deno.test("load refuses other versions and other kinds of file, with a reason", () => {
  const { tensors, metadata } = encodeModel(model);
  const description = JSON.parse(metadata.sparsemble);
  const cases: [change: Record<string, unknown>, says: RegExp][] = [
    [{ version: 7 }, /found version 7, need version 1 to 6; a newer library wrote the file/],
    [{ version: 0 }, /found version 0, need version 1 to 6/],
    [{ version: "1" }, /found version "1", need version 1 to 6/],
    // What version 2 has beside it is none of a file of version 1.
    [{ version: 1 }, /preprocessing\.(medians|indicators)/],
    [{ categorical: undefined }, /found no "categorical", need a list/],
    [{ categorical: {} }, /found {} as "categorical", need a list/],
    [{ categorical: [null] }, /found null as "categorical\[0\]", need an object/],
    [{ temperature: 0 }, /found 0 as "temperature", need a number above 0/],
    [
      { strategy: { name: "a".repeat(5000) } },
      /as "strategy\.name", need a text of at most 4096 letters/,
    ],
    [{ temperature: 1e-300 }, /found 1e-300 as "temperature", need a number from 0.01 to 100/],
    [{ classes: ["one"] }, /found 1 as the number of classes, need at least 2/],
    [
      { targetScaling: { mean: 1e39, deviation: 1 } },
      /found 1e\+39 as "targetScaling.mean", need a/,
    ],
    [
      { targetScaling: { mean: 0, deviation: 1e39 } },
      /1e\+39 as "targetScaling.deviation", need a/,
    ],
    [{ temperature: "1" }, /found "1" as "temperature", need a number/],
    [{ notations: [{ column: 0, kind: "roman" }] }, /"roman" .*need one of point, comma, date/],
    [{ notations: [{ column: 99, kind: "date" }] }, /found column 99 .* notation columns/],
    [{ notations: [{ column: 0, kind: "point", sign: "x" }] }, /found .*"x".*, need a known one/],
    [{ kind: "checkpoint" }, /found a Sparsemble checkpoint, need a Sparsemble model file/],
    [{ kind: "net" }, /found another kind of file, need a Sparsemble model file/],
    [{ classes: ["one", "two"] }, /found networks of 3 outputs, need 2, the number of classes/],
    [{ classes: ["a", "b", "b"] }, /found \["a","b","b"\] as "classes", need each text once/],
    [{ featureNames: ["a", "b", "c"] }, /found column 3 .*need .* to 2/],
    [{ scaling: "toString" }, /"toString"/],
    [{ settings: { ...description.settings, epochs: 0.5 } }, /"epochs": found 0.5/],
    [{ settings: null }, /found null as "settings", need an object/],
    [{ members: [] }, /found no members, need at least one|tensor "member\.0/],
  ];
  for (const [change, says] of cases) {
    const text = JSON.stringify({ ...description, ...change });
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    assert.throws(
      () => decodeModel(file, source),
      (error: Error) => isClear(error) && says.test(error.message) || assert.fail(error.message),
      JSON.stringify(change),
    );
  }
  // JSON knows no infinity, and numbers that are as large.
  for (
    const name of [
      '"temperature":',
      '"targetScaling":{"deviation":1,"mean":',
      '"targetScaling":{"mean":0,"deviation":',
    ]
  ) {
    const end = name.includes("{") ? "}" : "";
    const text = metadata.sparsemble.replace('"target"', `${name}1e999${end},"target"`);
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    assert.throws(() => decodeModel(file, source), /found Infinity as .*, need a finite number/);
  }
  const scaling = tensors.get("preprocessing.scaling")!;
  const large = { ...scaling, data: new Float64Array(scaling.data.length).fill(1e300) } as Tensor;
  const forged = new Map(tensors).set("preprocessing.scaling", large);
  assert.throws(
    () =>
      decodeModel({
        tensors: forged,
        metadata: addContentDigest(forged, { sparsemble: metadata.sparsemble }),
      }, source),
    /found 1e\+300 in the scaling, need numbers up to 3\.4/,
  );
  assert.throws(() => decodeModel({ tensors, metadata: {} }, source), /found no "sparsemble" in/);
});

Deno.test("load says what is wrong with a long or vast description in a few words", () => {
  const { tensors, metadata } = encodeModel(model);
  const description = JSON.parse(metadata.sparsemble);
  const { settings } = description;
  const long = "k".repeat(8e6);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]));
  // 10,000 columns that claim 256 inputs each: with a batch of rows 1.3 GB, from a file of 700 kB.
  const claimed = Array.from({ length: 10_000 }, (_, column) => (
    { column, categories: ["a"], places: [0], inputs: 256, shared: false }
  ));
  const cases: [change: Record<string, unknown>, says: RegExp][] = [
    [{ settings: { ...settings, [long]: 1 } }, /setting "k+\.\.\.": there is none of this name$/],
    [{ settings: { ...settings, method: long } }, /found "k+\.\.\.", need one of/],
    [
      { settings: { ...settings, candidates: [{ [long]: 1 }] } },
      /"candidates\.0\.k+\.\.\.": there is/,
    ],
    [{ settings: { ...settings, ...many } }, /as "settings", need an object of fewer than 1000/],
    [{ version: long }, /found version "k+\.\.\.", need version/],
    [{ target: [long] }, /found \["k+\.\.\. as "target", need a text/],
    [{ categorical: claimed }, /as "categorical\[0\]", need a category for every input/],
  ];
  for (const [change, says] of cases) {
    const text = JSON.stringify({ ...description, ...change });
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    assert.throws(
      () => decodeModel(file, source),
      (error: Error) => isClear(error) && says.test(error.message) || assert.fail(error.message),
    );
  }
});

Deno.test("load refuses every truncation of a model file", () => {
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decode(bytes.slice(0, length)), isClear, `${length} bytes`);
  }
  const path = `${newFolder()}/${source}`;
  for (const length of [0, 7, 8, 100, bytes.length - 1]) {
    writeFile(path, bytes.subarray(0, length));
    assert.throws(() => load(path), (error: Error) => {
      return error instanceof SyntaxError && error.message.startsWith(`Cannot read "${path}": `);
    });
  }
});

Deno.test("load of 2,000 mutated model files: a clear error, or the very same model", () => {
  const headerEnd = headerEndOf(bytes);
  const expected = predictProba(model, rows);
  let [same, refused] = [0, 0];
  for (let round = 0; round < 2000; round++) {
    const random = randomStream(5, "model mutation", round);
    let damaged = bytes;
    for (let left = 1 + random.below(3); left > 0; left--) {
      damaged = mutated(damaged, headerEnd, random);
    }
    let loaded: Model;
    try {
      loaded = decode(damaged);
    } catch (error) {
      assert.ok(isClear(error), `round ${round}: ${error}`);
      refused++;
      continue;
    }
    assert.deepEqual(predictProba(loaded, rows), expected, `round ${round}`);
    same++;
  }
  assert.ok(refused > 1900, `${refused} refused, ${same} the same`);
});

Deno.test("load of 2,000 forged descriptions with a right digest: a clear error, or a usable model", () => {
  const { tensors, metadata } = encodeModel(model);
  const description = JSON.parse(metadata.sparsemble);
  let [usable, refused] = [0, 0];
  for (let round = 0; round < 2000; round++) {
    const random = randomStream(6, "model forgery", round);
    const text = JSON.stringify(strangeJson(description, random));
    const file = { tensors, metadata: addContentDigest(tensors, { sparsemble: text }) };
    let loaded: Model;
    try {
      loaded = decodeModel(file, source);
    } catch (error) {
      assert.ok(isClear(error), `round ${round}: ${(error as Error).stack}`);
      refused++;
      continue;
    }
    const columns = loaded.preprocessing.featureNames.length;
    const found = predictProba(loaded, [Array.from({ length: columns }, () => 1)]);
    assert.equal(found.length, 3, `round ${round}`);
    assert.ok(Math.abs(found.reduce((sum, p) => sum + p, 0) - 1) < 1e-4, `round ${round}`);
    usable++;
  }
  assert.ok(refused > 500 && usable > 200, `${refused} refused, ${usable} usable`);
});

Deno.test("a stored member can be loaded, trained further and evaluated again", () => {
  const dataset = smallDataset(400, 2);
  const path = `${newFolder()}/${source}`;
  save(model, path);
  const stored = load(path);
  const { settings, preprocessing } = stored;
  // A small rate: what was learnt is to be kept.
  const optimizer = optimizerOf(settings);
  using network = openNetwork(
    wasmKernels(),
    stored.members[1].layers,
    activationOf(settings),
    optimizer,
  );
  const workspace = openWorkspace(network, 32, true);
  const training = inputRows(preprocessing, dataset);
  const before = evaluate(network, workspace, training);
  for (let epoch = 0, step = 0; epoch < 30; epoch++) {
    const order = epochOrder(training.rows, 1, epoch);
    for (let start = 0; start < training.rows; start += 32) {
      const batch = gatherBatch(workspace, training, order, start, 32);
      step++;
      const dropKey = (layer: number) => streamKey(1, "dropout", step, layer);
      const options = { optimizer, learningRate: 0.05, dropout: 0, labelSmoothing: 0 };
      trainStep(network, workspace, batch, { ...options, step, dropKey });
    }
  }
  const after = evaluate(network, workspace, training);
  assert.ok(after.loss < 0.7 * before.loss, `${before.loss} → ${after.loss}`);
  assert.ok(after.accuracy! > before.accuracy!);

  const layers = storeNetwork(network);
  const member = { ...stored.members[1], layers, validationAccuracy: after.accuracy };
  const further: Model = { ...stored, members: [member] };
  save(further, path);
  assert.equal(score(load(path), dataset), after.accuracy);
  // The topology is the one it was stored with.
  layers.forEach((layer, l) => {
    const old = stored.members[1].layers[l];
    assert.ok(layer.kind === "sparse" && old.kind === "sparse");
    assert.deepEqual(layer.indices, old.indices);
    assert.notDeepEqual(layer.data, old.data);
  });
});

/** Whether python3 is there, with what a SciPy user has. */
const python = (() => {
  try {
    const args = ["-c", "import safetensors.numpy, scipy.sparse"];
    return new Deno.Command("python3", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

const NUMPY = [{}, { scaling: "standard", activation: "relu" }, {
  blockSize: 8,
  hidden: [32, 20],
}] as const;

for (const settings of NUMPY) {
  Deno.test({
    name: `NumPy and SciPy predict with a model file what predictProba does, ${
      JSON.stringify(settings)
    } (needs python3)`,
    ignore: !python,
    fn: async () => {
      const model = await smallModel(settings);
      const folder = newFolder();
      save(model, `${folder}/model.safetensors`);
      const { features, columns, rows } = smallDataset(50, 3);
      const table = Array.from(
        { length: rows },
        (_, row) => [...features.subarray(row * columns, (row + 1) * columns)],
      );
      writeFile(`${folder}/rows.json`, JSON.stringify(table));
      const script = new URL("./fixtures/predict_with_numpy.py", import.meta.url).pathname;
      const { success, stdout, stderr } = await new Deno.Command("python3", {
        args: [script, `${folder}/model.safetensors`, `${folder}/rows.json`],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const expected: number[] = JSON.parse(new TextDecoder().decode(stdout)).flat();
      const found = predictProba(model, table);
      assert.equal(found.length, expected.length);
      expected.forEach((p, i) =>
        assert.ok(Math.abs(found[i] - p) < 1e-5, `${i}: ${found[i]}, NumPy: ${p}`)
      );
      assert.ok(new Set(expected.map((p) => p.toFixed(3))).size > 20);
      assert.ok(isThere(script));
    },
  });
}
