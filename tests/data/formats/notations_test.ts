import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readDataset, readFeatures } from "../../../mod.ts";
import type { ReadDatasetOptions } from "../../../lib/data/formats/mod.ts";
import { newFolder, writeFile } from "../../files.ts";

let files = 0;
const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

function fileOf(text: string, ending = ".csv"): string {
  const path = `${folder}/table${files++}${ending}`;
  writeFile(path, ending.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

const AS_TASKS = { target: "y", missing: "keep", categorical: "auto" } as const;

/** Reads a table of one feature with these cells. */
async function column(cells: readonly string[], options: Partial<ReadDatasetOptions> = {}) {
  const rows = cells.map((cell, row) => `"${cell}",${row % 2}`);
  const path = fileOf(["x,y", ...rows].join("\n"), [".csv", ".csv.gz"][files % 2]);
  const { dataset, remarks } = await readDataset(path, { ...AS_TASKS, ...options });
  return { values: [...dataset.features], categories: dataset.categories, dataset, remarks };
}

const READ: readonly [cells: string[], values: number[], text: string][] = [
  [["9,728", "1,204.5", "12", ""], [9728, 1204.5, 12, NaN], "numbers with separated thousands"],
  [["$9728.00", "$1,204.50", "-$3", "NA"], [9728, 1204.5, -3, NaN], "amounts in $"],
  [["12 €", "1 204 €", "3.5 €"], [12, 1204, 3.5], "amounts in €"],
  [["1.204,50 €", "3,5 €"], [1204.5, 3.5], "amounts in € with decimal commas"],
  [["204%", "3.5 %", "-1%"], [204, 3.5, -1], "percentages"],
  [["0,5", "1,234", "12"], [0.5, 1.234, 12].map(Math.fround), "numbers with decimal commas"],
  [["2024-01-05", "2023-12-31", "2024-02-29"], [0, -5, 55], "dates, in days since 2024-01-05"],
  [
    ["2024-01-05T12:00:00Z", "2024-01-06 00:00", "2024-01-05T12:00+06:00"],
    [0.5, 1, 0.25],
    "dates, in days since 2024-01-05",
  ],
  [
    ["31/12/2025", "1/1/2026", "02/01/2026 12:00", "2025-12-30", ""],
    [0, 1, 2.5, -1, NaN],
    "dates with the day first, in days since 2025-12-31",
  ],
  [
    ["1/2/2026", "12/31/2025", "01-03-2026"],
    [0, -2, 1],
    "dates with the month first, in days since 2026-01-02",
  ],
  [["01.02.2026", "03.02.2026"], [0, 2], "dates with the day first, in days since 2026-02-01"],
  [["10:30", "00:00:01.5", "23:59"], [37800, 1.5, 86340], "times, in seconds since midnight"],
  [["true", "False", "TRUE"], [1, 0, 1], "numbers, true as 1 and false as 0"],
  [["3", "-", "5"], [3, NaN, 5], 'numbers, "-" as a missing value'],
];

Deno.test("a column is read as meant where all of its cells are amounts, dates, times or booleans", async () => {
  for (const [cells, values, text] of READ) {
    const { values: found, categories, remarks } = await column(cells);
    assert.deepEqual(found, values, `${cells}`);
    assert.equal(categories, undefined);
    assert.deepEqual(remarks, [`Column "x" is read as ${text}`]);
  }
});

Deno.test("a column of which only some cells are amounts or dates has categories, as before", async () => {
  for (
    const cells of [
      ["9,728", "many"],
      ["2024-01-05", "2024-02-30"],
      ["31/12/2025", "12/31/2025"],
      ["13/13/2025", "31/12/2025"],
      ["31/12/25", "30/12/25"],
      ["31/12-2025", "30/12-2025"],
      ["5%", "5"],
      ["$5", "€5"],
      ["12:00", "noon"],
      ["true", "maybe"],
      ["1,23", "1.5"],
      ["-", "a"],
    ]
  ) {
    const { categories, remarks } = await column(cells);
    assert.equal(categories?.[0]?.length, 2, `${cells}`);
    assert.deepEqual(remarks, []);
  }
  const named = await column(["2024-01-05", "2024-01-06"], { categorical: ["x"] });
  assert.deepEqual(named.categories, [["2024-01-05", "2024-01-06"]]);
});

Deno.test("where no column has categories, a date is refused as text is", async () => {
  const table = "zip,day,y\n1,2024-01-05,a\n2,2024-01-06,b\n";
  await assert.rejects(
    readDataset(fileOf(table), { target: "y", categorical: [] }),
    /line 2, column "day": found "2024-01-05", need a number$/,
  );
});

Deno.test("dates of which nobody can tell the day from the month are categories, and this is said", async () => {
  const { categories, remarks } = await column(["01/02/2026", "03/04/2026", "01/02/2026", "NA"]);
  assert.deepEqual(categories, [["01/02/2026", "03/04/2026"]]);
  assert.deepEqual(remarks, [
    'Column "x" has categories: in dates such as "01/02/2026" the day or the month may come first; ' +
    "they are dates where one day is beyond 12, or as 2024-01-05",
  ]);
  const named = await column(["01/02/2026", "03/04/2026"], { categorical: ["x"] });
  assert.deepEqual(named.remarks, []);

  const many = Array.from({ length: 1200 }, (_, i) => {
    return `${1 + i % 12}/${1 + Math.floor(i / 12) % 12}/${1900 + Math.floor(i / 144)}`;
  });
  await assert.rejects(
    column(many),
    /column "x": found dates such as "1\/1\/1900", all of which may have the day or the month first, need/,
  );
  // The last of many tells the order.
  const { values } = await column([...many, "2/13/1900"]);
  assert.equal(values[1], 31);
  assert.equal(values.at(-1), 43);
});

Deno.test("a model's dates have the order of its training table", async () => {
  const { dataset } = await column(["31/12/2025", "30/12/2025"]);
  assert.deepEqual(dataset.notations, [{ kind: "date", order: "day-first", origin: 20453 }]);
  const notations = new Map([["x", dataset.notations![0]!]]);
  const read = (text: string) =>
    readFeatures(fileOf(text), { featureNames: ["x"], missing: "keep", notations });
  assert.deepEqual([...(await read("x\n01/02/2026\n")).features], [32]);
  await assert.rejects(
    read("x\n12/31/2025\n"),
    /found "12\/31\/2025", need one like the column's others: dates with the day first, in days since 2025-12/,
  );
});

Deno.test("thousands of amounts, and one late among plain numbers, are read all the same", async () => {
  const amounts = Array.from({ length: 5000 }, (_, i) => `$${(i * 37).toLocaleString("en-US")}`);
  assert.deepEqual((await column(amounts)).values, amounts.map((_, i) => i * 37));
  const plain = Array.from({ length: 900 }, (_, i) => `${i}`);
  const late = await column([...plain, "1,000", "-", "1,001"]);
  assert.deepEqual(late.values, [...plain.map(Number), 1000, NaN, 1001]);
  const comma = await column([...plain, "3,5"]);
  assert.equal(comma.values.at(-1), 3.5);
  const points = Array.from({ length: 900 }, (_, i) => i < 30 ? `${i}` : `${i}.125`);
  await assert.rejects(
    column([...points, "3,5"]),
    /line 32, column "x": found "30.125", need one like the column's others: numbers with decimal commas/,
  );
  await assert.rejects(
    column([...points.slice(30), "3,5"]),
    /found "3,5" \(as in a column of numbers with decimal commas\), need a number, as in most/,
  );
  await assert.rejects(column([...plain, "12 apples"]), /found "12 apples", need a number/);
  const texts = Array.from({ length: 1200 }, (_, i) => `$${i}`);
  await assert.rejects(column([...texts, "free"]), /found more than 1000 different texts/);
});

Deno.test("other tables are read as the training table was, and what is written otherwise is refused", async () => {
  const { dataset } = await column(["2024-01-05", "2024-01-09"]);
  const notations = new Map([["x", dataset.notations![0]!]]);
  const read = (text: string, ending?: string) =>
    readFeatures(fileOf(text, ending), {
      featureNames: ["x"],
      missing: "keep",
      notations,
      // A model names the columns of categories: nobody may say another now.
      categorical: {},
    });
  assert.deepEqual([...(await read("x\n2023-01-05\n\n")).features], [-365]);
  const arff = "@relation r\n@attribute x date\n@data\n2024-01-06\n?\n";
  assert.deepEqual([...(await read(arff, ".arff")).features], [1, NaN]);
  await assert.rejects(
    read("x\n5 January\n"),
    /line 2, column "x": found "5 January", need one like the column's others: dates, in days since 2024-01-05, as in the table that the model learned from$/,
  );
});

Deno.test("a dash among numbers is missing for a model too, whether or not the training table had one", async () => {
  const [day, low] = [
    (await column(["2024-01-05", "2024-01-09"])).dataset.notations![0]!,
    (await column(["3", "-", "5"])).dataset.notations![0]!,
  ];
  const names = ["plain", "day", "low", "kind"];
  const of = (missing: "keep" | "error") => ({
    ...{ featureNames: names, missing, categorical: { kind: ["k", "-"] } },
    notations: new Map([["day", day], ["low", low]]),
  });
  for (const dash of ["-", "--", "–", "."]) {
    const text = `plain,day,low,kind\n1,2024-01-06,2,k\n${dash},${dash},${dash},${dash}\n`;
    for (const ending of [".csv", ".csv.gz"]) {
      const { features } = await readFeatures(fileOf(text, ending), of("keep"));
      // Among categories it is one of them, or one that the model does not know.
      assert.deepEqual([...features], [1, 1, 2, 0, NaN, NaN, NaN, dash === "-" ? 1 : -1]);
    }
    await assert.rejects(readFeatures(fileOf(text), of("error")), {
      name: "SyntaxError",
      message: new RegExp(
        `line 3, column "plain": found "[${dash}]+", a missing value, need a number: ` +
          "the model learned to refuse missing values$",
      ),
    });
  }
  const empty = fileOf("plain,day,low,kind\n1,2024-01-06,2,\n");
  await assert.rejects(
    readFeatures(empty, of("error")),
    /column "kind": found an empty cell, need a category: the model learned to refuse missing/,
  );
});

Deno.test("dates of Parquet and ARFF are read as those of CSV", async () => {
  const arff =
    "@relation r\n@attribute x date\n@attribute y {a,b}\n@data\n2024-01-05,a\n2024-01-07,b\n";
  const { dataset } = await readDataset(fileOf(arff, ".arff"), AS_TASKS);
  assert.deepEqual([...dataset.features], [0, 2]);
});
