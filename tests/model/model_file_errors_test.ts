import assert from "node:assert/strict";
import { newFolder, writeFile } from "../files.ts";
import { addContentDigest } from "../../lib/files/content_digest.ts";
import { decodeModel, encodeModel, load } from "../../lib/model/model_file.ts";
import { type Tensor } from "../../lib/files/safetensors.ts";
import { type Model } from "../../lib/model/model.ts";
import { predictProba } from "../../lib/model/predictor.ts";
import { randomStream } from "../../lib/random.ts";
import { headerEndOf, mutated, strangeJson } from "../files/mutation.ts";
import { bytes, decode, isClear, model, rows, source } from "./stored_model.ts";

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
