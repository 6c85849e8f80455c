import assert from "node:assert/strict";
import { readDataset } from "../../../lib/data/formats/mod.ts";
import { datasetFromArrays, selectRows, splitDataset } from "../../../lib/data/table/mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { newFolder, writeFile } from "../../files.ts";

function table(weights: readonly string[]): string {
  const path = `${newFolder()}/table.csv`;
  const lines = weights.map((weight, row) =>
    `${row},${weight},${row % 3 === 0 ? "oak" : "ash"},${row % 2 ? "u" : "v"}`
  );
  writeFile(path, `${["a,w,kind,y", ...lines].join("\n")}\n`);
  return path;
}

Deno.test("the column of weights is no feature, and every row keeps its own", async () => {
  const path = table(["1", "0.5", "0", "2.25"]);
  const { dataset } = await readDataset(path, { target: "y", weights: "w" });
  assert.deepEqual([...dataset.weights!], [1, 0.5, 0, 2.25]);
  assert.deepEqual(dataset.featureNames, ["a", "kind"]);
  assert.deepEqual([...dataset.features], [0, 1, 1, 0, 2, 0, 3, 1]);
  assert.deepEqual(dataset.categories, [null, ["ash", "oak"]]);
  assert.deepEqual([...selectRows(dataset, Int32Array.of(3, 1)).weights!], [2.25, 0.5]);
  // With the features of a model, in its order; weights are read though they are ignored.
  const again = await readDataset(path, {
    ...{ target: "y", weights: "w", featureNames: ["kind", "a"], ignore: ["w"] },
    categorical: { kind: ["oak", "ash"] },
  });
  assert.deepEqual([...again.dataset.features], [0, 0, 1, 1, 1, 2, 0, 3]);
  assert.deepEqual([...again.dataset.weights!], [1, 0.5, 0, 2.25]);
  await assert.rejects(
    readDataset(path, { target: "w", weights: "w" }),
    /table\.csv": found "w" as the target and as the weights of rows, need another column$/,
  );
  await assert.rejects(
    readDataset(path, { target: "y", weights: "w", featureNames: ["a", "w"] }),
    /found "w" as a feature and as the weights of rows, need another column$/,
  );
  assert.equal((await readDataset(path, { target: "y" })).dataset.weights, undefined);
});

Deno.test("weights that cannot be are refused, with what was found", async () => {
  const cases: [string[], RegExp][] = [
    [["1", "-2", "1"], /column "w": found the weight -2 in row 1, need a finite number from 0$/],
    [["1", "1", ""], /column "w": found no weight in row 2, need a finite number from 0$/],
    [["0", "0", "0"], /column "w": found the weight 0 in all rows, need one above 0$/],
    [["1", "much", "1"], /column "w": found text, need the weight of every row, a number from 0$/],
  ];
  for (const [weights, message] of cases) {
    const read = readDataset(table(weights), { target: "y", weights: "w" });
    await assert.rejects(read, { name: "RangeError", message });
  }
  await assert.rejects(readDataset(table(["1", "1"]), { target: "y", weights: "v" }), {
    name: "TypeError",
    message: /found no column "v", need it/,
  });
});

Deno.test("arrays have weights too, which follow their rows into both parts", () => {
  const arrays = {
    features: Array.from({ length: 20 }, (_, row) => [row]),
    labels: Array.from({ length: 20 }, (_, row) => row % 2),
  };
  const weights = Array.from({ length: 20 }, (_, row) => row);
  const dataset = datasetFromArrays({ ...arrays, weights });
  const { train, test } = splitDataset(dataset, 0.25, randomStream(1, "split"));
  for (const part of [train, test]) assert.deepEqual([...part.weights!], [...part.features]);
  assert.throws(() => datasetFromArrays({ ...arrays, weights: [1] }), {
    name: "TypeError",
    message: "Cannot make a data set: found 1 weights, need one for each of 20 rows",
  });
  assert.throws(() => datasetFromArrays({ ...arrays, weights: weights.map((w) => w - 1) }), {
    name: "RangeError",
    message: /found the weight -1 in row 0, need a finite number from 0/,
  });
});
