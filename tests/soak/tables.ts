/**
 * Malformed tables: whatever is in a file, reading it ends with one clear sentence or with the very
 * table that is in it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "npm:fast-check@4.3.0";
import { readDataset } from "../../lib/data/formats/read_dataset.ts";
import { failureText, type SoakOptions, type SoakReport } from "./report.ts";
import { plainTable } from "./plain_table.ts";
import { writeFile } from "../files.ts";

/** Tables to break, and how they are written. */
const whole = fc.record({
  rows: fc.array(
    fc.tuple(
      fc.oneof(
        fc.integer().map(String),
        fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc.constantFrom("0", "-0", " 1 ", "1e-50", "3.4028235e38", "+.5", "7.", "1E2"),
      ),
      fc.constantFrom("1", "2.5", "-3e-4", "100000"),
      fc.constantFrom("a", "b", "c, d", 'say ""x""', "ü\n", "0", "😀"),
    ),
    { minLength: 1, maxLength: 8 },
  ),
  order: fc.constantFrom([0, 1, 2], [2, 0, 1], [1, 2, 0]),
  quoted: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  last: fc.constantFrom("", "\n", "\r\n", "\r\n\r\n"),
  mark: fc.constantFrom("", "", "", "\ufeff"),
}).map(({ rows, order, quoted, lineEnd, last, mark }) => {
  const cell = (text: string) => quoted || /[",\n]/.test(text) ? `"${text}"` : text;
  const lines = [["x", "z", "y"], ...rows].map((row) => order.map((i) => cell(row[i])).join());
  return mark + lines.join(lineEnd) + last;
});

/** Cells that are no numbers, or nearly. */
const STRANGE = [
  ..."NaN,nan,Infinity,-inf,NA,?,null,1e39,1e400,0x10,1_000,1 2,--1,1e,.,-,TRUE,１,1\u00a0".split(
    ",",
  ),
  ...["", " ", '"', '""', "1,5", "\r", "\n", "\n\n", "\0", "\ufeff", "y", "x", "a", ",", ";", "\t"],
];

/** What may happen to the text of a table. */
const textDamage = fc.record({
  kind: fc.constantFrom("replace cell", "insert", "drop line", "repeat line", "cut", "separator"),
  place: fc.nat(400),
  what: fc.constantFrom(...STRANGE),
}).map(({ kind, place, what }) => (text: string): string => {
  const cells = text.split(/(?=[,\n])/);
  const lines = text.split("\n");
  switch (kind) {
    case "replace cell":
      return cells.with(
        place % cells.length,
        /^[,\n]?/.exec(cells[place % cells.length])![0] + what,
      )
        .join("");
    case "insert":
      return text.slice(0, place % (text.length + 1)) + what +
        text.slice(place % (text.length + 1));
    case "drop line":
      return lines.toSpliced(place % lines.length, 1).join("\n");
    case "repeat line":
      return lines.toSpliced(place % lines.length, 0, lines[place % lines.length]).join("\n");
    case "cut":
      return text.slice(0, place % (text.length + 1));
    default:
      return text.replaceAll(",", place % 2 === 0 ? ";" : "\t");
  }
});

type ByteChange = (bytes: Uint8Array) => Uint8Array;

/** What may happen to the bytes of a file. */
const byteDamage = fc.record({
  kind: fc.constantFrom("replace", "insert", "remove"),
  place: fc.nat(500),
  byte: fc.nat(255),
}).map(({ kind, place, byte }): ByteChange => (bytes) => {
  const copy = [...bytes];
  copy.splice(
    place % (copy.length + 1),
    kind === "insert" ? 0 : 1,
    ...kind === "remove" ? [] : [byte],
  );
  return Uint8Array.from(copy);
});

/** The bytes of a file, and whether they are compressed. */
export const malformedTables: fc.Arbitrary<{ bytes: Uint8Array; zipped: boolean }> = fc.record({
  text: whole,
  damage: fc.array(textDamage, { maxLength: 3 }),
  noise: fc.oneof(
    { weight: 3, arbitrary: fc.constant<ByteChange[]>([]) },
    { weight: 1, arbitrary: fc.array(byteDamage, { maxLength: 3 }) },
  ),
  zipped: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
}).map(({ text, damage, noise, zipped }) => {
  const changed = new TextEncoder().encode(damage.reduce((text, change) => change(text), text));
  const bytes: Uint8Array = zipped ? gzipSync(changed, { level: 1 }) : changed;
  return { bytes: noise.reduce((bytes, change) => change(bytes), bytes), zipped };
});

/**
 * Reads a file and judges what comes of it.
 *
 * @param path Where `bytes` are.
 * @returns Whether there was a table.
 * @throws {assert.AssertionError} If reading ends in another way than it has to.
 */
export async function checkReading(path: string, bytes: Uint8Array): Promise<boolean> {
  const text = path.endsWith(".gz") ? unzipped(bytes) : bytes;
  const expected = text === null ? null : plainTable(text, "y");
  const began = performance.now();
  const found = await readDataset(path, {
    target: "y",
    missing: "error",
    categorical: [],
  }).catch((error: Error) => error);
  const milliseconds = performance.now() - began;
  // Nothing hangs: far more than a loaded machine takes.
  assert.ok(milliseconds < 60_000, `${milliseconds} ms`);
  if (found instanceof Error) {
    if (found.name === "NotCapable") throw found;
    assert.ok(expected === null, `refused a table: ${found.message}`);
    assert.ok(["SyntaxError", "RangeError", "TypeError"].includes(found.name), `${found.stack}`);
    assert.ok(found.message.includes(JSON.stringify(path)), found.message);
    assert.match(found.message, /^Cannot (read|learn from) "[^]*: found [^]+, need [^]*[^.]$/);
    assert.ok(found.message.length < 1000, found.message);
    return false;
  }
  assert.ok(expected !== null, "took what is no table");
  const { features, labels, classes, featureNames } = found.dataset;
  assert.deepEqual([...featureNames], expected.featureNames);
  assert.deepEqual([...features], expected.features);
  assert.deepEqual(Array.from(labels, (code) => classes[code]), expected.labels);
  return true;
}

function unzipped(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length === 0) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}

/** Malformed tables, as many as asked for. */
export async function soakTables(tables: number, options: SoakOptions): Promise<SoakReport> {
  const { seed, folder, deadline, onProgress } = options;
  let [read, refused] = [0, 0];
  const failures: string[] = [];
  const property = fc.asyncProperty(malformedTables, async ({ bytes, zipped }) => {
    const path = `${folder}/malformed.csv${zipped ? ".gz" : ""}`;
    writeFile(path, bytes);
    if (await checkReading(path, bytes)) read++;
    else refused++;
    if ((read + refused) % 10_000 === 0) onProgress?.(`${read + refused} tables`);
  });
  try {
    const left = deadline === Infinity ? {} : {
      interruptAfterTimeLimit: Math.max(1, deadline - performance.now()),
    };
    await fc.assert(property, { seed, numRuns: tables, ...left });
  } catch (error) {
    failures.push(failureText(error));
  }
  return { counts: { "tables read": read, "tables refused": refused }, failures };
}
