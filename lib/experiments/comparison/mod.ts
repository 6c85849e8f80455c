/**
 * Recipes of this library and tree ensembles on the very same rows.
 *
 * @module
 */
export * from "./comparison.ts";
export { type Difference, differencesTo } from "./comparison_differences.ts";
export type { StoredComparison } from "./comparison_folder.ts";
export type {
  ComparedData,
  ComparisonDescription,
  DescribedContender,
} from "./comparison_introduction.ts";
export { type ComparisonMeasure, scoreText } from "./comparison_measure.ts";
export * from "./comparison_run.ts";
export * from "./comparison_summary.ts";
export { startPython } from "./python_process.ts";
