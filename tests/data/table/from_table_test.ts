/** Tables in memory give what the same tables give in files, whoever made them. */
import assert from "node:assert/strict";
import * as arrow from "npm:apache-arrow@21.1.0";
import { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
import { readDataset } from "../../../lib/data/formats/mod.ts";
import { type Dataset, datasetFromTable } from "../../../lib/data/table/mod.ts";
import { newFolder, writeFile } from "../../files.ts";

const ROWS = 60;
const numbers = Array.from({ length: ROWS }, (_, i) => i % 11 === 3 ? null : i / 4);
const kinds = Array.from({ length: ROWS }, (_, i) => ["oak", "elm", "ash"][i % 3]);
const days = Array.from({ length: ROWS }, (_, i) => new Date(Date.UTC(2024, 0, 1 + 3 * i)));
const flags = Array.from({ length: ROWS }, (_, i) => i % 5 === 0);
const prices = Array.from(
  { length: ROWS },
  (_, i) => `$${(1000 + 17 * i).toLocaleString("en-US")}`,
);
const counts = Array.from({ length: ROWS }, (_, i) => BigInt(i * i));
const labels = Array.from({ length: ROWS }, (_, i) => i % 7 === 2 ? null : i % 2 === 0);

const columns = { numbers, kinds, days, flags, prices, counts, y: labels };
const names = Object.keys(columns) as (keyof typeof columns)[];
const objects = Array.from(
  { length: ROWS },
  (_, i) => Object.fromEntries(names.map((name) => [name, columns[name][i]])),
);

const iso = (day: Date) => day.toISOString().slice(0, 10);
const cell = (value: unknown) =>
  value === null ? "" : value instanceof Date ? iso(value) : `${value}`;
const csv = (sign: string) =>
  [
    names.join(sign),
    ...objects.map((row) => names.map((name) => `"${cell(row[name])}"`).join(sign)),
  ].join("\n");

const options = { target: "y", missingTarget: "skip" } as const;
const folder = newFolder();

async function read(file: string, content: string | Uint8Array): Promise<Dataset> {
  writeFile(`${folder}/${file}`, content);
  return (await readDataset(`${folder}/${file}`, options)).dataset;
}

const expected = await read("table.csv", csv(","));

Deno.test("the table that all are compared with is read as meant", () => {
  assert.equal(expected.rows, ROWS - labels.filter((label) => label === null).length);
  assert.deepEqual(expected.classes, ["false", "true"]);
  assert.deepEqual(expected.categories, [null, ["ash", "elm", "oak"], null, null, null, null]);
  assert.deepEqual(expected.notations?.map((own) => own?.kind), [
    ...[undefined, undefined, "date", "boolean", "point", undefined],
  ]);
  assert.deepEqual([...expected.features.subarray(0, 6)], [0, 2, 0, 1, 1000, 0]);
  assert.deepEqual([...expected.features.subarray(6, 12)], [0.25, 1, 3, 0, 1017, 1]);
});

/** The same rows, whatever the classes' spelling. */
function assertSame(found: Dataset): void {
  assert.deepEqual(found.classes.map((name) => name.toLowerCase()), expected.classes);
  const part = ({ features, rows, featureNames, categories, notations, labels }: Dataset) => ({
    features,
    rows,
    featureNames,
    categories,
    notations,
    labels,
  });
  assert.deepEqual(part(found), part(expected));
}

const field = (name: string) =>
  name === "kinds"
    ? "{oak,elm,ash}"
    : name === "y"
    ? "{true,false}"
    : name === "days" || name === "prices" || name === "flags"
    ? "string"
    : "numeric";

Deno.test("files of all formats give the same table", async () => {
  assertSame(await read("table.tsv", csv("\t")));
  assertSame(await read("semicolon.csv", csv(";")));
  const values = objects.map((row) =>
    names.map((name) => row[name] === null ? "?" : `'${cell(row[name])}'`)
  );
  assertSame(
    await read(
      "table.arff",
      [
        "@relation table",
        ...names.map((name) => `@attribute ${name} ${field(name)}`),
        "@data",
        ...values.map((row) => row.join(",")),
      ].join("\n"),
    ),
  );
  const types = {
    numbers: "DOUBLE",
    kinds: "STRING",
    days: "TIMESTAMP",
    flags: "BOOLEAN",
    prices: "STRING",
    counts: "INT64",
    y: "BOOLEAN",
  } as const;
  const columnData = names.map((name) => ({ name, data: columns[name], type: types[name] }));
  assertSame(await read("table.parquet", new Uint8Array(parquetWriteBuffer({ columnData }))));
});

/** As nodejs-polars has it: a proxy that denies having methods, and says its columns are its keys. */
const polars = new Proxy({
  columns: names,
  getColumn: (name: string) => ({ toArray: () => columns[name as keyof typeof columns] }),
}, { has: () => false, ownKeys: () => names });
/** As Arquero has it. */
const arquero = {
  columnNames: () => names,
  array: (name: string) => columns[name as keyof typeof columns],
};

Deno.test("tables in memory give what the file gives", () => {
  const types: Record<string, arrow.DataType> = {
    numbers: new arrow.Float64(),
    kinds: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    days: new arrow.DateMillisecond(),
    flags: new arrow.Bool(),
    prices: new arrow.Utf8(),
    counts: new arrow.Int64(),
    y: new arrow.Bool(),
  };
  const vectors = names.map((name) =>
    [name, arrow.vectorFromArray(columns[name] as unknown[], types[name])] as const
  );
  const arrowTable = new arrow.Table(Object.fromEntries(vectors));
  for (const table of [objects, columns, arrowTable, polars, arquero]) {
    assertSame(datasetFromTable(table, options).dataset);
  }
  const days32 = arrow.vectorFromArray(days, new arrow.DateDay());
  const moments = arrow.vectorFromArray(days, new arrow.TimestampMicrosecond());
  const dated = new arrow.Table({ days32, moments, y: arrow.vectorFromArray(flags) });
  const { features } = datasetFromTable(dated, { target: "y" }).dataset;
  assert.deepEqual([...features.subarray(0, 4)], [0, 0, 3, 3]);
});

Deno.test("texts in rows are numbers where a whole column says so, as in a file", () => {
  const rows = objects.map((row) =>
    Object.fromEntries(names.map((name) => [name, cell(row[name])]))
  );
  assertSame(datasetFromTable(rows, options).dataset);
  const mixed = [{ a: 1, y: "u" }, { a: "2", y: "v" }, { a: " 3.5 ", y: "u" }, { y: "v" }];
  assert.deepEqual([...datasetFromTable(mixed, { target: "y" }).dataset.features], [
    1,
    2,
    3.5,
    NaN,
  ]);
});

Deno.test("regression takes amounts and thousands as the numbers they are, in every format", async () => {
  const rows = prices.map((price, i) => ({ x: i, price: i === 4 ? "-" : price }));
  const regression = { target: "price", task: "regression", missingTarget: "skip" } as const;
  const inMemory = datasetFromTable(rows, regression);
  writeFile(
    `${folder}/prices.csv`,
    ["x,price", ...rows.map(({ x, price }) => `${x},"${price}"`)].join("\n"),
  );
  const inFile = await readDataset(`${folder}/prices.csv`, regression);
  for (const { dataset, remarks } of [inMemory, inFile]) {
    assert.deepEqual(
      [...dataset.targets!],
      prices.flatMap((_, i) => i === 4 ? [] : [1000 + 17 * i]),
    );
    assert.deepEqual(dataset.targetNotation, { kind: "point", sign: "$" });
    assert.deepEqual(remarks, [
      'Column "price" is read as amounts in $',
      'Rows that are left out, without "price": 1',
    ]);
  }
  const wrong = [{ x: 1, y: "$1,000" }, { x: 2, y: "12 %" }];
  assert.throws(() => datasetFromTable(wrong, { target: "y", task: "regression" }), {
    name: "SyntaxError",
    message: /row 1 \(from 0\), column "y": found "12 %", need a number/,
  });
});

Deno.test("what is no table is refused in a sentence", () => {
  const cases: [unknown, RegExp][] = [
    [[], /found \[\], need an array of objects/],
    [[[1, 2]], /found \[1,2\] as a row/],
    [{ a: 1 }, /found \{"a":1\}, need an array of objects, an object of columns/],
    [null, /found null, need/],
    [{ a: [1, 2], y: ["u"] }, /found 1 values in column "y", need 2, as in column "a"/],
    [{ a: [{}, 1], y: ["u", "v"] }, /row 0 \(from 0\), column "a": found bytes or a record/],
    [
      { a: [1, Infinity], y: ["u", "v"] },
      /row 1.*column "a": found "?Infinity"?, need a finite number/,
    ],
    [{ a: [new Date(NaN), 1], y: ["u", "v"] }, /found no valid date/],
  ];
  for (const [table, message] of cases) {
    assert.throws(() => datasetFromTable(table as [], { target: "y" }), { message });
  }
  assert.throws(
    () => datasetFromTable(objects, { ...options, missing: "mean" as "median" }),
    /found "mean" as missing/,
  );
});
