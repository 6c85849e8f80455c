import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import { namedColumns, planColumns } from "../../../lib/data/table/column_plan.ts";
import { csvReader } from "../../../lib/data/formats/csv.ts";
import { featureCells } from "../../../lib/data/table/feature_cells.ts";

interface Read {
  features: number[];
  labels: string[];
  names: readonly string[];
}

/** Reads a table with the target `y` from pieces: what was read, or the error. */
function readPieces(pieces: Uint8Array[]): Read | Error {
  const labels: string[] = [];
  try {
    const cells = featureCells({ missing: false, auto: false, categorical: new Map() });
    const reader = csvReader("pieces", {
      target: "y",
      plan(names, where) {
        const plan = planColumns(names, { target: "y", featureNames: null }, where);
        cells.begin(plan.featureNames, where);
        return plan;
      },
      label: (text) => labels.push(text) - 1,
      missingTarget: () => NaN,
      number: Number,
      cells,
    });
    // Every piece lies in the same memory: the reader may keep none of them.
    const memory = new Uint8Array(Math.max(0, ...pieces.map((piece) => piece.length)));
    for (const piece of pieces) {
      memory.fill(0x37);
      memory.set(piece);
      reader.push(memory.subarray(0, piece.length));
    }
    const { rows, features, targets, header } = reader.finish();
    assert.equal(targets.length, rows);
    return {
      features: [...features],
      labels: Array.from(targets, (index) => labels[index]),
      names: header,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error;
  }
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, k) => bytes.subarray(k === 0 ? 0 : ends[k - 1], end));
}

/** The cells of a valid table, by a regular expression: slow and obvious. */
function cellsOf(given: string): string[][] {
  const text = given.includes("\n") ? given : given.replaceAll("\r", "\n");
  const rows: string[][] = [[]];
  const blank = new Set<string[]>();
  const cell = /("(?:[^"]|"")*"|[^,\n]*?)(,|\r?\n|\r?$)/gy;
  for (const [, written, end] of text.replace(/(\r?\n)+\r?$/, "").matchAll(cell)) {
    const quoted = written.startsWith('"');
    const row = rows.at(-1)!;
    row.push(quoted ? written.slice(1, -1).replaceAll('""', '"') : written);
    if (end !== "," && row.length === 1 && /^[ \t]*$/.test(written)) blank.add(row);
    if (end === "" || end === "\r") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => !blank.has(row));
}

/** Valid tables for mutations to break. */
const seeds = [
  "x,z,y\n1,2.5,a\n-3e4,.5,b\n6,7,a\n",
  '\ufeff"x",z,y\r\n"1", 2 ,"a ""q"", b"\r\n3,4,"two\r\nlines"\r\n\r\n',
  "y,x\né,12345678901234567890\n😀,1e-7\n",
  "a,b,c,y\n1,1,1,0\n2,2,2,1\n3,3,3,0",
  "\nx,y\n\n \n1,a\r\n\r\n2,b\n\t\n",
  'x,y\r1,a\r2,"b\rc"\r\r3,a\r',
].map((text) => new TextEncoder().encode(text));

const mutation = fc.record({
  kind: fc.constantFrom("replace", "insert", "remove", "cut"),
  place: fc.nat(200),
  byte: fc.oneof(
    fc.constantFrom(...[...'"",,\n\r\0 .-e5a'].map((letter) => letter.charCodeAt(0))),
    fc.nat(255),
  ),
});

const mutated = fc.tuple(
  fc.constantFrom(...seeds),
  fc.array(mutation, { minLength: 1, maxLength: 6 }),
).map(([seed, mutations]) => {
  const bytes = [...seed];
  for (const { kind, place, byte } of mutations) {
    const at = place % (bytes.length + 1);
    if (kind === "cut") bytes.length = at;
    else bytes.splice(at, kind === "insert" ? 0 : 1, ...(kind === "remove" ? [] : [byte]));
  }
  return Uint8Array.from(bytes);
});

Deno.test("csvReader gives a typed error with a line, or a consistent table, for broken input", () => {
  let errors = 0;
  let tables = 0;
  fc.assert(
    fc.property(mutated, (bytes) => {
      const read = readPieces([bytes]);
      if (read instanceof Error) {
        errors++;
        assert.ok(["SyntaxError", "RangeError", "TypeError"].includes(read.name), `${read}`);
        assert.match(read.message, /^Cannot read "pieces"(, line \d+|: found an empty file)/);
        assert.match(read.message, /: found .+, need .+/s);
        const line = Number(/line (\d+)/.exec(read.message)?.[1] ?? 1);
        const ends = (end: number) => bytes.filter((byte) => byte === end).length;
        assert.ok(line <= (ends(0x0a) || ends(0x0d)) + 1, read.message);
      } else {
        tables++;
        assert.equal(read.features.length, read.labels.length * (read.names.length - 1));
        const [names, ...rows] = cellsOf(new TextDecoder().decode(bytes));
        // Other signs than commas may separate the cells then.
        if (names.some((name) => /[;|\t]/.test(name))) return;
        const target = names.indexOf("y");
        assert.deepEqual(read.names, namedColumns(names));
        assert.deepEqual(read.labels, rows.map((row) => row[target]));
        assert.deepEqual(
          read.features,
          rows.flatMap((row) => row.toSpliced(target, 1).map((cell) => Math.fround(Number(cell)))),
        );
      }
    }),
    { seed: 4, numRuns: 5000 },
  );
  assert.ok(errors > 1000 && tables > 300, `${errors} errors, ${tables} tables`);
});

Deno.test("csvReader gives the same wherever its input is cut into pieces", () => {
  const input = fc.oneof(fc.constantFrom(...seeds), mutated);
  fc.assert(
    fc.property(input, fc.array(fc.nat(), { maxLength: 12 }), (bytes, places) => {
      assert.deepEqual(readPieces(cut(bytes, places)), readPieces([bytes]));
    }),
    { seed: 5, numRuns: 3000 },
  );
  for (const bytes of seeds) {
    const single = Array.from(bytes, (_, k) => bytes.subarray(k, k + 1));
    const whole = readPieces([bytes]);
    assert.ok(!(whole instanceof Error), `${whole}`);
    assert.deepEqual(readPieces(single), whole);
  }
});

Deno.test("csvReader reads a row that is longer than any piece", () => {
  const width = 50_000;
  const names = Array.from({ length: width }, (_, k) => `c${k}`);
  const numbers = Array.from({ length: width }, (_, k) => k % 1000);
  const text = `${names.join()},y\n${numbers.join()},a\n${numbers.join()},"b"\n`;
  const bytes = new TextEncoder().encode(text);
  const places = Array.from({ length: bytes.length / 1000 }, (_, k) => 1000 * k);
  const read = readPieces(cut(bytes, places));
  assert.ok(!(read instanceof Error), `${read}`);
  assert.deepEqual(read.features, [...numbers, ...numbers]);
  assert.deepEqual(read.labels, ["a", "b"]);
});

Deno.test("csvReader refuses a million columns and more", () => {
  const bytes = new TextEncoder().encode(",".repeat(2 ** 20 + 1));
  const read = readPieces([bytes]);
  assert.ok(read instanceof RangeError);
  assert.match(read.message, /line 1: found more than 1048576 columns, need fewer$/);
});
