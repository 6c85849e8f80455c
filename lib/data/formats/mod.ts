/**
 * The formats of tables, one file each: CSV, ARFF, arrays, Parquet.
 *
 * @module
 */
export { readCsvColumn, readCsvDataset, readCsvHead, readCsvHeader } from "./csv_dataset.ts";
export { npyFile, readNpyHeader, readNpyLabels, readNpyNumbers } from "./arrays/mod.ts";
export { cellPlace, readTexts, takeTexts } from "./column_texts.ts";
export { drawDataset, type KnownColumns, passDataset, passFeatures } from "./passing_blocks.ts";
export type { BlockTaker, PassingFeatures } from "./passing_texts.ts";
export {
  readDataset,
  readFeatures,
  type ReadFeaturesOptions,
  type ReadFeaturesResult,
  readHeader,
  readUnlabelled,
  type ReadUnlabelledOptions,
} from "./read_dataset.ts";
export type { WeightsOption } from "./row_weights.ts";
export type { TableSource } from "./table_reader.ts";
export { readElsewhere } from "./read_elsewhere.ts";
export type {
  ReadCellsOptions,
  ReadDatasetOptions,
  ReadDatasetResult,
  UnknownClass,
} from "../table/mod.ts";
export { zipContent, zipEntries } from "./zip/mod.ts";
