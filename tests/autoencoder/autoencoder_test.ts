import assert from "node:assert/strict";
import {
  type Autoencoder,
  encode,
  fitAutoencoder,
  loadAutoencoder,
  reconstruct,
  reconstructionErrors,
  saveAutoencoder,
} from "../../lib/autoencoder/mod.ts";
import { datasetFromArrays } from "../../lib/data/table/from_arrays.ts";
import {
  fit,
  openRun,
  prepareProblem,
  saveRun,
  train,
  type TrainingEvent,
  type TrainingRun,
} from "../../lib/ensemble/mod.ts";
import { wasmKernels } from "../../lib/kernels/mod.ts";
import { kindOf, load } from "../../lib/model/mod.ts";
import { decodeSafetensors } from "../../lib/files/mod.ts";
import type { StoredSparseLayer } from "../../lib/nn/mod.ts";
import { completeSettings } from "../../lib/settings/mod.ts";
import { isThere, newFolder, readBytes, writeFile } from "../files.ts";
import { RELATED, relatedColumns, relatedRows } from "./related_columns.ts";

const SETTINGS = { hidden: [60], epsilon: 5, epochs: 60, noise: 1, seed: 4 } as const;
const dataset = relatedColumns(1500);
const trained = await fitAutoencoder(dataset, SETTINGS);

/** Rows to ask about, which it was not trained on. */
const rows = relatedRows(300, 2);

function inputs({ preprocessing: { scaling } }: Autoencoder, rows: readonly number[][]) {
  const { parameters } = scaling;
  // Of standard scaling: mean and deviation of every column.
  return rows.flatMap((row) =>
    row.map((cell, c) => (cell - parameters[2 * c]) / parameters[2 * c + 1])
  );
}

Deno.test("an autoencoder learns what columns have in common", () => {
  const scaled = inputs(trained, rows);
  const outputs = reconstruct(trained, rows);
  const errors = Array.from({ length: 12 }, (_, column) => {
    let sum = 0;
    for (let i = column; i < scaled.length; i += 12) sum += (outputs[i] - scaled[i]) ** 2;
    return sum / rows.length;
  });
  const related = errors.filter((_, column) => RELATED.includes(column));
  const others = errors.filter((_, column) => !RELATED.includes(column));
  // To tell the mean, 0, has an error of 1.
  assert.ok(Math.max(...related) < 0.5, `${related}`);
  assert.ok(Math.max(...related) < Math.min(...others), `${others}`);
});

Deno.test("the errors of rows are the means of their squared errors", () => {
  const scaled = inputs(trained, rows);
  const outputs = reconstruct(trained, rows);
  const errors = reconstructionErrors(trained, rows);
  for (const row of [0, 17, 299]) {
    let sum = 0;
    for (let i = 12 * row; i < 12 * row + 12; i++) sum += (outputs[i] - scaled[i]) ** 2 / 12;
    assert.ok(Math.abs(errors[row] - sum) < 1e-4, `${errors[row]} and ${sum}`);
  }
  // A row whose related columns disagree is unlike all others.
  const strange = rows[0].map((cell, c) => c === RELATED[0] ? cell + 8 : cell);
  assert.ok(reconstructionErrors(trained, [strange])[0] > Math.max(...errors));
});

Deno.test("a code is the activations of the hidden layer, by its definition", () => {
  const [layer] = trained.members[0].layers as readonly StoredSparseLayer[];
  const code = encode(trained, rows.slice(0, 20));
  assert.equal(code.length, 20 * 60);
  const scaled = inputs(trained, rows);
  for (const row of [0, 19]) {
    for (let neuron = 0; neuron < 60; neuron++) {
      let z = layer.bias[neuron];
      for (let k = layer.indptr[neuron]; k < layer.indptr[neuron + 1]; k++) {
        z += layer.data[k] * scaled[12 * row + layer.indices[k]];
      }
      assert.ok(Math.abs(code[60 * row + neuron] - Math.max(0, z)) < 1e-4);
    }
  }
  assert.throws(() => encode(trained, rows, { member: 1 }), RangeError);
});

Deno.test("the code is that of the narrowest hidden layer", async () => {
  const settings = { ...SETTINGS, hidden: [20, 3, 20], epochs: 2 };
  const deep = await fitAutoencoder(dataset, settings);
  assert.equal(encode(deep, rows).length, 3 * 300);
});

Deno.test("classes and targets make no difference, a seed does, and threads make none", async () => {
  const features = relatedRows(1500, 1);
  const targets = features.map(([first]) => first);
  const same = datasetFromArrays({ features, targets });
  const short = { ...SETTINGS, epochs: 3, members: 2 };
  const one = await fitAutoencoder(dataset, short);
  assert.deepEqual((await fitAutoencoder(same, short)).members, one.members);
  const { members } = await fitAutoencoder(dataset, short, { threads: 2 });
  assert.deepEqual(members, one.members);
  const other = await fitAutoencoder(dataset, { ...short, seed: 5 });
  assert.notDeepEqual(other.members[0].layers[0].bias, one.members[0].layers[0].bias);
});

Deno.test("a run that was interrupted goes on to the same bytes", () => {
  const settings = completeSettings({ task: "reconstruction", ...SETTINGS, epochs: 4 });
  const { problem } = prepareProblem(dataset, settings);
  const kernels = wasmKernels();
  const finish = (run: TrainingRun) => {
    for (const _ of train(run));
    return run.progress.members;
  };
  using whole = openRun(problem, settings, kernels);
  using half = openRun(problem, settings, kernels);
  for (const { type } of train(half)) if (type === "batch" && half.progress.step === 20) break;
  using resumed = openRun(problem, settings, kernels, { saved: saveRun(half) });
  assert.deepEqual(finish(resumed), finish(whole));
});

Deno.test("both layers change, as SET says, and keep their number of connections", async () => {
  const events: TrainingEvent[] = [];
  const settings = { ...SETTINGS, epochs: 3 };
  await fitAutoencoder(dataset, settings, { onEvent: (event) => events.push(event) });
  const changes = events.filter((event) => event.type === "topology");
  assert.deepEqual([...new Set(changes.map(({ layer }) => layer))], [0, 1]);
  assert.ok(changes.every(({ removed, grown }) => removed === undefined && grown > 0));
});

Deno.test("other methods train autoencoders too", async () => {
  for (const method of ["rigl", "static", "dense", "fd"] as const) {
    const settings = { ...SETTINGS, method, epochs: 40, explore: 0 };
    const { members, settings: own } = await fitAutoencoder(dataset, settings);
    assert.equal(own.method, method);
    assert.equal(members.length, method === "fd" ? 5 : 1);
    // To tell the mean of every column has an error of 1.
    const errors = members.map(({ validationLoss }) => validationLoss!);
    assert.ok(Math.min(...errors) < 0.9, `${method}: ${errors}`);
  }
});

Deno.test("an autoencoder is saved and loaded as it is, and equal ones have equal bytes", () => {
  const folder = newFolder();
  saveAutoencoder(trained, `${folder}/one.safetensors`);
  const again = loadAutoencoder(`${folder}/one.safetensors`);
  assert.deepEqual(again, trained);
  assert.deepEqual(encode(again, rows), encode(trained, rows));
  saveAutoencoder(again, `${folder}/two.safetensors`);
  const bytes = readBytes(`${folder}/one.safetensors`);
  assert.deepEqual(readBytes(`${folder}/two.safetensors`), bytes);
  assert.equal(kindOf(decodeSafetensors(bytes, "one")), "autoencoder");
});

Deno.test("a file of another kind is refused in a sentence, and so is a damaged one", async () => {
  const folder = newFolder();
  const file = `${folder}/autoencoder.safetensors`;
  saveAutoencoder(trained, file);
  assert.throws(
    () => load(file),
    /found a Sparsemble autoencoder file, need a Sparsemble model file/,
  );
  const bytes = new Uint8Array(readBytes(file));
  bytes[bytes.length - 1] ^= 1;
  writeFile(`${folder}/damaged`, bytes);
  assert.throws(() => loadAutoencoder(`${folder}/damaged`), SyntaxError);
  const narrow = { ...trained, settings: { ...trained.settings, hidden: [61] } };
  saveAutoencoder(narrow, `${folder}/narrow`);
  assert.throws(
    () => loadAutoencoder(`${folder}/narrow`),
    /found a network of widths 12, 60, 12, need 12, 61, 12/,
  );
  await assert.rejects(fit(dataset, { task: "reconstruction" }), /need fitAutoencoder for it/);
  await assert.rejects(fitAutoencoder(dataset, { task: "regression" }), TypeError);
  assert.ok(isThere(file));
});

Deno.test("settings of autoencoders and of targets do not mix", () => {
  const found = (settings: object) => () => completeSettings(settings);
  assert.throws(found({ noise: 0.2 }), /"noise": found 0.2, need nothing with task/);
  const task = "reconstruction";
  assert.throws(found({ task, trials: 2 }), RangeError);
  assert.throws(found({ task, labelSmoothing: 0.1 }), RangeError);
  assert.throws(found({ task, method: "adaboost" }), RangeError);
  assert.throws(found({ task, corruption: "mask", noise: 1 }), /need less than 1/);
  const settings = completeSettings({ task });
  assert.deepEqual(completeSettings(settings), settings);
  const { method, hidden, epsilon, noise, pruneRate, interval } = settings;
  // The published settings of QuickSelection.
  assert.deepEqual([method, hidden, epsilon, noise, pruneRate, interval], [
    "set",
    [1000],
    13,
    0.2,
    0.2,
    1,
  ]);
});
