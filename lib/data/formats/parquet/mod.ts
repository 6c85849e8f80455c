/**
 * Reads Parquet files: the library that decodes them gets only what was looked at before.
 *
 * @module
 */
export { readParquetTable } from "./read_parquet.ts";
