/**
 * Finished runs: groups, tables, tests, HTML reports.
 *
 * @module
 */
export * from "./assessment_tables.ts";
export * from "./importance_report.ts";
export * from "./report.ts";
export * from "./result_groups.ts";
export { type ResultValue, resultValue, settingValue } from "./result_values.ts";
export * from "./results.ts";
export * from "./results_comparison.ts";
export * from "./results_export.ts";
export {
  distinctResults,
  resultColumns,
  type ResultSpread,
  type ResultsTable,
  type TableOptions,
  tabulateResults,
} from "./results_table.ts";
export {
  countOf,
  datasetTitle,
  methodTitle,
  percentOf,
  strategyName,
  strategyTitle,
} from "./run_labels.ts";
export { nameOfRun, type RunName, runNames } from "./run_names.ts";
export { candidateText, trialTable } from "./trial_table.ts";
