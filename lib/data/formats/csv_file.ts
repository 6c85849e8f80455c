import { type RowsReader, rowsReader } from "./csv_rows.ts";
import { filePieces, type ReadProgress, type RowsHandler } from "../table/mod.ts";

/**
 * Reads a `.csv` or `.csv.gz` file through a `RowsReader`, in pieces. A handler that plans nothing
 * gets the header, and no more of the file is read than that takes.
 *
 * @throws {Error} If the file cannot be opened or read; the system's error is its `cause`.
 * @throws {SyntaxError} If the name ends in `.gz` and the content is no whole gzip stream.
 */
export async function readCsvTable(
  path: string,
  handler: RowsHandler,
  onProgress?: (progress: ReadProgress) => void,
): Promise<RowsReader> {
  const reader = rowsReader(path, handler);
  const place = () => ` beyond line ${reader.line}`;
  for await (const { bytes, bytesRead, bytesTotal } of filePieces(path, place)) {
    reader.push(bytes);
    onProgress?.({ bytesRead, bytesTotal, rows: reader.rows });
    if (reader.header !== null && reader.columns === null) return reader;
  }
  reader.finish();
  return reader;
}
