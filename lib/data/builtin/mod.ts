/**
 * The data set that travels with the library.
 *
 * @module
 */
export { BUILTIN_DATASETS, type BuiltinDataset, builtinDatasetPath } from "./builtin.ts";
