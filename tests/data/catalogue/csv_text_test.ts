import assert from "node:assert/strict";
import { datasetFromArrays, randomStream, readDataset } from "../../../mod.ts";
import { datasetCsv } from "../../../lib/data/catalogue/mod.ts";
import { nineDigits, shortestDecimal } from "../../../lib/data/catalogue/csv_text.ts";
import { newFolder, writeFile } from "../../files.ts";

Deno.test("a data set that is written as CSV is read as the same", async () => {
  const random = randomStream(3, "csv text");
  const bits = new Uint32Array(6000);
  for (let k = 0; k < bits.length; k++) bits[k] = random.uint32();
  const features = new Float32Array(bits.buffer).map((value) => Number.isFinite(value) ? value : 0);
  const dataset = datasetFromArrays({
    features,
    columns: 2,
    labels: Array.from({ length: 3000 }, (_, row) => ['a, "b"', "c\nd", "e"][row % 3]),
    featureNames: ["plain", 'with, "quotes"'],
  });
  const path = `${newFolder()}/table.csv`;
  writeFile(path, [...datasetCsv(dataset)].join(""));
  const read = (await readDataset(path, { target: "class" })).dataset;
  // −0 is written as 0.
  assert.deepEqual(read.features, dataset.features.map((value) => value === 0 ? 0 : value));
  assert.deepEqual(read.labels, dataset.labels);
  assert.deepEqual(read.classes, dataset.classes);
  assert.deepEqual(read.featureNames, dataset.featureNames);
});

Deno.test("numbers are written by as few digits as they need", () => {
  const cases: [value: number, text: string][] = [
    [0.1, "0.1"],
    [1 / 3, "0.33333334"],
    [16777216, "16777216"],
    [3.4028234663852886e38, "3.4028235e+38"],
    [-1.5, "-1.5"],
    [1e-45, "1e-45"],
  ];
  for (const [value, text] of cases) {
    // The smallest 32-bit float has one digit that counts, and is written with up to nine.
    const found = shortestDecimal(Math.fround(value));
    assert.equal(Math.fround(Number(found)), Math.fround(value));
    if (value !== 1e-45) assert.equal(found, text);
  }
});

Deno.test("nine digits are those of C's %.9g", () => {
  // Printed by Python: [f"{x:.9g}" for x in numpy.float32([...])].
  const printed: [value: number, text: string][] = [
    [0, "0"],
    [1, "1"],
    [-0.5, "-0.5"],
    [0.1, "0.100000001"],
    [100, "100"],
    [123456789, "123456792"],
    [1e9, "1e+09"],
    [1e10, "1e+10"],
    [0.0001, "9.99999975e-05"],
    [0.00012, "0.000119999997"],
    [1.5e-7, "1.50000005e-07"],
    [16777216, "16777216"],
    [987654300, "987654272"],
    [3.4028234663852886e38, "3.40282347e+38"],
  ];
  for (const [value, text] of printed) assert.equal(nineDigits(Math.fround(value)), text);
});
