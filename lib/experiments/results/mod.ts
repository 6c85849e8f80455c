/**
 * Finished runs: groups, tables, tests, HTML reports.
 *
 * @module
 */
export { reportOfFolder, type ReportOptions } from "./report.ts";
export { filterResults, groupResults, type ResultGroup, varyingKeys } from "./result_groups.ts";
export { type ResultValue, resultValue, settingValue } from "./result_values.ts";
export { readResults, type Result } from "./results.ts";
export {
  compareResults,
  type PairedDifferences,
  type ResultComparison,
  type ResultComparisonOptions,
} from "./results_comparison.ts";
export {
  comparisonRows,
  csvText,
  parquetBytes,
  type PlainRows,
  runRows,
  tableRows,
} from "./results_export.ts";
export {
  distinctResults,
  RESULT_COLUMNS,
  type ResultSpread,
  type ResultsTable,
  type TableOptions,
  tabulateResults,
} from "./results_table.ts";
export { countOf, datasetTitle } from "./run_labels.ts";
