import { readArffTable } from "./arff.ts";
import { readCsvTable } from "./csv_file.ts";
import { readNpyTable } from "./npy_table.ts";
import { readNpzTable } from "./npz_table.ts";
import { readParquetTable } from "./parquet.ts";
import type { TableReader } from "../table/mod.ts";

/** The readers of formats other than CSV, by the end of the file's name. */
const READERS: readonly (readonly [ending: RegExp, reader: TableReader])[] = [
  [/\.arff(\.gz)?$/i, readArffTable],
  [/\.npy$/i, readNpyTable],
  [/\.npz$/i, readNpzTable],
  [/\.(parquet|pq)$/i, readParquetTable],
];

/** The reader of a file, by the end of its name. What has none of the known ends is read as CSV. */
export function tableReader(path: string): TableReader {
  return READERS.find(([ending]) => ending.test(path))?.[1] ?? readCsvTable;
}
