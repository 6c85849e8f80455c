import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { gzipSync } from "node:zlib";
import { readFeatures } from "../../../mod.ts";
import { csvReader } from "../../../lib/data/formats/csv.ts";
import { planColumns } from "../../../lib/data/table/column_plan.ts";
import { featureCells } from "../../../lib/data/table/feature_cells.ts";
import { datasetPasses, type ReadDatasetOptions } from "../../../lib/data/table/table_passes.ts";
import { fileOf, readDataset } from "../table_files.ts";

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

Deno.test("missing values of every spelling are kept as NaN, where that is asked for", async () => {
  const words = ["", " ", '""', "NA", "n/a", "NaN", "-nan", "null", "None", "?", "#N/A"];
  const text = `a,b,y\n${words.map((word) => `${word},1,u`).join("\n")}\n2,,v\n`;
  for (const [content, ending] of [[text, ".csv"], [gzipSync(text), ".csv.gz"]] as const) {
    const { dataset } = await readDataset(fileOf(content, ending), {
      target: "y",
      missing: "keep",
    });
    assert.equal(dataset.categories, undefined);
    assert.deepEqual(
      [...dataset.features],
      [...words.flatMap(() => [NaN, 1]), 2, NaN],
    );
  }
  await refuses(text, /line 2, column "a": found an empty cell, need a number/, {});
  await refuses("a,y\n1,u\ninf,v\n", /line 3, column "a": found "inf", need a finite number/, {
    missing: "keep",
    categorical: "auto",
  });
  await refuses("a,y\n1,u\nNA,\n", /line 3, column "y": found an empty cell, need a class label;/, {
    missing: "keep",
  });
});

Deno.test("columns with text are found, and their categories sorted and coded", async () => {
  const text = 'n,colour,size,y\n1,red,10,u\n2," Ünï, ""x"" ",9,v\n3,,M,u\n4,red,NA,v\n5,蓝,10,u\n';
  const { dataset } = await readDataset(fileOf(text), {
    target: "y",
    missing: "keep",
    categorical: "auto",
  });
  assert.deepEqual(dataset.categories, [null, ["red", 'Ünï, "x"', "蓝"], ["10", "9", "M"]]);
  assert.deepEqual([...dataset.features], [1, 0, 0, 2, 1, 1, 3, NaN, 2, 4, 0, NaN, 5, 2, 0]);
  await refuses(text, /line 2, column "colour": found "red", need a number/, { missing: "keep" });
  await refuses(text, /line 4, column "colour": found an empty cell, need a number/, {
    categorical: "auto",
  });
  await refuses(text, /line 4, column "colour": found an empty cell, need a category/, {
    categorical: ["colour", "size"],
  });
});

Deno.test("a model's categories are asked for; others get no code of theirs", async () => {
  const path = fileOf("b,a\nx,1\nnew,2\n?,3\n,4\n");
  const options = { missing: "keep", categorical: { b: ["z", "x"] } } as const;
  const table = await readFeatures(path, { featureNames: ["a", "b"], ...options });
  assert.deepEqual([...table.features], [1, 1, 2, -1, 3, NaN, 4, NaN]);
  assert.deepEqual(table.categories, [null, ["z", "x"]]);
  await assert.rejects(
    readFeatures(path, { featureNames: ["b"], categorical: { b: ["z", "z"] } }),
    /found the categories "z", "z" for column "b", need each once/,
  );
});

Deno.test("a text among many numbers is a mistake, not a category", async () => {
  const numbers = Array.from({ length: 21 }, (_, i) => `${i},u`);
  const rows = (count: number) => ["a,y", ...numbers.slice(0, count), "1O0,v", "7,u"].join("\n");
  await refuses(rows(21), /line 23, column "a": found "1O0", need a number, as in most/, {
    categorical: "auto",
  });
  const { dataset } = await readDataset(fileOf(rows(20)), { target: "y", categorical: "auto" });
  assert.equal(dataset.categories?.[0]?.length, 21);
  const named = await readDataset(fileOf(rows(21)), { target: "y", categorical: ["a"] });
  assert.equal(named.dataset.categories?.[0]?.length, 22);
  // More numbers than there may be categories: still the mistake is told.
  const many = ["a,y", "oops,u", ...Array.from({ length: 2000 }, (_, i) => `${i},v`)].join("\n");
  await refuses(many, /line 2, column "a": found "oops", need a number/, { categorical: "auto" });
});

Deno.test("a file with columns of text from its first row on is read to the end once", async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i / 8},w${i % 7},${i % 3},${i % 2}`);
  const path = fileOf(`a,b,c,y\n${rows.join("\n")}\n`);
  const seen: number[] = [];
  const { dataset } = await readDataset(path, {
    target: "y",
    categorical: "auto",
    onProgress: ({ bytesRead }) => seen.push(bytesRead),
  });
  assert.deepEqual(dataset.categories?.map((names) => names?.length), [undefined, 7, undefined]);
  for (let row = 0; row < 60_000; row++) {
    const expected = [row / 8, row % 7, row % 3];
    assert.deepEqual([...dataset.features.subarray(3 * row, 3 * row + 3)], expected);
  }
  assert.equal(seen.at(-1), (await Deno.stat(path)).size);
  assert.ok(seen.length >= 3 && seen.slice(1).every((bytes, k) => bytes >= seen[k]), `${seen}`);
});

Deno.test("numbers that might have become categories are the same numbers in the end", async () => {
  const texts = ["1", "1.0", " 01", "-0", ".5", "1e-50", "", "NA", '"2"', "3.4028235e38", "7"];
  for (const more of [0, 10, 11, 12, 13, 40]) {
    const column = [...texts, ...Array.from({ length: more }, (_, k) => `${k + 100}`), ...texts];
    const text = ["a,b,y", ...column.map((cell, row) => `${cell},${row},${row % 3}`)].join("\n");
    for (const categorical of ["auto", []] as const) {
      const { dataset } = await readDataset(fileOf(text), {
        target: "y",
        missing: "keep",
        categorical,
        classes: ["0", "1"],
        unknownClass: "skip",
      });
      const kept = column.map((cell, row) => [cell, row] as const).filter(([, row]) => row % 3 < 2);
      const numberOf = (cell: string) =>
        cell === "" || cell === "NA" ? NaN : Math.fround(Number(cell.replaceAll('"', "")));
      assert.equal(dataset.categories, undefined);
      assert.deepEqual([...dataset.features], kept.flatMap(([cell, row]) => [numberOf(cell), row]));
    }
  }
});

Deno.test("a number with a line break beside it is text, also where the number came before", async () => {
  for (const cells of [["1", '"1\n"', "2"], ['"1\n"', "1", "2"]]) {
    const text = ["a,y", ...cells.map((cell, row) => `${cell},${row % 2}`)].join("\n");
    const { dataset } = await readDataset(fileOf(text), { target: "y", categorical: "auto" });
    assert.deepEqual(dataset.categories, [["1", "2"]]);
    assert.deepEqual([...dataset.features], [0, 0, 1]);
    await refuses(text, /column "a": found "1\\n", need a number/, {});
  }
});

Deno.test("a column declared as text may hold numbers as names", async () => {
  const { parquetWriteBuffer } = await import(
    "../../../lib/experiments/results/hyparquet_writer.ts"
  );
  const codes = Array.from({ length: 50 }, (_, row) => row === 30 ? "x" : `${row}`);
  const labels = codes.map((_, row) => `${row % 2}`);
  const columnData = [
    { name: "a", data: codes, type: "STRING" as const },
    { name: "y", data: labels, type: "STRING" as const },
  ];
  const attributes = "@attribute a string\n@attribute y {0,1}\n@data\n";
  const paths = [
    fileOf(new Uint8Array(parquetWriteBuffer({ columnData })), ".parquet"),
    fileOf(attributes + codes.map((code, row) => `${code},${labels[row]}\n`).join(""), ".arff"),
  ];
  for (const path of paths) {
    const { dataset } = await readDataset(path, { target: "y", categorical: "auto" });
    assert.deepEqual(
      [...dataset.features],
      codes.map((code) => dataset.categories![0]!.indexOf(code)),
    );
    assert.equal(dataset.categories![0]!.length, 50);
    await assert.rejects(
      readDataset(path, { target: "y" }),
      /found "0", need a number|of type string, need numbers in a feature/,
    );
  }
});

Deno.test("a column that tells rows apart is no column of categories", async () => {
  const ids = ["id,y", ...Array.from({ length: 1001 }, (_, i) => `row${i},${i % 2}`)].join("\n");
  await refuses(ids, /line 1002, column "id": found more than 1000 different texts/, {
    categorical: "auto",
  });
  const { dataset } = await readDataset(fileOf(ids), { target: "y", categorical: ["id"] });
  assert.equal(dataset.categories?.[0]?.length, 1001);
  const path = fileOf(ids.replace("id,y", "id,y,x").replaceAll(/(,[01])$/gm, "$1,2"));
  const left = await readDataset(path, { target: "y", ignore: ["id"], categorical: "auto" });
  assert.deepEqual(left.dataset.featureNames, ["x"]);
  assert.deepEqual(left.ignoredColumns, ["id"]);
  await assert.rejects(
    readDataset(path, { target: "y", ignore: ["ids"] }),
    /found no column "ids" to ignore; did you mean "id"/,
  );
});

Deno.test("a target of numbers is read beside missing values and categories, and must be there", async () => {
  const text = "y,a,b\n1.5,x,\n-2e3,y,3\n0.25,x,4\n";
  const options = { target: "y", missing: "keep", categorical: "auto" } as const;
  const { dataset, ignoredColumns } = await readDataset(fileOf(text), {
    ...options,
    task: "regression",
  });
  assert.deepEqual([...dataset.targets!], [1.5, -2000, 0.25]);
  assert.deepEqual(dataset.featureNames, ["a", "b"]);
  assert.deepEqual(dataset.categories, [["x", "y"], null]);
  assert.deepEqual([...dataset.features], [0, NaN, 1, 3, 0, 4]);
  assert.deepEqual([dataset.classes, [...dataset.labels], ignoredColumns], [[], [0, 0, 0], []]);
  for (const gz of [false, true]) {
    const content = text.replace("-2e3,y", "-2e3,x");
    const path = gz ? fileOf(gzipSync(content), ".csv.gz") : fileOf(content);
    const ordered = { featureNames: ["b"], ...options, task: "regression" } as const;
    const again = await readDataset(path, ordered);
    assert.deepEqual([...again.dataset.features], [NaN, 3, 4]);
    assert.deepEqual(again.ignoredColumns, ["a"]);
  }
  const cases: [cell: string, says: RegExp][] = [
    ["", /line 3, column "y": found an empty cell, need a number/],
    ["NaN", /line 3, column "y": found "NaN", a missing value, need a number/],
    ["inf", /line 3, column "y": found "inf", need a finite number/],
    ["1e39", /line 3, column "y": found "1e39", need at most 3.4028235e38/],
    ["dear", /line 3, column "y": found "dear", need a number/],
  ];
  for (const [cell, says] of cases) {
    await refuses(text.replace("-2e3", cell), says, { ...options, task: "regression" });
  }
  await assert.rejects(
    readDataset(fileOf("a\n1\n"), { target: "y", task: "regression" }),
    /found no column "y", need it as the target/,
  );
});

Deno.test("a table of very many columns of text is read, and each name looked at a few times", async () => {
  const width = 100_000;
  const names = Array.from({ length: width }, (_, column) => `c${column}`);
  const row = (first: number) => names.map((_, column) => `t${(column + first) % 3}`).join(",");
  const text = `${names.join(",")},y\n${row(0)},u\n${row(1)},v\n`;
  const { dataset } = await readDataset(fileOf(text), { target: "y", categorical: "auto" });
  assert.deepEqual(dataset.categories!.length, width);
  assert.deepEqual(dataset.categories!.at(-1), ["t0", "t1"]);

  let looks = 0;
  const watched = new Proxy(names, {
    get(target, key, receiver) {
      looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  const categorical = new Map(names.map((name) => [name, null]));
  featureCells({ missing: false, auto: false, categorical }).begin(watched, "Cannot read");
  assert.ok(looks < 12 * width, `${looks} looks`);
});

Deno.test("a message about a cell counts the line breaks in the cells before it", async () => {
  const content = 'a,"b\n\nb",y\n"1\n","x\n",u\n';
  await refuses(content, /line 4, column "a": found "1\\n", need a number$/, {});
  await refuses(content, /line 5, column "b\\n\\nb": found "x\\n", need a number$/, {
    categorical: [],
    featureNames: ["b\n\nb"],
  });
});

Deno.test("short cells that are remembered are those of rows that are read the general way", async () => {
  let state = 1;
  const draw = (below: number) =>
    (state = (Math.imul(state, 48_271) >>> 1) % 2_147_483_647) % below;
  const cells: ((row: number) => string)[] = [
    () => `${draw(2)}`,
    () => ["1", "1.0", " 1", '"1"', "01", "", "NA", "1e0"][draw(8)],
    (row) => row < 300 ? `${draw(20)}` : `${draw(5000)}.5`,
    (row) => row < 300 ? `${draw(5)}` : `w${draw(900)}`,
    () => ["yes", "y\u00e9s", '"y,s"', "sixteen letters.", "seventeen letters"][draw(5)],
    ...Array.from({ length: 30 }, () => () => `t${draw(400)}`),
  ];
  const rows = Array.from({ length: 1500 }, (_, row) => cells.map((cell) => cell(row)).join(","));
  const names = cells.map((_, column) => `c${column}`).join(",");
  const read = async (aside: string, cell: string, categorical: "auto" | string[]) => {
    const table = rows.map((row, k) => `${row},${cell},${k % 2}\n`).join("");
    const path = fileOf(`${names},${aside},y\n${table}`);
    const options = { target: "y", missing: "keep", ignore: [aside], categorical } as const;
    const { features, categories } = (await readDataset(path, options)).dataset;
    return { features, categories };
  };
  // Quotes within quotes are not for the fast way.
  for (const categorical of ["auto" as const, names.split(",").filter((name) => name !== "c2")]) {
    const fast = await read("aside", "0", categorical);
    assert.deepEqual(fast, await read("aside", '"""0"""', categorical));
    assert.equal(fast.categories![2], null);
    assert.equal(fast.categories![4]!.length, 5);
    assert.equal(fast.categories![0]?.length, categorical === "auto" ? undefined : 2);
  }
});

Deno.test("a text that comes back in an undecided column is not decoded again", () => {
  const cells = featureCells({ missing: false, auto: true, categorical: new Map() });
  let decoded = 0;
  const reader = csvReader("table", {
    target: null,
    plan(names, where) {
      const plan = planColumns(names, { target: null, featureNames: null }, where);
      cells.begin(plan.featureNames, where);
      return plan;
    },
    label: () => 0,
    missingTarget: () => 0,
    number: Number,
    cells: {
      ...cells,
      get kinds() {
        return cells.kinds;
      },
      value(...cell) {
        decoded++;
        return cells.value(...cell);
      },
    },
  });
  reader.push(new TextEncoder().encode(`a,b\n${'0,1.5\n1,"-2"\n'.repeat(10_000)}`));
  const { features, rows } = reader.finish();
  const { categories, recode } = cells.finish();
  recode(features, 0, rows);
  assert.equal(categories, undefined);
  assert.deepEqual([...features.subarray(-4)], [0, 1.5, 1, -2]);
  assert.equal(decoded, 4);
});

Deno.test("columns that are assumed to hold numbers are read as those that are not", () => {
  const read = (bytes: Uint8Array, assumes: boolean, missing: "keep" | "error") => {
    let readings = 0;
    const passes = datasetPasses("table", { target: "y", missing });
    try {
      for (let step = passes.next();;) {
        if (step.done) {
          const { dataset, remarks } = step.value;
          return { result: { ...dataset, remarks }, readings };
        }
        readings++;
        const handler = step.value;
        // Own names before those of the prototype: the cells' getters stay.
        const own = assumes ? {} : { assumeNumbers: { value: () => {} } };
        const reader = csvReader("table", { ...handler, cells: Object.create(handler.cells, own) });
        reader.push(bytes);
        step = passes.next(reader.finish());
      }
    } catch (error) {
      return { result: error, readings };
    }
  };
  const words = ["1", "1.0", " 2", "-0", "x", "NA", "", "-", "$1,000", '"3"', "2024-01-05", "1e99"];
  const word = fc.oneof(
    { weight: 20, arbitrary: fc.nat(30).map((number) => `${number}`) },
    { weight: 1, arbitrary: fc.constantFrom(...words, "inf", "true", '"a\nb"', "\xff", "1,2") },
  );
  const rows = fc.array(fc.tuple(word, word, word), { minLength: 2, maxLength: 60 });
  const seen = { tables: 0, errors: 0, again: 0 };
  fc.assert(
    fc.property(rows, fc.constantFrom("keep", "error"), (cells, missing) => {
      const text = cells.map((row, k) => `${row},${k % 2}\n`).join("");
      const bytes = Uint8Array.from(`a,b,c,y\n${text}`, (letter) => letter.charCodeAt(0));
      const fast = read(bytes, true, missing);
      assert.deepEqual(fast.result, read(bytes, false, missing).result);
      assert.ok(fast.readings <= 4);
      seen[fast.result instanceof Error ? "errors" : "tables"]++;
      if (fast.readings > 2) seen.again++;
    }),
    { seed: 7, numRuns: 1500 },
  );
  assert.ok(seen.tables > 200 && seen.errors > 200 && seen.again > 20, JSON.stringify(seen));
});
