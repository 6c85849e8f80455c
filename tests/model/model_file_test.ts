import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { isThere, newFolder, readBytes, writeFile } from "../files.ts";
import { encodeModel, load, save } from "../../lib/model/model_file.ts";
import { fit } from "../../lib/ensemble/fit.ts";
import { datasetColumns, type Model } from "../../lib/model/model.ts";
import { SCALINGS } from "../../lib/data/preprocessing/mod.ts";
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
import { streamKey } from "../../lib/random.ts";
import { epochOrder, gatherBatch } from "../../lib/training/batches.ts";
import { evaluate } from "../../lib/training/evaluate.ts";
import { smallDataset, smallModel } from "./small_model.ts";
import { bytes, bytesOf, decode, isClear, model, rows, source } from "./stored_model.ts";

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
  for (const scaling of SCALINGS) {
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
    /line 2, column "price": found "1\.204", need one like the column's others: numbers with decimal commas$/,
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
