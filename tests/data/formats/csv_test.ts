import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "npm:fast-check@4.3.0";
import { inferSchema, initParser } from "npm:udsv@0.7.3";
import { builtinDatasetPath, readDataset, readFeatures } from "../../../mod.ts";
import { readCsvHead, readHeader } from "../../../lib/data/formats/mod.ts";
import type { ReadProgress } from "../../../lib/data/table/mod.ts";
import { fileOf } from "../table_files.ts";

/** A table as texts, and one of the ways to write it down. */
interface WrittenTable {
  names: string[];
  rows: string[][];
  text: string;
  lineEnding: string;
}

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }).map(String),
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([n, k]) => (n / 1e5).toFixed(k)),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((x) => x.toExponential()),
);
const anyText = fc.string({
  unit: fc.constantFrom(..."ab1 ,\"\n;é√😀\r\n'".split(/(?:)/u)),
  minLength: 1,
})
  .filter((text) => text.trim() !== "");
const label = fc.oneof(fc.constantFrom("a", "b", "0", "1", "10", "ümlaut"), anyText);

const table: fc.Arbitrary<WrittenTable> = fc.record({
  names: fc.uniqueArray(fc.oneof(fc.stringMatching(/^[a-z]{1,8}$/), anyText), {
    minLength: 2,
    maxLength: 6,
  }),
  count: fc.integer({ min: 2, max: 30 }),
  lineEnding: fc.constantFrom("\n", "\r\n"),
  ending: fc.constantFrom("", "\n", "\r\n", "\n\n\n", "\r\n\r\n"),
  mark: fc.constantFrom("", "\ufeff"),
  quoting: fc.infiniteStream(fc.boolean()),
}).chain(({ names, count, lineEnding, ending, mark, quoting }) =>
  fc.array(
    fc.tuple(fc.array(number, { minLength: names.length - 1, maxLength: names.length - 1 }), label),
    { minLength: count, maxLength: count },
  ).map((cells) => {
    const rows = cells.map(([numbers, text]) => [...numbers, text]);
    rows[0][names.length - 1] = "a";
    rows[1][names.length - 1] = "b";
    const write = (cell: string) =>
      /[",\r\n]/.test(cell) || quoting.next().value ? `"${cell.replaceAll('"', '""')}"` : cell;
    const lines = [names, ...rows].map((row) => row.map(write).join(","));
    return { names, rows, text: mark + lines.join(lineEnding) + ending, lineEnding };
  })
);

Deno.test("readDataset gives every number as Number does and every label as written, but for blanks", async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async ({ names, rows, text }, compressed) => {
      const path = compressed ? fileOf(gzipSync(text), ".csv.gz") : fileOf(text);
      const target = names.at(-1)!;
      const { dataset, ignoredColumns } = await readDataset(path, { target });
      assert.deepEqual(dataset.featureNames, names.slice(0, -1));
      assert.deepEqual(ignoredColumns, []);
      assert.equal(dataset.rows, rows.length);
      assert.equal(dataset.columns, names.length - 1);
      assert.deepEqual(
        dataset.features,
        Float32Array.from(rows.flatMap((row) => row.slice(0, -1).map(Number))),
      );
      assert.deepEqual(
        Array.from(dataset.labels, (code) => dataset.classes[code]),
        rows.map((row) => row.at(-1)!.trim()),
      );
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("readDataset agrees with udsv", async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ names, text, lineEnding }) => {
      // udsv knows neither a byte order mark nor blank lines at the end.
      const plain = text.replace(/^\ufeff/, "").replace(/[\r\n]+$/, "");
      const schema = inferSchema(plain, { row: lineEnding, col: ",", encl: '"', esc: '"' });
      const judged: string[][] = initParser(schema).stringArrs(plain);
      const { dataset } = await readDataset(fileOf(text), { target: names.at(-1)! });
      assert.equal(dataset.rows, judged.length);
      judged.forEach((row, index) => {
        assert.equal(dataset.classes[dataset.labels[index]], row.at(-1)!.trim());
        row.slice(0, -1).forEach((cell, column) => {
          const value = dataset.features[index * dataset.columns + column];
          assert.ok(value === Math.fround(Number(cell)), `${cell}: found ${value}`);
        });
      });
    }),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("blank lines between rows are left out, and lines end in any of three ways", async () => {
  const kinds: [cells: (row: number) => string, target: string][] = [
    [(row) => `${row},${row / 3},${row % 2 ? "a" : "b"}`, "y"],
    [(row) => `,,${row % 2 ? "a" : "b"}`, "y"],
    [(row) => `"x ${row % 5}",2024-01-0${1 + row % 9},${row % 2 ? '"a, a"' : "b"}`, "y"],
  ];
  for (const [cells, target] of kinds) {
    const rows = Array.from({ length: 50 }, (_, row) => cells(row));
    const read = async (lines: readonly string[], end: string) => {
      const text = ["x,z,y", ...lines].join(end) + end;
      const { dataset, remarks } = await readDataset(fileOf(text), { target, missing: "keep" });
      return { dataset: { ...dataset, source: "" }, remarks };
    };
    const expected = await read(rows, "\n");
    const spaced = rows.flatMap((row, k) => k % 7 === 2 ? [row, "", " \t", ""] : [row]);
    for (const end of ["\n", "\r\n", "\r"]) {
      assert.deepEqual(await read(rows, end), expected);
      const { dataset, remarks } = await read(spaced, end);
      assert.deepEqual(dataset, expected.dataset);
      assert.deepEqual(remarks, [
        "Blank lines between rows are left out: 21",
        ...expected.remarks,
      ]);
      // Those after the last row are no rows anywhere, and nothing to tell.
      assert.deepEqual(await read([...rows, "", " "], end), expected);
    }
  }
});

Deno.test("the first rows of a table are shown without its blank lines, however lines end", () => {
  const lines = ["", " ", "x;y", "", "1;a", "", "", '"2";b', "3;c"];
  for (const end of ["\n", "\r\n", "\r"]) {
    for (const first of [[], ["sep=;"]]) {
      const bytes = new TextEncoder().encode([...first, ...lines].join(end));
      const before = bytes.slice();
      assert.deepEqual(readCsvHead(bytes, 3), [["x", "y"], ["1", "a"], ["2", "b"]]);
      // The caller reads the same bytes again.
      assert.deepEqual(bytes, before);
    }
  }
});

Deno.test("readDataset takes blanks around numbers and labels", async () => {
  const path = fileOf('x,y,class\n 1.5 ,\t2,a\n" 3 ",-4, b\n');
  const { dataset } = await readDataset(path, { target: "class" });
  assert.deepEqual([...dataset.features], [1.5, 2, 3, -4]);
  assert.deepEqual(dataset.classes, ["a", "b"]);
});

Deno.test("readDataset sorts classes by value where all are numbers, else by code point", async () => {
  async function classesOf(labels: string[]): Promise<readonly string[]> {
    const path = fileOf(["x,y", ...labels.map((text) => `1,${text}`)].join("\n"));
    return (await readDataset(path, { target: "y" })).dataset.classes;
  }
  assert.deepEqual(await classesOf(["10", "9", "-1", "9.5", "1e1"]), [
    "-1",
    "9",
    "9.5",
    "10",
    "1e1",
  ]);
  assert.deepEqual(await classesOf(["10", "9", "b", "B"]), ["10", "9", "B", "b"]);
  // U+FF5E is before U+1F600, although its UTF-16 unit is above the other's first.
  assert.deepEqual(await classesOf(["😀", "~", "a", "aa"]), ["a", "aa", "~", "😀"]);
});

Deno.test("readDataset takes the named features in their order and names the ignored", async () => {
  const path = fileOf('id,b,class,a,note\nx1,2,0,1,"n\n1"\nx2,4,1,3,\xff\n');
  const { dataset, ignoredColumns } = await readDataset(path, {
    target: "class",
    featureNames: ["a", "b"],
  });
  assert.deepEqual([...dataset.features], [1, 2, 3, 4]);
  assert.deepEqual(dataset.featureNames, ["a", "b"]);
  assert.deepEqual(ignoredColumns, ["id", "class", "note"].filter((name) => name !== "class"));
});

Deno.test("readDataset codes labels by the classes given, even if there is only one", async () => {
  const path = fileOf("x,y\n1,b\n2,b\n");
  const { dataset } = await readDataset(path, { target: "y", classes: ["c", "b", "a"] });
  assert.deepEqual([...dataset.labels], [1, 1]);
  assert.deepEqual(dataset.classes, ["c", "b", "a"]);
});

Deno.test("readDataset leaves rows of unknown classes out and counts them where asked", async () => {
  const path = fileOf("y,x\na,1\nz,2\nb,3\nw,4\nz,5\na,6\n");
  const { dataset, unknownClasses } = await readDataset(path, {
    target: "y",
    classes: ["a", "b"],
    unknownClass: "skip",
  });
  assert.deepEqual([...dataset.features], [1, 3, 6]);
  assert.deepEqual([...dataset.labels], [0, 1, 0]);
  assert.deepEqual(unknownClasses, [{ label: "z", rows: 2 }, { label: "w", rows: 1 }]);
});

Deno.test("readDataset joins the blocks of a table of many rows in order", async () => {
  const lines = Array.from({ length: 60_000 }, (_, row) => `${row},${row % 3},${-row},${row % 2}`);
  const path = fileOf(gzipSync(`a,c,b,d\n${lines.join("\n")}`), ".csv.gz");
  const { dataset } = await readDataset(path, { target: "c" });
  assert.equal(dataset.rows, 60_000);
  for (let row = 0; row < 60_000; row++) {
    const values = [...dataset.features.subarray(3 * row, 3 * row + 3), dataset.labels[row]];
    assert.deepEqual(values, [row, 0 - row, row % 2, row % 3]);
  }
});

Deno.test("readDataset reports bytes and rows up to the whole file", async () => {
  const lines = Array.from({ length: 100_000 }, (_, row) => `${row},${row % 2}`);
  const text = `x,y\n${lines.join("\n")}\n`;
  for (const path of [fileOf(text), fileOf(gzipSync(text), ".csv.gz")]) {
    const seen: ReadProgress[] = [];
    await readDataset(path, { target: "y", onProgress: (progress) => seen.push(progress) });
    const { size } = await Deno.stat(path);
    assert.ok(seen.length >= 3, `${seen.length} reports`);
    assert.deepEqual(seen.at(-1), { bytesRead: size, bytesTotal: size, rows: 100_000 });
    seen.slice(1).forEach((now, k) => {
      assert.ok(now.bytesRead >= seen[k].bytesRead && now.rows > seen[k].rows);
    });
  }
});

Deno.test("readDataset reads a file: URL, and refuses other protocols", async () => {
  const path = fileOf("x,y\n1,a\n2,b\n");
  const { dataset } = await readDataset(pathToFileURL(path), { target: "y" });
  assert.equal(dataset.source, path);
  await assert.rejects(readHeader(new URL("http://127.0.0.1/a.csv")), {
    name: "TypeError",
    message: /^Cannot read "http:\/\/127\.0\.0\.1\/a\.csv": found "http:", need "file:"$/,
  });
});

Deno.test("readFeatures takes columns in any order, with or without the target", async () => {
  const without = await readFeatures(fileOf("b,a\n1,2\n3,4"), { featureNames: ["a", "b"] });
  assert.deepEqual([...without.features], [2, 1, 4, 3]);
  assert.deepEqual([without.rows, without.columns, without.ignoredColumns], [2, 2, []]);
  const withTarget = await readFeatures(fileOf("class,b,a,a b\nx,1,2,\n,3,4,?"), {
    featureNames: ["a", "b"],
  });
  assert.deepEqual(withTarget.features, without.features);
  assert.deepEqual(withTarget.ignoredColumns, ["class", "a b"]);
});

Deno.test("readFeatures reads a table of one column", async () => {
  const { features } = await readFeatures(fileOf("x\r\n1\r\n2\r\n\r\n"), { featureNames: ["x"] });
  assert.deepEqual([...features], [1, 2]);
});

Deno.test("readHeader gives the names, whatever the rows hold", async () => {
  const path = fileOf('\ufeffa,"b ""c""\nd",é\r\n1,2\nx"y,"open');
  assert.deepEqual(await readHeader(path), ["a", 'b "c"\nd', "é"]);
  assert.deepEqual(await readHeader(fileOf("only")), ["only"]);
});

Deno.test("readHeader reads no more than the first piece of a large file", async () => {
  // Behind the first megabyte the compressed data are broken.
  const whole = gzipSync(`a,b\n${"1,2\n".repeat(2 ** 20)}`, { level: 0 });
  const path = fileOf(whole.subarray(0, 2 ** 20), ".csv.gz");
  assert.deepEqual(await readHeader(path), ["a", "b"]);
});

Deno.test("readDataset reads the built-in data set whole", async () => {
  const { dataset } = await readDataset(builtinDatasetPath("segment"), { target: "class" });
  assert.deepEqual(dataset.classes, [
    "brickface",
    "cement",
    "foliage",
    "grass",
    "path",
    "sky",
    "window",
  ]);
  const counts = new Array(7).fill(0);
  for (const code of dataset.labels) counts[code]++;
  assert.deepEqual(counts, new Array(7).fill(330));
  assert.deepEqual([...dataset.features.subarray(0, 3)], [38, 189, 9]);
});

const shared = Deno.env.get("SPARSEMBLE_DATA");

Deno.test({
  name: "readDataset reads Gesture Phase as its documentation says",
  ignore: shared === undefined,
  async fn() {
    const path = join(shared!, "gesture_phase_train.csv.gz");
    const { dataset } = await readDataset(path, { target: "target" });
    assert.deepEqual([dataset.rows, dataset.columns], [7898, 50]);
    assert.deepEqual(dataset.classes, ["0", "1", "2", "3", "4"]);
    const shares = dataset.classes.map((_, code) =>
      Math.round(1000 * dataset.labels.filter((label) => label === code).length / 7898) / 1000
    );
    assert.deepEqual(shares, [0.106, 0.209, 0.276, 0.11, 0.299]);
    assert.ok(dataset.features.every((value) => value >= 0 && value <= 1));
  },
});
