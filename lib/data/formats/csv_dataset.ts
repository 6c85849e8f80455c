/**
 * Reads comma-separated values in memory, for places without files, such as a browser. The readers of other
 * formats are not loaded.
 *
 * @module
 */
import {
  cellsOf,
  datasetPasses,
  namedColumns,
  NO_TARGET,
  type ReadDatasetOptions,
  type ReadDatasetResult,
  type RowsHandler,
  textsHandler,
} from "../table/mod.ts";
import { readCsvBytes } from "./csv.ts";
import { endsInReturns, returnsToLineFeeds, wideDecoder } from "./csv_beginning.ts";
import { csvRow, isBlank, separatorLine, separatorOf } from "./csv_row.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";

/**
 * Reads a table with its target, as `readDataset` does.
 *
 * @param bytes The content of a CSV file, which may be compressed (gzip).
 * @param name The table's name in messages, and the data set's source.
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {RangeError} If there are no rows, or one class only, or a number is out of range.
 * @throws {TypeError} If a wanted column is missing.
 *
 * @example
 * ```ts
 * import { readCsvDataset } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const bytes = new TextEncoder().encode("length,species\n1,setosa\n3,virginica\n");
 * const { dataset } = await readCsvDataset(bytes, "flowers.csv", { target: "species" });
 * assert.deepEqual(dataset.classes, ["setosa", "virginica"]);
 * ```
 */
export async function readCsvDataset(
  bytes: Uint8Array,
  name: string,
  options: ReadDatasetOptions,
): Promise<ReadDatasetResult> {
  const passes = datasetPasses(name, options);
  let step = passes.next();
  while (!step.done) step = passes.next(await readCsvBytes(bytes, name, step.value));
  return step.value;
}

/**
 * Reads the names of a table's columns. A column without a name is called by its place.
 *
 * @param bytes The content of a CSV file, which may be compressed (gzip).
 * @param name The table's name in messages.
 * @throws {SyntaxError} If the table is empty or its header row cannot be parsed.
 *
 * @example
 * ```ts
 * import { readCsvHeader } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const bytes = new TextEncoder().encode("length,species\n1,setosa\n");
 * assert.deepEqual(await readCsvHeader(bytes, "flowers.csv"), ["length", "species"]);
 * ```
 */
export async function readCsvHeader(bytes: Uint8Array, name: string): Promise<string[]> {
  const cells = cellsOf({});
  const handler: RowsHandler = { target: null, plan: () => null, ...NO_TARGET, cells };
  const { header } = await readCsvBytes(bytes, name, handler);
  return namedColumns(header);
}

/**
 * Reads the texts of a column as they are written.
 *
 * @param bytes The content of a CSV file, which may be compressed (gzip).
 * @param name The table's name in messages.
 * @throws {TypeError} If there is no such column.
 * @throws {SyntaxError} If the content cannot be parsed.
 *
 * @example
 * ```ts
 * import { readCsvColumn } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const texts: string[] = [];
 * const bytes = new TextEncoder().encode("length,species\n1,setosa\n3,virginica\n");
 * await readCsvColumn(bytes, "flowers.csv", "length", (text) => texts.push(text));
 * assert.deepEqual(texts, ["1", "3"]);
 * ```
 */
export async function readCsvColumn(
  bytes: Uint8Array,
  name: string,
  column: string,
  take: (text: string, where: () => string) => void,
): Promise<void> {
  await readCsvBytes(bytes, name, textsHandler(column, take));
}

/**
 * The first rows of a table as they are written, the header included. They end before a broken row, without
 * an error.
 *
 * @param bytes The beginning of a CSV file, not compressed.
 * @param most The largest number of rows to return.
 *
 * @example
 * ```ts
 * import { readCsvHead } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const bytes = new TextEncoder().encode("length;species\n1;setosa\n3;virginica\n");
 * assert.deepEqual(readCsvHead(bytes, 2), [["length", "species"], ["1", "setosa"]]);
 * ```
 */
export function readCsvHead(bytes: Uint8Array, most: number): string[][] {
  const wide = wideDecoder(bytes);
  // The beginning of a file may end within a letter.
  const plain = wide === null
    ? bytes.slice()
    : new TextEncoder().encode(wide.decode(bytes, { stream: true }));
  if (endsInReturns(plain)) returnsToLineFeeds(plain);
  const start = plain[0] === 0xef && plain[1] === 0xbb && plain[2] === 0xbf ? 3 : 0;
  const text = latin1Text(plain.subarray(start));
  // Blank lines may come before the header.
  const blank = /^(?: *\r?\n)*/.exec(text)![0].length;
  const named = separatorLine(text, blank, "Cannot read the table, line 1");
  const separator = named?.separator ?? separatorOf(text, blank, null);
  const rows: string[][] = [];
  const decoder = new TextDecoder();
  for (let place = named?.next ?? blank; place < text.length && rows.length < most;) {
    const { end, cells, next } = csvRow(text, place, true, separator);
    if (end !== "row") break;
    if (!isBlank(cells, rows[0]?.length, text[place])) {
      rows.push(cells.map((cell) => decoder.decode(latin1Bytes(cell))));
    }
    place = next;
  }
  return rows;
}
