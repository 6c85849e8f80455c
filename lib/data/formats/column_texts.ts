import {
  isMissing,
  type ProgressListener,
  type ReadDatasetOptions,
  textsHandler,
} from "../table/mod.ts";
import { quoted, quotedPath } from "../../messages.ts";
import { nameOf, tableReader, type TableSource } from "./table_reader.ts";

/**
 * Reads the texts of one column as they are written, such as the identifiers of rows.
 *
 * @param file A path, a `file:` URL, or the bytes of a CSV file.
 * @throws {TypeError} If there is no such column.
 * @throws {SyntaxError} If the content cannot be parsed.
 * @throws {Error} If the file cannot be opened; the system's error is its `cause`.
 *
 * @example
 * ```ts
 * import { builtinDatasetPath } from "@sparsemble/sparsemble";
 * import { readTexts } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const [first] = await readTexts(builtinDatasetPath("segment"), "hue-mean");
 * assert.equal(first, "-2.04915");
 * ```
 */
export async function readTexts(file: TableSource, column: string): Promise<string[]> {
  const texts: string[] = [];
  await takeTexts(file, column, (text) => texts.push(text));
  return texts;
}

/**
 * The beginning of a message about a cell of a column, such as `Cannot read "table.csv", line 3, column "day"`.
 * The file is read again for it.
 *
 * @param row The row in the file, from 0.
 */
export async function cellPlace(file: TableSource, column: string, row: number): Promise<string> {
  let rows = 0;
  let place = `Cannot read ${quotedPath(nameOf(file))}, column ${quoted(column)}`;
  await takeTexts(file, column, (_, where) => {
    if (rows++ === row) place = where();
  });
  return place;
}

/**
 * The row in the file, from 0, of a row of a data set. The data set may lack the file's rows without a
 * target.
 */
export async function rowInFile(
  file: TableSource,
  { target, task, missingTarget }: ReadDatasetOptions,
  row: number,
): Promise<number> {
  if (missingTarget !== "skip") return row;
  let [rows, kept] = [0, 0];
  let found = row;
  await takeTexts(file, target, (text) => {
    const word = text.trim();
    // The word "none" may be a class.
    const isLeftOut = isMissing(word) && (task === "regression" || word.toLowerCase() !== "none");
    if (!isLeftOut && kept++ === row) found = rows;
    rows++;
  });
  return found;
}

/** Passes the texts of a column on as they are written, with their places. */
export async function takeTexts(
  file: TableSource,
  column: string,
  take: (text: string, where: () => string) => void,
  onProgress?: ProgressListener,
): Promise<void> {
  await tableReader(file)(nameOf(file), textsHandler(column, take), onProgress);
}
