/**
 * Compares recipes of this library with the methods of other libraries on the same rows.
 *
 * @module
 */
export * from "./comparison.ts";
export { type Difference, differencesOverSeeds, differencesTo } from "./comparison_differences.ts";
export { comparisonReportPath, writeComparisonReport } from "./comparison_files.ts";
export { readComparison, type StoredComparison } from "./comparison_folder.ts";
export type {
  ComparedData,
  ComparisonDescription,
  DescribedContender,
} from "./comparison_introduction.ts";
export { type ComparisonMeasure, scoreText } from "./comparison_measure.ts";
export { mergeComparisons, storeComparison, withoutDatasets } from "./comparison_merge.ts";
export { referenceOf } from "./comparison_report.ts";
export * from "./comparison_run.ts";
export * from "./comparison_summary.ts";
export * from "./comparison_workers.ts";
export { type Peer, type PeerLibrary, PEERS } from "./peer_table.ts";
export type { PeerTuning } from "./peers.ts";
export { startPython } from "./python_process.ts";
