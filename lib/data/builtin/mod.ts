/**
 * The data sets of the library itself: one in a file, others made from a seed.
 *
 * @module
 */
export { BUILTIN_DATASETS, type BuiltinDataset, builtinDatasetPath } from "./builtin.ts";
export { MADE_DATASETS, MADE_TARGET, type MadeDataset, madeDataset } from "./made.ts";
