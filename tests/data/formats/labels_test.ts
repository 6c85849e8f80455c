import assert from "node:assert/strict";
import { readDataset } from "../../../mod.ts";
import type { ReadDatasetOptions } from "../../../lib/data/formats/mod.ts";
import { newFolder, writeFile } from "../../files.ts";

let files = 0;
const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function read(text: string, options: Partial<ReadDatasetOptions> = {}, ending = ".csv") {
  const path = `${folder}/table${files++}${ending}`;
  writeFile(path, text);
  const { dataset, remarks } = await readDataset(path, { target: "y", ...options });
  const labels = Array.from(dataset.labels, (code) => dataset.classes[code]);
  return { labels, remarks, classes: dataset.classes, targets: dataset.targets };
}

Deno.test("labels that differ only by blanks, or by .0 behind a whole number, are one class", async () => {
  const padded = await read("x,y\n1,yes\n2,yes \n3, no\n4,yes\n");
  assert.deepEqual(padded.labels, ["yes", "yes", "no", "yes"]);
  assert.deepEqual(padded.remarks, [
    'Labels that are written in several ways are one class: "yes"',
  ]);
  assert.deepEqual((await read("x,y\n1,1\n2,1.0\n3,0\n4, 1\n")).labels, ["1", "1", "0", "1"]);
  const floats = await read("x,y\n1,1.0\n2,0.0\n");
  assert.deepEqual([floats.classes, floats.remarks], [["0.0", "1.0"], []]);
  assert.deepEqual((await read("x,y\n1,01\n2,1\n3,1.10\n4,1.1\n")).classes.length, 4);
  const other = await read("x,y\n1,yes \n2,1.0\n", { classes: ["1", "yes", "no"] });
  assert.deepEqual(other.labels, ["yes", "1"]);
  // A model of a time when blanks made another class keeps its classes.
  assert.deepEqual((await read("x,y\n1,a \n2,a\n", { classes: ["a", "a "] })).labels, ["a ", "a"]);
});

Deno.test("a target of many different numbers is told to be one for regression", async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => `${i},${i / 2}`);
  const { remarks } = await read(["x,y", ...rows(192)].join("\n"));
  assert.deepEqual(remarks, [
    'Column "y" has 192 different numbers, and each is taken for a class of its own; ' +
    "--task regression predicts them as numbers",
  ]);
  assert.deepEqual((await read(["x,y", ...rows(20)].join("\n"))).remarks, []);
});

const HEAD = "@relation r\n@attribute x numeric\n@attribute y";

Deno.test("a missing target is refused, or left out and counted, in every text format", async () => {
  for (const word of ["", "?", "NA", "NaN", "null", " n/a "]) {
    const text = `x,y\n1,u\n2,${word}\n3,v\n`;
    await assert.rejects(
      read(text),
      /line 3, column "y": found .*, need a class label; --missing-target skip leaves such rows out$/,
    );
    const { labels, remarks } = await read(text, { missingTarget: "skip" });
    assert.deepEqual(labels, ["u", "v"]);
    assert.deepEqual(remarks, ['Rows that are left out, without "y": 1']);
  }
  const numbers = { task: "regression", missingTarget: "skip" } as const;
  assert.deepEqual([...(await read("x,y\n1,5\n2,NA\n3,\n", numbers)).targets!], [5]);
  const arff = `${HEAD} numeric\n@data\n1,5\n2,?\n`;
  assert.deepEqual([...(await read(arff, numbers, ".arff")).targets!], [5]);
  await assert.rejects(
    read(arff, { task: "regression" }, ".arff"),
    /found "\?", a missing value, need/,
  );
  const nominal = `${HEAD} {a,b,'?'}\n@data\n1,a\n2,?\n3,b\n4,'?'\n`;
  const { labels } = await read(nominal, { missingTarget: "skip" }, ".arff");
  assert.deepEqual(labels, ["a", "b", "?"]);
  assert.deepEqual((await read("x,y\n1,none\n2,minor\n")).labels, ["none", "minor"]);
});

Deno.test("rows with weights, comments and tables without a header are told as what they are", async () => {
  await assert.rejects(
    read(`${HEAD} {a,b}\n@data\n1,a,{5}\n`, {}, ".arff"),
    /found the weight "\{5\}" of a row/,
  );
  await assert.rejects(read("# made by hand\nx,y\n1,a\n"), /the first line seems to be a comment/);
  await assert.rejects(
    read("5.1,3.5,setosa\n4.9,3,setosa\n"),
    /the first line seems to be a row, need a header/,
  );
  await Deno.mkdir(`${folder}/parts.parquet`);
  await assert.rejects(
    readDataset(`${folder}/parts.parquet`, { target: "y" }),
    /found a folder, need one file/,
  );
});

Deno.test("readDataset takes what the tasks take, their words too, and no others", async () => {
  const path = `${folder}/mixed.csv`;
  writeFile(path, "height,kind,y\n12,oak,1\n,elm,0\n");
  for (const missing of [undefined, "median", "keep"] as const) {
    const { dataset } = await readDataset(path, { target: "y", missing });
    assert.deepEqual([...dataset.features], [12, 1, NaN, 0]);
    assert.deepEqual(dataset.categories, [null, ["elm", "oak"]]);
  }
  await assert.rejects(
    readDataset(path, { target: "y", missing: "mean" as "median" }),
    /found "mean" as missing, need "keep", "median" or "error"$/,
  );
});

/** An array in NumPy's format 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const head = `${dict.padEnd(117)}\n`;
  const begin = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, head.length, 0];
  return Uint8Array.of(...begin, ...new TextEncoder().encode(head), ...data);
}

Deno.test("labels of NumPy arrays are padded, missing and spelled as those of text files are", async () => {
  const features = npy("<f8", "4, 1", new Uint8Array(Float64Array.of(1, 2, 3, 4).buffer));
  const floats = npy("<f8", "4,", new Uint8Array(Float64Array.of(1, NaN, 0, 1).buffer));
  const texts = npy("|S4", "4,", new TextEncoder().encode("yes\0yes \0\0\0\0no\0\0"));
  for (
    const [name, labels, expected] of [["f", floats, ["1", "0", "1"]], ["t", texts, [
      "yes",
      "yes",
      "no",
    ]]] as const
  ) {
    writeFile(`${folder}/x_${name}.npy`, features);
    writeFile(`${folder}/y_${name}.npy`, labels);
    await assert.rejects(
      readDataset(`${folder}/x_${name}.npy`, { target: "y" }),
      /--missing-target skip leaves such rows out$/,
    );
    const options = { target: "y", missingTarget: "skip" } as const;
    const { dataset, remarks } = await readDataset(`${folder}/x_${name}.npy`, options);
    assert.deepEqual(Array.from(dataset.labels, (code) => dataset.classes[code]), expected);
    assert.ok(remarks.includes('Rows that are left out, without "y": 1'));
    // What a text file says of the same classes is the same.
    const again = await read(
      `x0,y\n1,${expected[0]}.0\n2, ${expected[1]}\n`.replace("yes.0", " yes"),
      {
        classes: dataset.classes,
        featureNames: ["x0"],
      },
    );
    assert.deepEqual(again.labels, expected.slice(0, 2));
  }
});
