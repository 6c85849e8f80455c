import assert from "node:assert/strict";
import { readDataset } from "../../../lib/data/formats/mod.ts";
import { datasetFromArrays, selectRows, splitDataset } from "../../../lib/data/table/mod.ts";
import { randomStream } from "../../../lib/random.ts";
import { newFolder, readText, writeFile } from "../../files.ts";

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
    [["1", "-2", "1"], /line 3, column "w": found the weight -2, need a finite number from 0$/],
    [["1", "1", ""], /line 4, column "w": found no weight, need a finite number from 0$/],
    [["0", "0", "0"], /column "w": found the weight 0 in all rows, need one above 0$/],
    [["1", "much", "1"], /line 3, column "w": found "much", need a finite number from 0$/],
  ];
  for (const [weights, message] of cases) {
    const read = readDataset(table(weights), { target: "y", weights: "w" });
    await assert.rejects(read, { name: "RangeError", message });
  }
  await assert.rejects(readDataset(table(["1", "1"]), { target: "y", weights: "v" }), {
    name: "TypeError",
    message: /found no column "v" \(columns: "a", "w", "kind"\)$/,
  });
  // The line is that of the file, whose rows without a target are left out.
  const path = table(["1", "2", "much", "1", "1"]);
  writeFile(path, readText(path).replace(",u\n", ",\n"));
  await assert.rejects(
    readDataset(path, { target: "y", weights: "w", missingTarget: "skip" }),
    /line 4, column "w": found "much", need a finite number from 0$/,
  );
  // Text in a row that is left out makes no other weight wrong.
  writeFile(
    path,
    readText(path).replace(",oak,v\n1,2", ",oak,\n1,2").replace("much", "3")
      .replace("0,1,", "0,much,"),
  );
  const { dataset } = await readDataset(path, {
    ...{ target: "y", weights: "w", missingTarget: "skip", categorical: "auto" },
  });
  assert.deepEqual([...dataset.weights!], [3, 1, 1]);
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
