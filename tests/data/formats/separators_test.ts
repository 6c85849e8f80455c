/** Tables whose cells are separated by other signs than commas, and first lines that are no header. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readCsvHead, readDataset, readFeatures } from "../../../lib/data/formats/mod.ts";
import { fileOf } from "../table_files.ts";

/** The same table with one sign or another between its cells. */
function table(sign: string): string {
  const cell = (text: string) => text.includes(sign) ? `"${text}"` : text;
  const rows = Array.from(
    { length: 30 },
    (_, i) => [`${i}`, `${i % 5},5`, `${"uvw"[i % 3]} x`, i % 2 ? "yes" : "no"],
  );
  return [["id", "size", "the kind", "y"], ...rows].map((row) => row.map(cell).join(sign)).join(
    "\n",
  );
}

for (const [sign, name] of [[";", '";"'], ["\t", "tabs"], ["|", '"|"']]) {
  Deno.test(`cells separated by ${name} are read as those separated by commas, and it is said`, async () => {
    const expected = await readDataset(fileOf(table(",")), { target: "y" });
    assert.deepEqual(expected.dataset.featureNames, ["id", "size", "the kind"]);
    assert.ok(!expected.remarks.some((remark) => remark.startsWith("Cells are separated")));
    const paths = [
      fileOf(table(sign)),
      fileOf(table(sign), ".tsv"),
      fileOf(gzipSync(table(sign)), ".csv.gz"),
      new TextEncoder().encode(table(sign)),
      fileOf(`\ufeff${table(sign).replaceAll("\n", "\r\n")}\r\n`),
    ];
    for (const path of paths) {
      const { dataset, remarks } = await readDataset(path, { target: "y" });
      assert.deepEqual(
        { ...dataset, source: "" },
        { ...expected.dataset, source: "" },
      );
      assert.deepEqual(remarks, [`Cells are separated by ${name}`, ...expected.remarks]);
      const features = await readFeatures(path, {
        featureNames: ["size"],
        notations: new Map([["size", { kind: "comma" }]]),
      });
      assert.equal(features.features[1], 1.5);
      assert.deepEqual(features.ignoredColumns, ["id", "the kind", "y"]);
    }
  });
}

Deno.test("the header tells the separator: the target's name counts, then the sign that occurs most", async () => {
  const named = await readDataset(fileOf("a, in;b, in;c, in;y\n1;2;3;u\n4;5;6;v\n"), {
    target: "y",
  });
  assert.deepEqual(named.dataset.featureNames, ["a, in", "b, in", "c, in"]);
  const comma = await readDataset(fileOf("a;b;c,y\n1,u\n2,v\n"), { target: "y" });
  assert.deepEqual(comma.dataset.featureNames, ["a;b;c"]);
  const quoted = await readDataset(fileOf('"a;b";"größe";"y"\n1;2;"u;v"\n2;3;w\n'), {
    target: "größe",
    task: "regression",
  });
  assert.deepEqual(quoted.dataset.featureNames, ["a;b", "y"]);
  assert.deepEqual(quoted.dataset.categories, [null, ["u;v", "w"]]);
});

Deno.test("a first line sep= names the separator, as spreadsheet programs write it", async () => {
  const { dataset: expected } = await readDataset(fileOf(table(",")), { target: "y" });
  for (const sign of [",", ";", "\t", "|"]) {
    for (const line of [`sep=${sign}\n`, `\ufeffSEP=${sign}\r\n`, `"sep=${sign}"\n`]) {
      const text = line + table(sign);
      for (const source of [fileOf(text), new TextEncoder().encode(text)]) {
        const { dataset } = await readDataset(source, { target: "y" });
        assert.deepEqual({ ...dataset, source: "" }, { ...expected, source: "" });
      }
      const head = readCsvHead(new TextEncoder().encode(text), 2);
      assert.deepEqual(head.map(([first]) => first), ["id", "0"]);
    }
  }
  // The header itself would tell another sign.
  const commas = await readDataset(fileOf("sep=;\na, b;y, z\n1;2\n3;4\n"), {
    target: "y, z",
    task: "regression",
  });
  assert.deepEqual(commas.dataset.featureNames, ["a, b"]);
  const message = (text: string) =>
    readDataset(fileOf(text), { target: "y" }).then(() => "", (error) => error.message);
  assert.match(await message("sep=:\na:y\n1:u\n"), /line 1: found the separator ":", need ","/);
  assert.match(await message("sep=;\n"), /found an empty file/);
  assert.match(await message("sep=;\na;y\n1;u;2\n"), /line 3: found 3 fields, need 2/);
  assert.match(await message("sep=;\na;b\n1;u\n"), /line 2: found no column "y"/);
});

Deno.test("UTF-16 with its byte order mark is read as UTF-8 is, however the bytes arrive", async () => {
  const { dataset: expected } = await readDataset(fileOf(table("\t")), { target: "y" });
  const wide = (text: string, isBig: boolean) => {
    const view = new DataView(new ArrayBuffer(2 * text.length));
    for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBig);
    return new Uint8Array(view.buffer);
  };
  for (const isBig of [false, true]) {
    const bytes = wide(`\ufeff${table("\t").replaceAll("\n", "\r\n")}`, isBig);
    for (const source of [fileOf(bytes, ".txt"), fileOf(gzipSync(bytes), ".csv.gz"), bytes]) {
      const { dataset } = await readDataset(source, { target: "y" });
      assert.deepEqual({ ...dataset, source: "" }, { ...expected, source: "" });
    }
    assert.deepEqual(readCsvHead(bytes.subarray(0, 101), 1), [["id", "size", "the kind", "y"]]);
    const letters = await readDataset(fileOf(wide("\ufeffgröße,y\n1,🌿\n2,ß\n", isBig)), {
      target: "y",
    });
    assert.deepEqual(letters.dataset.featureNames, ["größe"]);
    assert.deepEqual(letters.dataset.classes, ["ß", "🌿"]);
    await assert.rejects(
      readDataset(fileOf(bytes.subarray(0, -1)), { target: "y" }),
      /line \d+ or after: found bytes that are not UTF-16 text/,
    );
  }
});

Deno.test("first lines that are no header are explained", async () => {
  const message = (text: string) =>
    readDataset(fileOf(text), { target: "y" }).then(() => "", (error) => error.message);
  assert.match(await message("# made by me, today\na,y\n1,u\n2,v\n"), /seems to be a comment/);
  assert.match(
    await message("5.1,3.5,setosa\n4.9,3.0,virginica\n"),
    /seems to be a row, need a header row/,
  );
  assert.match(
    await message("a,y\n1,u\n# the rest\n2,v\n"),
    /line 3: found 1 field, need 2 \(a comment\?/,
  );
  const numbered = await readDataset(fileOf("5.1,3.5,setosa\n4.9,3.0,virginica\n1,2,setosa\n"), {
    target: "setosa",
  });
  assert.match(
    numbered.remarks.join("\n"),
    /The first line is taken for the columns' names \("5\.1", "3\.5", "setosa", …\)/,
  );
  const counted = await readDataset(fileOf("0,1,2,y\n4.9,3.0,1,a\n1,2,3,b\n"), { target: "y" });
  assert.deepEqual(counted.remarks, []);
});
