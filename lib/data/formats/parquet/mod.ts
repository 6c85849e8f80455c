/**
 * Reads Parquet files. The library that decodes them gets only bytes that were checked before.
 *
 * @module
 */
export { readParquetTable } from "./read_parquet.ts";
