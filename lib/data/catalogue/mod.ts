/**
 * The paper's data sets: their publishers, fetching them, and checking them.
 *
 * @module
 */
export { balanceClasses, balancedRows } from "./balance.ts";
export { CATALOGUE, catalogueDataset } from "./catalogue.ts";
export type {
  CatalogueDataset,
  CatalogueFile,
  DataDownload,
  DataSource,
} from "./catalogue_entry.ts";
export { datasetCsv } from "./csv_text.ts";
export { DATA_CACHE, dataFilePath, dataFolder } from "./data_folder.ts";
export type { DownloadEvent } from "./download.ts";
export {
  fetchDataset,
  type FetchedDataset,
  type FetchEvent,
  type FetchOptions,
} from "./fetch_dataset.ts";
export { type VerifiedFile, verifyDataset, type VerifyOptions } from "./verify_dataset.ts";
