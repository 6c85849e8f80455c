import assert from "node:assert/strict";
import { newFolder, writeFile } from "../../files.ts";
import { mkdirSync } from "node:fs";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readDataset as readAsTasksDo, readFeatures } from "../../../mod.ts";
import { scanDecimal } from "../../../lib/data/formats/decimal.ts";
import { readHeader } from "../../../lib/data/formats/mod.ts";
import { fileOf, folder, readDataset } from "../table_files.ts";
import { refuses } from "./refused_table.ts";

Deno.test("readDataset says that a file is missing or is a directory, and keeps the cause", async () => {
  const missing = join(folder, "missing.csv");
  // Begun one at a time: an error that comes before it is waited for would end the test run.
  for (const read of [() => readHeader(missing), () => readDataset(missing, { target: "y" })]) {
    const error = await read().then(() => assert.fail("it was read"), (error: Error) => error);
    assert.equal(error.message, `Cannot read ${JSON.stringify(missing)}: found no such file`);
    assert.equal((error.cause as { code: string }).code, "ENOENT");
  }
  const directory = join(folder, "directory.csv.gz");
  mkdirSync(directory);
  await assert.rejects(readFeatures(directory, { featureNames: ["x"] }), {
    name: "Error",
    message: `Cannot read ${JSON.stringify(directory)}: found a folder, need a file`,
  });
});

Deno.test("readDataset refuses text in a feature, with line, column and value", async () => {
  await refuses(
    "x,y,z\n1,a,2\n3,b,two\n",
    "SyntaxError",
    'read FILE, line 3, column "z": found "two", need a number',
  );
  for (const text of ["1.2.3", "0x10", "1_000", "1 2", "12a", "-", ".", "1e", "TRUE"]) {
    await refuses(
      `x,y\n1,a\n${text},b\n`,
      "SyntaxError",
      `read FILE, line 3, column "x": found "${text}", need a number`,
    );
  }
  await refuses(
    'x,y\n"1,5",a\n2,b\n',
    "SyntaxError",
    'read FILE, line 2, column "x": found "1,5", need a number',
  );
  await refuses(
    'x,y\n"a ""b""\nc",a\n2,b\n',
    "SyntaxError",
    'read FILE, line 2, column "x": found "a \\"b\\"\\nc", need a number',
  );
});

Deno.test("readDataset shows no more than the beginning of a long value", async () => {
  await refuses(
    `x,y\n${"w".repeat(5000)},a\n`,
    "SyntaxError",
    `read FILE, line 2, column "x": found "${"w".repeat(57)}...", need a number`,
  );
});

Deno.test("readDataset refuses missing values", async () => {
  for (const text of ["NaN", "nan", "NA", "N/A", "null", "?", "-nan"]) {
    await refuses(
      `x,y\n1,a\n${text},b\n`,
      "SyntaxError",
      `read FILE, line 3, column "x": found "${text}", a missing value, need a number`,
    );
  }
  for (const text of ["", "  ", '""']) {
    await refuses(
      `w,x,y\n1,1,a\n2,${text},b\n`,
      "SyntaxError",
      'read FILE, line 3, column "x": found an empty cell, need a number',
    );
  }
  await refuses(
    "x,y\n1,a\n2,",
    "SyntaxError",
    'read FILE, line 3, column "y": found an empty cell, need a class label; --missing-target skip leaves such rows out',
  );
});

Deno.test("readDataset refuses numbers that no 32-bit float holds", async () => {
  for (const text of ["Infinity", "-inf", "INF"]) {
    await refuses(
      `x,y\n${text},a\n`,
      "RangeError",
      `read FILE, line 2, column "x": found "${text}", need a finite number`,
    );
  }
  for (const text of ["3.5e38", "-1e39", "1e400", "9".repeat(45)]) {
    await refuses(
      `x,y\n1,a\n${text},b\n`,
      "RangeError",
      `read FILE, line 3, column "x": found "${text}", ` +
        "need at most 3.4028235e38 in size (a 32-bit float)",
    );
  }
});

Deno.test("readDataset refuses rows of another length, before it complains of their cells", async () => {
  await refuses("x,z,y\n1,2,a\n1,b\n", "SyntaxError", "read FILE, line 3: found 2 fields, need 3");
  await refuses("x,y\n1,a\n1,b,\n", "SyntaxError", "read FILE, line 3: found 3 fields, need 2");
  await refuses("x,y\n1,a\n7", "SyntaxError", "read FILE, line 3: found 1 field, need 2");
  await refuses("x,y\n1,a,b,c,d\n", "SyntaxError", "read FILE, line 2: found 5 fields, need 2");
});

Deno.test("readDataset counts physical lines, those inside quotes and CRLF included", async () => {
  await refuses(
    '"x\nx",y\r\n1,"a\r\n\n"\r\n2,b\r\nthree,c\r\n',
    "SyntaxError",
    'read FILE, line 7, column "x\\nx": found "three", need a number',
  );
  await refuses(
    'x,y\n"1\n",a,3\n',
    "SyntaxError",
    "read FILE, line 2: found 3 fields, need 2",
  );
});

Deno.test("readDataset keeps the line number across pieces of a large file", async () => {
  const lines = Array.from({ length: 200_000 }, (_, row) => `${row},"a\n${row % 2}"`);
  lines[150_000] = "oops,a";
  for (const ending of [".csv", ".csv.gz"]) {
    const text = `x,y\n${lines.join("\n")}\n`;
    await refuses(
      ending === ".csv" ? text : gzipSync(text, { level: 1 }),
      "SyntaxError",
      'read FILE, line 300002, column "x": found "oops", need a number',
      { ending },
    );
  }
});

Deno.test("a line number counts the blank lines before it, with any sign at the end of lines", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = ["", " ", "x,y", "", "1,a", "\t ", "", "2,b", `3,"b${end}${end}"`, "", "oops,c"]
      .join(end);
    const message = 'read FILE, line 13, column "x": found "oops", need a number';
    await refuses(text, "SyntaxError", message);
    await refuses(gzipSync(text), "SyntaxError", message, { ending: ".csv.gz" });
  }
});

Deno.test("a blank line in a table of one column may mean a missing cell, so it is refused", async () => {
  const folder = newFolder();
  const read = (text: string) => {
    writeFile(`${folder}/t.csv`, text);
    return readFeatures(`${folder}/t.csv`, { featureNames: ["x"], missing: "keep" });
  };
  await assert.rejects(read("x\n1\n\n2\n"), {
    name: "SyntaxError",
    message:
      /line 3: found a blank line in a table of one column, need a cell, such as NA if it is/,
  });
  // What is no blank line is a missing cell; the file may end in blank lines.
  for (const cell of [" ", '""', "NA"]) {
    assert.deepEqual([...(await read(`x\n1\n${cell}\n2\n\n\n`)).features], [1, NaN, 2]);
  }
});

Deno.test("readDataset refuses tables without rows or header, and with one class", async () => {
  await refuses("", "SyntaxError", "read FILE: found an empty file, need a header row");
  await refuses("\ufeff", "SyntaxError", "read FILE: found an empty file, need a header row");
  const ending = ".csv.gz";
  await refuses("", "SyntaxError", "read FILE: found an empty file, need a header row", { ending });
  await refuses(gzipSync(""), "SyntaxError", "read FILE: found an empty file, need a header row", {
    ending,
  });
  for (const text of ["x,y", "x,y\n", "x,y\r\n\r\n"]) {
    await refuses(text, "RangeError", "read FILE: found a header only, need at least one row");
  }
  await refuses(
    "x,y\n1,a\n2,a\n",
    "RangeError",
    'learn from FILE, column "y": found the one class "a", need at least two',
  );
});

Deno.test("readDataset names the nearest column where the target is missing", async () => {
  await refuses(
    "x,Class,w\n1,a,2\n",
    "TypeError",
    'read FILE, line 1: found no column "clas", need it as the target; ' +
      'did you mean "Class"? (columns: "x", "Class", "w")',
    { target: "clas" },
  );
  await refuses(
    `${Array.from({ length: 25 }, (_, k) => `c${k}`).join()}\n`,
    "TypeError",
    'read FILE, line 1: found no column "species", need it as the target (columns: ' +
      `${Array.from({ length: 20 }, (_, k) => `"c${k}"`).join(", ")} and 5 more, the last "c24")`,
    { target: "species" },
  );
});

Deno.test("readDataset names the features that are missing or named twice", async () => {
  await refuses(
    "a,hue,y\n1,2,3\n",
    "TypeError",
    'read FILE, line 1: found no column "b", "Hues", need all 3 features (columns: "a", "hue", "y")',
    { featureNames: ["a", "b", "Hues"] },
  );
  await refuses(
    "a,hue,y\n1,2,3\n",
    "TypeError",
    'read FILE, line 1: found no column "Hues", need it; did you mean "hue"? ' +
      '(columns: "a", "hue", "y")',
    { featureNames: ["Hues"] },
  );
  for (const featureNames of [["a", "a"], ["y"]]) {
    await refuses(
      "a,y\n1,2\n",
      "TypeError",
      `read FILE, line 1: found "${featureNames[0]}" wanted twice, ` +
        "need every feature once and not the target",
      { featureNames },
    );
  }
  await refuses(
    "y\na\n",
    "TypeError",
    "read FILE, line 1: found no column besides the target, need at least one feature",
  );
});

Deno.test("readDataset refuses repeated and missing names of columns it uses, and no others", async () => {
  await refuses(
    "x,y,x\n1,a,2\n",
    "SyntaxError",
    'read FILE, line 1: found the name "x" for columns 1 and 3, need different names; --ignore leaves all columns of a name out',
  );
  await refuses(
    "y,x,y\na,1,b\n",
    "SyntaxError",
    'read FILE, line 1: found the name "y" for columns 1 and 3, need different names',
  );
  const { dataset, ignoredColumns } = await readDataset(
    fileOf(",,w,w,x,y\n0,0,0,0,1,a\n0,0,0,0,2,b\n"),
    { target: "y", featureNames: ["x"] },
  );
  assert.deepEqual([...dataset.features], [1, 2]);
  assert.deepEqual(ignoredColumns, ["column 1", "column 2", "w", "w"]);
});

Deno.test("readDataset refuses a class that is not among those given", async () => {
  await refuses(
    "x,y\n1,a\n2,c\n",
    "RangeError",
    'read FILE, line 3, column "y": found the class "c", need one of "a", "b"',
    { classes: ["a", "b"] },
  );
  await refuses(
    "x,y\n1,c\n",
    "RangeError",
    "read FILE: found no row with a known target, need at least one row",
    { classes: ["a"], unknownClass: "skip" },
  );
  await refuses(
    "x,y\n1,c\n",
    "TypeError",
    'read FILE: found the classes "a", "a", need at least one, each once',
    { classes: ["a", "a"] },
  );
});

Deno.test("readDataset refuses broken quoting, with the line where the quote began", async () => {
  await refuses(
    'x,y\n1,a\n2,"b\n3,c\n',
    "SyntaxError",
    "read FILE, line 3: found a quote that is never closed, need its closing quote",
  );
  await refuses(
    'x,"y\n1,a\n',
    "SyntaxError",
    "read FILE, line 1: found a quote that is never closed, need its closing quote",
  );
  await refuses(
    'x,y\n"1"2,a\n',
    "SyntaxError",
    "read FILE, line 2: found text after a closing quote, need a separator or the row's end",
  );
  await refuses(
    "x,y\n1,a\r2,b\n",
    "SyntaxError",
    'read FILE, line 2: found a carriage return without a line feed, need "\\n" or "\\r\\n", or no line ' +
      "feed in the whole file",
  );
});

Deno.test("readDataset gives up on a quote left open in a large file", async () => {
  await refuses(
    `x,y\n1,a\n"${"1,a\n".repeat(2 ** 23)}`,
    "SyntaxError",
    "read FILE, line 3: found a cell of more than 16777216 bytes, need a shorter one " +
      "(is a quote left open?)",
  );
});

Deno.test("readDataset gives up on a row that does not end", async () => {
  await refuses(
    `x,y\n1,a\n${`${"1".repeat(2 ** 20 - 1)},`.repeat(100)}`,
    "SyntaxError",
    "read FILE, line 3: found a row of more than 67108864 bytes, need a shorter one " +
      "(is a quote left open?)",
  );
  await refuses(
    `x,y\n1,a\n${",".repeat(2 ** 21)}\n`,
    "SyntaxError",
    "read FILE, line 3: found 1048577 fields, need 2",
  );
});

Deno.test("a number of 16 million digits is read or refused as text, in one go", async () => {
  const digits = "1".repeat(16_000_000);
  const shown = `${"1".repeat(57)}...`;
  const place = 'read FILE, line 3, column "a": found';
  await refuses(
    `a,y\n1,u\n${digits},v\n`,
    "RangeError",
    `${place} "${shown}", need at most 3.4028235e38 in size (a 32-bit float)`,
  );
  for (const middle of ["x", "ee", "."]) {
    const cell = `${digits.slice(0, 8_000_000)}${middle}${digits.slice(8_000_000)}x`;
    await refuses(`a,y\n1,u\n${cell},v\n`, "SyntaxError", `${place} "${shown}", need a number`);
  }
  const path = fileOf(`a,y\n1,u\n0.${"0".repeat(1000)}${digits}e1001,v\n`);
  const { dataset } = await readDataset(path, { target: "y" });
  assert.deepEqual([...dataset.features], [1, Math.fround(10 / 9)]);

  const bytes = new TextEncoder().encode(`${"1".repeat(1001)},`);
  const cursor = { position: 0 };
  assert.ok(Number.isNaN(scanDecimal(bytes, cursor)));
  assert.equal(cursor.position, 0);
});

Deno.test("blank lines without end are refused, also those that take next to no bytes", async () => {
  const blank = new Uint8Array(2 ** 24).fill(0x0a);
  for (
    const [ending, head, sentence] of [
      [".csv.gz", "a,y\n1,u\n", "line 3: found more than 1048576 blank lines, need fewer"],
      [
        ".arff.gz",
        "@attribute a real\n@attribute y {u}\n@data\n1,u\n",
        "line 1048581: found more than 1048576 blank lines and comments, need fewer",
      ],
    ]
  ) {
    const content = gzipSync(Buffer.concat([Buffer.from(head), blank]));
    assert.ok(content.length < 20_000);
    await refuses(content, "SyntaxError", `read FILE, ${sentence}`, { ending });
  }
  const attributes = gzipSync("@attribute a real\n".repeat(2 ** 20 + 2));
  await refuses(
    attributes,
    "RangeError",
    "read FILE, line 1048578: found more than 1048576 attributes, need fewer",
    { ending: ".arff.gz" },
  );
});

Deno.test("a name that differs by blanks is the one that is meant", async () => {
  const path = `${newFolder()}/t.csv`;
  writeFile(path, "a, b, y\n1,2,u\n2,3,v\n");
  await assert.rejects(
    readAsTasksDo(path, { target: "y" }),
    /found no column "y", need it as the target; did you mean " y", with its blanks\? \(columns: /,
  );
});
