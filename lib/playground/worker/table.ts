/**
 * The table in the worker: its uncompressed bytes.
 *
 * @module
 */
import { readCsvColumn, readCsvHead, readCsvHeader } from "../../data/formats/mod.ts";
import { isDecimal, isMissing, notationsOf, requireRows } from "../../data/table/mod.ts";
import { quoted, quotedPath } from "../../messages.ts";
import type { DescribedTarget, OpenedTable } from "../messages.ts";

/** A table that was opened. */
export interface Table {
  readonly name: string;
  /** The text of the table. */
  readonly bytes: Uint8Array;
}

/** The largest table, in bytes of text. Training on a larger table would take too long in a page. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The number of rows of the preview, including the header, and the number of bytes that are searched for
 * them.
 */
const [PREVIEW_ROWS, PREVIEW_BYTES] = [6, 2 ** 18];

/** A column with more different numbers than this holds numbers rather than classes. */
const MOST_NUMBERED_CLASSES = 20;

/**
 * Opens a table, and reads it once from end to end.
 *
 * @throws {RangeError} If the table is too large, or has no rows.
 * @throws {SyntaxError} If the table cannot be parsed.
 * @throws {TypeError} If the table has only one column.
 */
export async function openTable(
  name: string,
  bytes: Uint8Array,
): Promise<{ readonly table: Table; readonly opened: OpenedTable }> {
  requireSize(name, bytes.length);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const table = { name, bytes: isGzip ? await inflated(name, bytes) : bytes };
  const columns = await readCsvHeader(table.bytes, name);
  if (columns.length < 2) {
    throw new TypeError(
      `Cannot learn from ${quotedPath(name)}: found the one column ${quoted(columns[0])}, ` +
        `need a target and at least one column to predict it by`,
    );
  }
  let rows = 0;
  await readCsvColumn(table.bytes, name, columns[0], () => rows++);
  requireRows(name, rows, false);
  const [, ...preview] = readCsvHead(table.bytes.subarray(0, PREVIEW_BYTES), PREVIEW_ROWS);
  return { table, opened: { name, columns, preview, rows, bytes: table.bytes.length } };
}

function requireSize(name: string, bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new RangeError(
    `Cannot take ${quotedPath(name)}: found more than ${MOST_BYTES / 2 ** 20} MB, which is too ` +
      `much for a page; the command line takes tables of any size: deno task train FILE`,
  );
}

/** Unpacks gzip data. Refuses too much content. */
async function inflated(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    const content = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    for (const reader = content.getReader();;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      requireSize(name, length);
      pieces.push(value);
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new SyntaxError(
      `Cannot read ${quotedPath(name)}: found broken gzip data, need the whole file`,
      { cause: error },
    );
  }
  const text = new Uint8Array(length);
  let place = 0;
  for (const piece of pieces) {
    text.set(piece, place);
    place += piece.length;
  }
  return text;
}

/** Describes a column as a target. */
export async function describeTarget(table: Table, target: string): Promise<DescribedTarget> {
  const texts = new Set<string>();
  let rows = 0;
  await readCsvColumn(table.bytes, table.name, target, (text) => {
    rows++;
    const word = text.trim();
    if (!isMissing(word)) texts.add(word);
  });
  const areNumbers = [...texts].every((word) => isDecimal(word) || isAmount(word));
  const areMany = texts.size > MOST_NUMBERED_CLASSES;
  const task = areNumbers && areMany ? "regression" : "classification";
  return { target, rows, different: texts.size, task };
}

/** Returns `true` for a number such as `$9,728`, but not for dates and words. */
function isAmount(word: string): boolean {
  return notationsOf(word).some(({ kind }) => kind === "point" || kind === "comma");
}
