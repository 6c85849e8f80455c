/**
 * Tables: what a data set is, the formats it is read from, its preprocessing, the paper's data.
 *
 * @module
 */
export { BUILTIN_DATASETS, type BuiltinDataset, builtinDatasetPath } from "./builtin/mod.ts";
export {
  balanceClasses,
  balancedRows,
  CATALOGUE,
  type CatalogueDataset,
  catalogueDataset,
  type CatalogueFile,
  DATA_CACHE,
  type DataDownload,
  dataFolder,
  datasetCsv,
  type DataSource,
  type DownloadEvent,
  fetchDataset,
  type FetchedDataset,
  type FetchEvent,
  type FetchOptions,
  type VerifiedFile,
  verifyDataset,
  type VerifyOptions,
} from "./catalogue/mod.ts";
export {
  type ReadCellsOptions,
  readDataset,
  type ReadDatasetOptions,
  type ReadDatasetResult,
  readFeatures,
  type ReadFeaturesOptions,
  type ReadFeaturesResult,
  readHeader,
  type TableSource,
  type UnknownClass,
} from "./formats/mod.ts";
export {
  applyScaling,
  type CoarseColumn,
  coarseColumns,
  type ColumnNotation,
  type ColumnSummary,
  droppedColumns,
  fitPreprocessing,
  fitScaling,
  type FittedScaling,
  inputCount,
  type OneHotColumn,
  preprocess,
  type Preprocessing,
  type PreprocessingOptions,
  rawColumns,
  type Scaling,
  SCALINGS,
  summarizeColumns,
  type TargetScaling,
  type UnusualValues,
  unusualValues,
  validatePreprocessing,
  validateScaling,
} from "./preprocessing/mod.ts";
export {
  type ArraysOfDataset,
  type Dataset,
  datasetFromArrays,
  type Notation,
  type ReadProgress,
  selectRows,
  type Split,
  splitDataset,
} from "./table/mod.ts";
