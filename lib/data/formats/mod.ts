/**
 * The formats that tables are read from, a file each: CSV, ARFF, arrays, Parquet.
 *
 * @module
 */
export { readCsvColumn, readCsvDataset, readCsvHead, readCsvHeader } from "./csv_dataset.ts";
export { npyFile, readNpyHeader, readNpyLabels, readNpyNumbers } from "./arrays/mod.ts";
export {
  cellPlace,
  readDataset,
  readFeatures,
  type ReadFeaturesOptions,
  type ReadFeaturesResult,
  readHeader,
  readTexts,
  readUnlabelled,
  type ReadUnlabelledOptions,
  type TableSource,
  type WeightsOption,
} from "./read_dataset.ts";
export { readElsewhere } from "./read_elsewhere.ts";
export type {
  ReadCellsOptions,
  ReadDatasetOptions,
  ReadDatasetResult,
  UnknownClass,
} from "../table/mod.ts";
export { zipContent, zipEntries } from "./zip.ts";
