/**
 * Tables as NumPy, pandas and SciPy write them (fixtures/make_tables.py), against what those read.
 */
import assert from "node:assert/strict";
import { readDataset, readFeatures } from "../../../mod.ts";
import { readHeader } from "../../../lib/data/formats/mod.ts";
import type { ReadProgress } from "../../../lib/data/table/mod.ts";
import { newFolder, readJsonFile, writeFile } from "../../files.ts";

const fixtures = new URL("../fixtures/", import.meta.url);
const { tables } = readJsonFile(new URL("tables.json", fixtures));

interface Expected {
  readonly features: number[];
  readonly labels?: string[];
}

function table(name: string): URL {
  return new URL(`tables/${name}`, fixtures);
}

function labelsOf({ labels, classes }: { labels: Int32Array; classes: readonly string[] }) {
  return Array.from(labels, (code) => classes[code]);
}

for (const [name, { features, labels }] of Object.entries<Expected>(tables)) {
  // Refused: table_format_errors_test.ts.
  if (name === "lz4.parquet") continue;
  const target = name.endsWith(".npy") ? "y" : "class";
  Deno.test(`${name} has the numbers and labels that Python reads`, async () => {
    const featureNames = name.endsWith(".parquet")
      ? ["float", "single", "half", "long", "byte", "unsigned", "flag"]
      : undefined;
    const { dataset } = await readDataset(table(name), { target, featureNames });
    assert.deepEqual(dataset.features, Float32Array.from(features));
    assert.equal(dataset.rows * dataset.columns, features.length);
    const expected = labels ?? Array.from({ length: dataset.rows }, (_, row) => `${row % 2}`);
    assert.deepEqual(labelsOf(dataset), expected);
  });
}

const X = Float32Array.from(tables["x_le_f8.npy"].features);
const WORDS = ["no", "yes", "maybe", "no", "yé𝄞s", "yes", "no"];

Deno.test("text as bytes is a label as well", async () => {
  const { dataset } = await readDataset(table("x_byte_labels.npy"), { target: "y" });
  assert.deepEqual(labelsOf(dataset), ["no", "yes", "no", "no", "yes", "yes", "no"]);
});

Deno.test("one-hot labels are the places of their ones", async () => {
  for (const name of ["x_one_hot.npy", "x_one_hot_fortran.npy"]) {
    const { dataset } = await readDataset(table(name), { target: "y" });
    assert.deepEqual(labelsOf(dataset), ["0", "1", "2", "0", "1", "2", "0"]);
  }
});

Deno.test("a column of an NPY matrix may be the target, in either order of axes", async () => {
  for (const name of ["x_le_i4.npy", "x_be_i8.npy"]) {
    const { dataset } = await readDataset(table(name), { target: "x1" });
    assert.deepEqual(dataset.featureNames, ["x0", "x2"]);
    assert.deepEqual(labelsOf(dataset).slice(0, 3), ["-89", "-56", "-23"]);
    assert.deepEqual([...dataset.features.subarray(0, 4)], [-100, -78, -67, -45]);
  }
});

Deno.test("an archive's pair of arrays is found by the target's name", async () => {
  const cases: [name: string, target: string][] = [
    ["pair.npz", "y"],
    ["pair_compressed.npz", "y"],
    ["unnamed.npz", "arr_1"],
    ["splits.npz", "y_train"],
  ];
  for (const [name, target] of cases) {
    const { dataset } = await readDataset(table(name), { target });
    assert.deepEqual(dataset.features, X, name);
    assert.deepEqual(labelsOf(dataset), WORDS, name);
    assert.deepEqual(dataset.featureNames, ["x0", "x1", "x2"]);
    assert.equal(dataset.target, target);
  }
  const test = await readDataset(table("splits.npz"), { target: "y_test" });
  assert.equal(test.dataset.rows, 3);
  const named = await readDataset(table("named.npz"), { target: "target" });
  assert.deepEqual(named.dataset.featureNames, ["a", "b b", "c"]);
  assert.deepEqual(named.dataset.features, X);
  assert.deepEqual([...named.dataset.labels], [0, 1, 2, 0, 1, 2, 0]);
});

Deno.test("columns are read in the order asked for, and the others ignored", async () => {
  const inOrder = Float32Array.from({ length: 14 }, (_, k) => X[3 * (k >> 1) + (k & 1 ? 0 : 2)]);
  for (const [name, ignored] of [["x_fortran.npy", "y"], ["pair_compressed.npz", "y"]]) {
    const found = await readFeatures(table(name), { featureNames: ["x2", "x0"] });
    assert.deepEqual(found.features, inOrder);
    assert.deepEqual(found.ignoredColumns, ["x1", ignored]);
  }
  const arff = await readFeatures(table("table.arff"), { featureNames: ["flag", "second"] });
  assert.deepEqual([...arff.features.subarray(0, 4)], [0, Math.fround(-2.5e-3), 1, 5.25]);
  const parquet = await readFeatures(table("snappy.parquet"), { featureNames: ["flag", "long"] });
  assert.deepEqual([...parquet.features.subarray(0, 6)], [1, -100, 0, -67, 1, -34]);
});

Deno.test("rows of classes that a model does not know can be left out of every format", async () => {
  const kept = [0, 1, 3, 5, 6];
  for (const name of ["x_text_labels.npy", "pair.npz", "none.parquet"]) {
    const { dataset, unknownClasses } = await readDataset(table(name), {
      target: name.endsWith("parquet") ? "class" : "y",
      featureNames: name.endsWith("parquet") ? ["float"] : ["x0"],
      classes: ["yes", "no"],
      unknownClass: "skip",
    });
    assert.deepEqual(dataset.features, Float32Array.from(kept, (row) => X[3 * row]));
    assert.deepEqual([...dataset.labels], [1, 0, 1, 0, 1]);
    assert.deepEqual(unknownClasses, [{ label: "maybe", rows: 1 }, { label: "yé𝄞s", rows: 1 }]);
  }
});

Deno.test("the header of every format is read alone", async () => {
  assert.deepEqual(await readHeader(table("x_bool.npy")), ["x0", "x1", "x2", "y"]);
  assert.deepEqual(await readHeader(table("named.npz")), ["a", "b b", "c", "target"]);
  assert.deepEqual(
    await readHeader(table("table.arff")),
    ["first 'quoted' name", "second", "third, name", "flag", "class"],
  );
  const names = await readHeader(table("index.parquet"));
  assert.deepEqual(names.slice(-2), ["category", "class"]);
});

Deno.test("a Parquet file of many row groups and pages is read in order, with progress", async () => {
  const seen: ReadProgress[] = [];
  const { dataset } = await readDataset(table("many.parquet"), {
    target: "class",
    onProgress: (progress) => seen.push(progress),
  });
  assert.equal(dataset.rows, 5000);
  for (let row = 0; row < 5000; row++) {
    assert.equal(dataset.features[2 * row], row / 8);
    assert.equal(dataset.features[2 * row + 1], row % 17);
    assert.equal(dataset.labels[row], row % 3);
  }
  assert.deepEqual(seen.map(({ rows }) => rows), [700, 1400, 2100, 2800, 3500, 4200, 4900, 5000]);
  const last = seen.at(-1)!;
  assert.equal(last.bytesRead, last.bytesTotal);
});

Deno.test("a text in an attribute that is declared numeric makes of it what it makes in CSV", async () => {
  const folder = newFolder();
  const cells = ["x", "?", "$1,5", "-", "2024-01-05", "1e99", ""];
  for (const cell of cells) {
    const few = Array.from({ length: 12 }, (_, row) => [`${row % 7}`, `${row}.5`, "ab"[row % 2]]);
    const many = Array.from({ length: 60 }, (_, row) => [`${row}`, `${row}.5`, "ab"[row % 2]]);
    for (const rows of [few, many]) {
      rows[rows.length - 2][0] = cell.includes(",") ? `"${cell}"` : cell;
      const text = rows.map((row) => `${row.join(",")}\n`).join("");
      writeFile(`${folder}/t.csv`, `p,q,y\n${text}`);
      const head =
        "@relation r\n@attribute p numeric\n@attribute q real\n@attribute y {a,b}\n@data\n";
      writeFile(`${folder}/t.arff`, head + text);
      const read = (name: string) =>
        readDataset(`${folder}/${name}`, { target: "y" }).then(
          ({ dataset: { source: _, ...dataset }, remarks }) => ({ dataset, remarks }),
          ({ name, message }: Error) => [name, message.replace(/^.*?, column/, "column")],
        );
      assert.deepEqual(await read("t.arff"), await read("t.csv"), cell);
    }
  }
  await Deno.remove(folder, { recursive: true });
});
