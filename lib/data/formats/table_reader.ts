import { pathOf, type TableReader } from "../table/mod.ts";
import { readArffTable } from "./arff.ts";
import { readIdxTable, readMatTable, readNpyTable, readNpzTable } from "./arrays/mod.ts";
import { readCsvBytes, readCsvTable } from "./csv.ts";
import { readParquetTable } from "./parquet/mod.ts";

/** The readers of formats other than CSV, by the end of the file's name. */
const READERS: readonly (readonly [ending: RegExp, reader: TableReader])[] = [
  [/\.arff(\.gz)?$/i, readArffTable],
  [/\.npy$/i, readNpyTable],
  [/\.npz$/i, readNpzTable],
  [/[-.]idx(\d(-ubyte)?)?(\.gz)?$/i, readIdxTable],
  [/\.mat$/i, readMatTable],
  [/\.(parquet|pq)$/i, readParquetTable],
];

/** A table: a path, a `file:` URL, or the bytes of a CSV file, which may be compressed. */
export type TableSource = string | URL | Uint8Array;

/** Chooses the reader of a file by the end of its name. A file with an unknown ending is read as CSV. */
export function tableReader(file: TableSource): TableReader {
  if (file instanceof Uint8Array) return (name, handler) => readCsvBytes(file, name, handler);
  const path = pathOf(file);
  return READERS.find(([ending]) => ending.test(path))?.[1] ?? readCsvTable;
}

/** A table's path, or another name for messages. */
export function nameOf(file: TableSource): string {
  return file instanceof Uint8Array ? "standard input" : pathOf(file);
}
