/**
 * The paper's data sets: their publishers, fetching them, and checking them.
 *
 * @module
 */
export * from "./balance.ts";
export * from "./catalogue.ts";
export * from "./catalogue_entry.ts";
export { datasetCsv } from "./csv_text.ts";
export * from "./data_folder.ts";
export type { DownloadEvent } from "./download.ts";
export {
  fetchDataset,
  type FetchedDataset,
  type FetchEvent,
  type FetchOptions,
} from "./fetch_dataset.ts";
export { type VerifiedFile, verifyDataset, type VerifyOptions } from "./verify_dataset.ts";
