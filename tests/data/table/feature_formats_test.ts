import assert from "node:assert/strict";
import { writeFile } from "../../files.ts";
import { fileOf, folder, readDataset } from "../table_files.ts";

Deno.test("ARFF's nominal attributes and missing values are read", async () => {
  const text = "@relation r\n@attribute a {x,'y z',q}\n@attribute b {1,2}\n@attribute c numeric\n" +
    "@attribute s string\n@attribute y {u,v}\n@data\n'y z',1,?,one,u\n?,2,3,two,v\nx,1,4,one,u\n";
  const { dataset } = await readDataset(fileOf(text, ".arff"), {
    target: "y",
    missing: "keep",
    categorical: "auto",
  });
  // What is declared and never occurs is no category; numbers stay numbers.
  assert.deepEqual(dataset.categories, [["x", "y z"], null, null, ["one", "two"]]);
  assert.deepEqual([...dataset.features], [1, 1, NaN, 0, NaN, 2, 3, 1, 0, 1, 4, 0]);
  await assert.rejects(
    readDataset(fileOf(text, ".arff"), { target: "y", missing: "keep" }),
    /attribute "a" of type nominal with the value "x", need numbers in a feature/,
  );
});

Deno.test("Parquet's texts and nulls are read", async () => {
  const { parquetWriteBuffer } = await import(
    "../../../lib/experiments/results/hyparquet_writer.ts"
  );
  const columnData = [
    { name: "a", data: ["x", null, "y", "x"], type: "STRING" as const },
    { name: "b", data: [1.5, null, NaN, 2], type: "DOUBLE" as const },
    { name: "c", data: [true, false, true, true], type: "BOOLEAN" as const },
    { name: "y", data: ["u", "v", "u", "v"], type: "STRING" as const },
  ];
  const path = fileOf(new Uint8Array(parquetWriteBuffer({ columnData })), ".parquet");
  const { dataset } = await readDataset(path, {
    target: "y",
    missing: "keep",
    categorical: "auto",
  });
  assert.deepEqual(dataset.categories, [["x", "y"], null, null]);
  assert.deepEqual([...dataset.features], [0, 1.5, 1, NaN, NaN, 0, 1, NaN, 1, 0, 2, 1]);
  const named = await readDataset(path, { target: "y", missing: "keep", categorical: ["a", "c"] });
  assert.deepEqual(named.dataset.categories, [["x", "y"], null, ["False", "True"]]);
  await assert.rejects(readDataset(path, { target: "y" }), /column "a": found "x", need a number/);
  await assert.rejects(
    readDataset(path, { target: "y", categorical: "auto" }),
    /row 1 \(from 0\), column "a": found null, a missing value, need a category/,
  );
});

Deno.test("NPY's NaN is a missing value, and a column of it may hold categories", async () => {
  const values = Float64Array.of(1, NaN, 0, 2, 5, 1, 1, 6, 0);
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }".padEnd(117) + "\n";
  const bytes = new Uint8Array(128 + 72);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(values.buffer), 128);
  const path = fileOf(bytes, ".npy");
  const options = { target: "x2", missing: "keep", categorical: ["x0"] } as const;
  const { dataset } = await readDataset(path, options);
  assert.deepEqual(dataset.categories, [["1", "2"], null]);
  assert.deepEqual([...dataset.features], [0, NaN, 1, 5, 0, 6]);
  await assert.rejects(readDataset(path, { target: "x2" }), /found NaN, a missing value/);
});

Deno.test("a target of numbers comes from every format", async () => {
  const { parquetWriteBuffer } = await import(
    "../../../lib/experiments/results/hyparquet_writer.ts"
  );
  const columnData = [
    { name: "a", data: [1, 2, 3], type: "DOUBLE" as const },
    { name: "y", data: [0.5, -1, 7], type: "DOUBLE" as const },
  ];
  const paths = [
    fileOf(new Uint8Array(parquetWriteBuffer({ columnData })), ".parquet"),
    fileOf(
      "@relation r\n@attribute a numeric\n@attribute y numeric\n@data\n1,.5\n2,-1\n3,7\n",
      ".arff",
    ),
  ];
  for (const path of paths) {
    const { dataset } = await readDataset(path, { target: "y", task: "regression" });
    assert.deepEqual([...dataset.features], [1, 2, 3]);
    assert.deepEqual([...dataset.targets!], [0.5, -1, 7]);
  }
  // NumPy's matrix and its numbers are two arrays, or the target is a column of the matrix.
  const matrix = npy([3, 2], [1, 4, 2, 5, 3, 6]);
  writeFile(`${folder}/X_numbers.npy`, matrix);
  writeFile(`${folder}/y_numbers.npy`, npy([3], [0.5, -1, 7]));
  const options = { target: "y", task: "regression" } as const;
  const beside = await readDataset(`${folder}/X_numbers.npy`, options);
  assert.deepEqual([...beside.dataset.features], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual([...beside.dataset.targets!], [0.5, -1, 7]);
  const within = await readDataset(`${folder}/X_numbers.npy`, { ...options, target: "x1" });
  assert.deepEqual([...within.dataset.targets!], [4, 5, 6]);
  writeFile(`${folder}/y_numbers.npy`, npy([3], [0.5, NaN, 7]));
  await assert.rejects(
    readDataset(`${folder}/X_numbers.npy`, options),
    /y_numbers\.npy", row 1 \(from 0\): found NaN, a missing value, need a number/,
  );
  writeFile(`${folder}/y_numbers.npy`, npy([2], [0.5, 7]));
  await assert.rejects(
    readDataset(`${folder}/X_numbers.npy`, options),
    /found 2 numbers, need one/,
  );
});

/** Doubles as NumPy writes them. */
function npy(shape: number[], values: number[]): Uint8Array {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const bytes = new Uint8Array(128 + 8 * values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(117)}\n`), 10);
  bytes.set(new Uint8Array(Float64Array.from(values).buffer), 128);
  return bytes;
}
