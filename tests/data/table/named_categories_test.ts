/** Columns of categories that a person names, beside those that are found. */
import assert from "node:assert/strict";
import { fileOf, readDataset } from "../table_files.ts";
import type { ReadDatasetOptions } from "../../../lib/data/table/table_passes.ts";

async function refuses(
  content: string,
  sentence: RegExp,
  options: Partial<ReadDatasetOptions>,
): Promise<void> {
  await assert.rejects(
    readDataset(fileOf(content), { target: "y", ...options }),
    (error: Error) => {
      assert.match(error.message, sentence);
      assert.match(error.message, /^Cannot read "/);
      return true;
    },
  );
}

Deno.test("named columns hold categories, whatever is in them; an empty list refuses text", async () => {
  const text = "a,b,y\n1,x,u\n1.0,x,v\n02,z,u\n";
  for (const categorical of [["a", "b"], ["a"]]) {
    const named = await readDataset(fileOf(text), { target: "y", categorical });
    assert.deepEqual(named.dataset.categories, [["1", "1.0", "02"], ["x", "z"]]);
  }
  await refuses(text, /line 2, column "b": found "x", need a number/, { categorical: [] });
  await refuses(text, /line 1: found no feature "c", need it as a column of categories/, {
    categorical: ["a", "c"],
  });
});

Deno.test("a column that is named changes no other", async () => {
  const cells: Readonly<Record<string, (row: number) => string>> = {
    zip: (row) => `0${1000 + row % 7}`,
    plain: (row) => `${row / 4}`,
    few: (row) => `${row % 3}`,
    day: (row) => `2024-03-1${row % 10}`,
    either: (row) => `0${1 + row % 9}/03/2024`,
    price: (row) => `"$${(1000 + row).toLocaleString("en-US")}"`,
    share: (row) => `${row} %`,
    comma: (row) => `"${row},5"`,
    low: (row) => row % 9 ? `${row}` : "-",
    alive: (row) => `${row % 4 === 0}`,
    kind: (row) => row % 8 ? `k${row % 5}` : "",
  };
  const names = Object.keys(cells);
  const table = Array.from(
    { length: 40 },
    (_, row) => [...names.map((name) => cells[name](row)), row % 2].join(","),
  );
  const path = fileOf(`${[...names, "y"].join(",")}\n${table.join("\n")}\n`);
  const read = async (categorical: "auto" | string[], more: object = {}) => {
    const options = { target: "y", missing: "keep", categorical, ...more } as const;
    const { dataset, remarks } = await readDataset(path, options);
    const column = (at: number) => ({
      values: Array.from({ length: 40 }, (_, row) => dataset.features[row * dataset.columns + at]),
      categories: dataset.categories?.[at],
      notation: dataset.notations?.[at],
    });
    const columns = dataset.featureNames.map((name, at) => [name, column(at)] as const);
    return { columns: new Map(columns), remarks };
  };
  const auto = await read("auto");
  assert.deepEqual(auto.columns.get("day")?.notation?.kind, "date");
  for (const name of names) {
    const named = await read([name]);
    for (const other of names) {
      const { categories } = named.columns.get(other)!;
      if (other !== name) {
        assert.deepEqual(named.columns.get(other), auto.columns.get(other), other);
      } else {assert.equal(
          categories?.length,
          new Set(table.map((_, r) => cells[name](r) || "k1")).size,
        );}
    }
    const about = (remark: string) => remark.includes(`"${name}"`);
    assert.deepEqual(named.remarks, auto.remarks.filter((remark) => !about(remark)), name);
  }
  // Weights are no feature: whoever names them too names no column of categories.
  const weighted = await read("auto", { weights: "plain" });
  assert.deepEqual(await read(["plain"], { weights: "plain" }), weighted);
});

Deno.test("a column may have more categories where it is named, beside others that may not", async () => {
  const rows = Array.from({ length: 1200 }, (_, row) => `n${row},${row % 3},${row % 2}`);
  const text = `a,b,y\n${rows.join("\n")}\n`;
  await refuses(text, /more than 1000 different texts.*, or name it as categorical$/, {
    categorical: ["b"],
  });
  const { dataset } = await readDataset(fileOf(text), { target: "y", categorical: ["a"] });
  assert.equal(dataset.categories?.[0]?.length, 1200);
  assert.equal(dataset.categories?.[1], null);
});
