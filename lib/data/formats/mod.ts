/**
 * The formats that tables are read from, a file each: CSV, ARFF, NPY, NPZ, Parquet.
 *
 * @module
 */
export { readNpyHeader, readNpyNumbers } from "./npy.ts";
export { readNpyLabels } from "./npy_rows.ts";
export { npyFile } from "./npy_table.ts";
export * from "./read_dataset.ts";
export type {
  ReadCellsOptions,
  ReadDatasetOptions,
  ReadDatasetResult,
  UnknownClass,
} from "../table/mod.ts";
export { zipContent, zipEntries } from "./zip.ts";
