/**
 * Tables of other formats than CSV that cannot be read: one sentence that says where and why.
 */
import assert from "node:assert/strict";
import { readDataset as readAsTasksDo, readFeatures } from "../../../mod.ts";
import type { ReadDatasetOptions } from "../../../lib/data/formats/mod.ts";
import { readNpyHeader, readNpyTexts } from "../../../lib/data/formats/arrays/npy.ts";
import { npyFile } from "../../../lib/data/formats/arrays/npy_table.ts";
import { columnMetadata } from "../../../lib/data/formats/parquet/read_parquet.ts";
import { newFolder, readBytes, writeFile } from "../../files.ts";

/** Reads as it is asked for, and takes neither missing values nor text without being asked. */
const readDataset: typeof readAsTasksDo = (file, options) =>
  readAsTasksDo(file, { missing: "error", categorical: [], ...options });

const fixtures = new URL("../fixtures/tables/", import.meta.url);
const folder = newFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function messageOf(
  path: string,
  options: ReadDatasetOptions,
): Promise<string> {
  const error = await readDataset(path, options).then(
    () => assert.fail(`${path} was read`),
    (error: Error) => error,
  );
  assert.ok(["SyntaxError", "TypeError", "RangeError"].includes(error.name), error.stack);
  assert.doesNotMatch(error.message, /undefined|\[object|\n|\.$/);
  return error.message;
}

const REFUSED: [name: string, target: string, message: RegExp][] = [
  ["x_objects.npy", "y", /^Cannot read ".*y_objects\.npy": found elements of type "\|O" \(Python/],
  ["x_complex.npy", "x0", /"<c16" \(complex numbers\), need numbers, booleans or text$/],
  ["x_dates.npy", "x0", /"<M8\[D\]" \(dates\)/],
  ["x_records.npy", "x0", /x_records\.npy": found an array of records/],
  ["x_longdouble.npy", "x0", /"<f16" \(long doubles\)/],
  ["x_cube.npy", "x0", /found 3 axes \(2 × 3 × 4\), need two: rows × columns$/],
  ["x_hole.npy", "x0", /row 4 \(from 0\), column "x1": found NaN, a missing value, need a number$/],
  ["x_large.npy", "x0", /row 2 \(from 0\), column "x2": found -1e\+39, need at most 3\.4/],
  [
    "x_two_hot.npy",
    "y",
    /y_two_hot\.npy", row 2 \(from 0\): found 3 numbers that are not all 0 but for one 1, need/,
  ],
  ["x_no_hot.npy", "y", /row 4 \(from 0\): found 3 zeros, need a class label$/],
  ["x_few.npy", "y", /y_few\.npy": found 6 labels, need one for each of 7 rows$/],
  ["x_few.npy", "class", /no column "class", need it as the target \(columns: .*"x2", "y"\)$/],
  [
    "no_features.npz",
    "y",
    /found the arrays "y", "A", "B", need the features of "y", called "X" or/,
  ],
  ["long_text.npz", "y", /array "y": found texts of 4194305 letters, need at most 4194304 letters/],
  ["many_names.npz", "y", /array "feature_names": found 1048577 names, need at most 1048576$/],
  ["splits.npz", "y", /need one of "x_train", "x_test" only, or the name of its labels/],
  ["lz4.parquet", "class", /lz4\.parquet": found LZ4_RAW compression, need Snappy, gzip/],
  ["null.parquet", "class", /row 4 \(from 0\), column "single": found null, a missing value/],
  ["nan.parquet", "class", /row 4 \(from 0\), column "single": found null, a missing value/],
  // The page's header was changed in a byte: the library went round and round in it.
  ["endless_page.parquet", "y", /broken Parquet file \(page with no number in its header\)/],
  ["lists.parquet", "class", /column "a": found lists or records, need one value a row$/],
  ["dates.parquet", "class", /row 0 \(from 0\), column "a": found a date, need a number$/],
  [
    "long_label.parquet",
    "class",
    /row 0 \(from 0\), column "class": found a cell of 16777217 letters, need at most 16777216$/,
  ],
  ["snappy.parquet", "class", /column "category": found "no", need a number$/],
];

for (const [name, target, message] of REFUSED) {
  Deno.test(`${name} with the target ${target} is refused in one sentence`, async () => {
    const path = new URL(name, fixtures).pathname;
    assert.match(await messageOf(path, { target }), message);
  });
}

/** An NPY file of one text. */
function npyText(type: string, element: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (1,), }\n`;
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0);
  const bytes = new Uint8Array(start.length + header.length + element.length);
  bytes.set(start);
  bytes.set(new TextEncoder().encode(header), start.length);
  bytes.set(element, start.length + header.length);
  return bytes;
}

Deno.test("an NPY file's texts have at most a fourth of a cell's letters", async () => {
  const features = `${folder}/X.npy`;
  await Deno.copyFile(new URL("x_few.npy", fixtures), features);
  for (const type of ["<U67108864", "|S4194305", "|a4194305"]) {
    writeFile(`${folder}/y.npy`, npyText(type, new Uint8Array(4)));
    const found = type.slice(2);
    assert.equal(
      await messageOf(features, { target: "y" }),
      `Cannot read "${folder}/y.npy": found texts of ${found} letters, need at most 4194304 letters ` +
        `each`,
    );
  }
});

Deno.test("an NPY file of many axes is refused by their number, and a shape is shown on one line", async () => {
  const refused: [string, RegExp][] = [
    ["1,".repeat(70), /: found 70 axes, need two: rows × columns$/],
    ["\\x01,\x01", /: found the shape "\(\\\\x01,\\u0001\)", need whole numbers from 0$/],
  ];
  for (const [shape, says] of refused) {
    const header = new TextEncoder().encode(
      `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape}), }\n`,
    );
    const start = npyText("<U1", new Uint8Array(0)).slice(0, 8);
    const path = `${folder}/axes.npy`;
    writeFile(path, Uint8Array.of(...start, header.length, 0, ...header));
    assert.match(await messageOf(path, { target: "x0" }), says);
  }
});

Deno.test("a text of many pieces, all zeros but for its last letter, is read in one go", async () => {
  const path = `${folder}/text.npy`;
  for (const [type, letterBytes] of [["|S4194304", 1], ["<U4194304", 4]] as const) {
    const element = new Uint8Array(4_194_304 * letterBytes);
    element[element.length - letterBytes] = 0x78;
    writeFile(path, npyText(type, element));
    const source = await npyFile(path);
    const texts: string[] = [];
    await readNpyTexts(source, await readNpyHeader(source), (text) => texts.push(text));
    assert.deepEqual(texts.map((text) => [text.length, text.indexOf("x")]), [[
      4_194_304,
      4_194_303,
    ]]);
  }
});

Deno.test("a column of Parquet is read with its own metadata alone", () => {
  const names = Array.from({ length: 8000 }, (_, column) => `c${column}`);
  const columns = names.map((name) => ({ meta_data: { path_in_schema: [name] } }));
  const group = { columns, num_rows: 5n };
  const schema = [{ name: "root", num_children: names.length }, ...names.map((name) => ({ name }))];
  // Of metadata no more than this is looked at.
  type Metadata = Parameters<typeof columnMetadata>[0];
  const metadata = { schema, row_groups: [group, group], version: 2 } as unknown as Metadata;
  const one = columnMetadata(
    metadata,
    metadata.row_groups[1],
    metadata.schema[8],
    metadata.row_groups[1].columns[7],
  );
  assert.deepEqual(one, {
    schema: [{ name: "root", num_children: 1 }, { name: "c7" }],
    row_groups: [{ columns: [columns[7]], num_rows: 5n }],
    version: 2,
  });
});

Deno.test("the labels beside an NPY file are no feature", async () => {
  const path = new URL("x_le_f8.npy", fixtures).pathname;
  await assert.rejects(readFeatures(path, { featureNames: ["x0", "y"] }), {
    name: "TypeError",
    message: /found "y" wanted as a feature, need it as the target$/,
  });
});

Deno.test("a missing file and a folder are told in every format", async () => {
  for (const ending of [".npy", ".npz", ".arff", ".parquet"]) {
    const missing = `${folder}/missing${ending}`;
    await assert.rejects(readDataset(missing, { target: "y" }), {
      name: "Error",
      message: `Cannot read ${JSON.stringify(missing)}: found no such file`,
    });
    const directory = `${folder}/directory${ending}`;
    await Deno.mkdir(directory);
    await assert.rejects(
      readDataset(directory, { target: "y" }),
      /^\w*Error: Cannot read ".*directory/,
    );
    const empty = `${folder}/empty${ending}`;
    writeFile(empty, "");
    await assert.rejects(readDataset(empty, { target: "y" }), { message: /^Cannot read ".*empty/ });
    const text = `${folder}/text${ending}`;
    writeFile(text, "a,b\n1,2\n".repeat(20));
    await assert.rejects(readDataset(text, { target: "b" }), { message: /^Cannot read ".*text/ });
  }
});

const BROKEN: [name: string, options: ReadDatasetOptions, says: RegExp][] = [
  ["x_fortran.npy", { target: "x1" }, /need (all of it|\d+ for 7 × 3 elements of 8 bytes)$/],
  ["pair.npz", { target: "y" }, /need a whole zip archive$/],
  ["pair_compressed.npz", { target: "y" }, /need a whole zip archive$/],
  [
    "snappy.parquet",
    { target: "class", featureNames: ["float"] },
    /broken Parquet.*need it intact$/,
  ],
];

for (const [name, options, says] of BROKEN) {
  Deno.test(`${name} cut at any length is refused`, async () => {
    const bytes = readBytes(new URL(name, fixtures));
    const path = `${folder}/${name}`;
    const step = Math.max(1, Math.floor(bytes.length / 300));
    for (let length = 0; length < bytes.length; length += step) {
      writeFile(path, bytes.subarray(0, length));
      const message = await messageOf(path, options);
      assert.match(message, says);
    }
  });

  Deno.test(`${name} with a byte changed is read or refused, never more`, async () => {
    const bytes = readBytes(new URL(name, fixtures));
    const path = `${folder}/${name}`;
    const step = Math.max(1, Math.floor(bytes.length / 150));
    let refused = 0;
    for (let at = 0; at < bytes.length; at += step) {
      for (const bits of [0xff, 0x01, 0x80]) {
        const changed = bytes.slice();
        changed[at] ^= bits;
        writeFile(path, changed);
        const found = await readDataset(path, options).catch((error: Error) => error);
        if (!(found instanceof Error)) continue;
        refused++;
        assert.match(found.message, /^Cannot (read|learn from) ".*[^.]$/);
        assert.ok(["SyntaxError", "TypeError", "RangeError"].includes(found.name), found.stack);
      }
    }
    assert.ok(refused > 10, `${refused} were refused`);
  });
}

Deno.test("a changed byte in an archive's array is noticed by its checksum", async () => {
  const bytes = readBytes(new URL("pair.npz", fixtures));
  bytes[180] ^= 1;
  writeFile(`${folder}/changed.npz`, bytes);
  assert.match(
    await messageOf(`${folder}/changed.npz`, { target: "y" }),
    /found another checksum than the archive says in "X\.npy", need an intact file$/,
  );
});

const HEADER = "@relation r\n@attribute a numeric\n@attribute c {x, y}\n@data\n";

Deno.test("ARFF is refused with line and column", async () => {
  const cases: [text: string, message: string][] = [
    [`${HEADER}1,x\n?,y\n`, 'line 6, column "a": found "?", a missing value, need a number'],
    [
      `${HEADER}1,x\n2,?\n`,
      'line 6, column "c": found "?", a missing value, need a class label; --missing-target skip leaves such rows out',
    ],
    [`${HEADER}1,x\n% c\n\n,y\n`, 'line 8, column "a": found an empty cell, need a number'],
    [`${HEADER}0x10,x\n`, 'line 5, column "a": found "0x10", need a number'],
    [
      `${HEADER}1e39,x\n`,
      'line 5, column "a": found "1e39", need at most 3.4028235e38 in size (a 32-bit float)',
    ],
    [`${HEADER}inf,x\n`, 'line 5, column "a": found "inf", need a finite number'],
    [
      `${HEADER}1,z\n`,
      `line 5, column "c": found "z", need one of the attribute's values "x", "y"`,
    ],
    [`${HEADER}1\n`, "line 5: found 1 value, need 2"],
    [`${HEADER}1,x,2\n`, "line 5: found 3 values, need 2"],
    [`${HEADER}1,'x\n`, "line 5: found a quote that is never closed, need its closing quote"],
    [`${HEADER}1,'x'y\n`, 'line 5: found "y" after a closing quote, need a comma'],
    [
      `${HEADER}1,x\n {0 1, 1 y}\n`,
      "line 6: found a sparse row (in braces), need every value of a row; Weka's filter " +
      "SparseToNonSparse writes them",
    ],
    [
      "@relation r\n1,2\n",
      'line 2: found "1,2" before "@data", need "@relation", "@attribute", "@data" or a comment',
    ],
    [
      "@attribute a {red, 1}\n@attribute c {x, y}\n@data\nred,x\n",
      'line 1: found the attribute "a" of type nominal with the value "red", need numbers in a feature',
    ],
    [
      "@attribute a string\n@attribute c {x, y}\n@data\nred,x\n",
      'line 1: found the attribute "a" of type string, need numbers in a feature',
    ],
    [
      "@attribute a relational\n",
      'line 1: found the type "relational" of the attribute "a", need numeric, real, integer, string, date or a list of values in braces',
    ],
    ["@attribute c {x, y\n", 'line 1: found a list of values that is never closed, need "}"'],
  ];
  const path = `${folder}/table.arff`;
  for (const [text, message] of cases) {
    writeFile(path, text);
    assert.equal(
      await messageOf(path, { target: "c" }),
      `Cannot read ${JSON.stringify(path)}, ${message}`,
    );
  }
  writeFile(path, HEADER.replace("@data\n", ""));
  assert.match(
    await messageOf(path, { target: "c" }),
    /found no "@data", need it before the rows$/,
  );
  writeFile(path, HEADER);
  assert.match(await messageOf(path, { target: "c" }), /found a header only/);
  writeFile(path, Uint8Array.of(...new TextEncoder().encode(`${HEADER}1,`), 0xe9, 10));
  assert.match(
    await messageOf(path, { target: "c" }),
    /line \d+ or after: found bytes that are not UTF-8/,
  );
});

Deno.test("attributes that are no feature may be of any type", async () => {
  const path = `${folder}/ignored.arff`;
  writeFile(
    path,
    "@attribute when date 'yyyy-MM-dd'\n@attribute a real\n@attribute note string\n" +
      "@attribute c string\n@data\n2020-01-01,1,'a, b',x\n2020-01-02,2,?,y\n",
  );
  const { dataset, ignoredColumns } = await readDataset(path, { target: "c", featureNames: ["a"] });
  assert.deepEqual([...dataset.features], [1, 2]);
  assert.deepEqual(ignoredColumns, ["when", "note"]);
});
