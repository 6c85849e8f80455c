/**
 * Recipes of this library and tree ensembles on the very same rows.
 *
 * @module
 */
export {
  compareOn,
  type ComparisonOptions,
  type ComparisonScore,
  type Contender,
} from "./comparison.ts";
export type { StoredComparison } from "./comparison_folder.ts";
export type { ComparedData, ComparisonDescription } from "./comparison_introduction.ts";
export { type ComparisonMeasure, scoreText } from "./comparison_measure.ts";
export {
  type ComparedColumns,
  type ComparedTable,
  comparedTable,
  comparisonReportPath,
  type ComparisonRunOptions,
  runComparison,
  writeComparisonReport,
} from "./comparison_run.ts";
export {
  type ComparisonSummary,
  type DatasetScore,
  type OverallScore,
  summarizeComparison,
} from "./comparison_summary.ts";
export { startPython } from "./python_process.ts";
