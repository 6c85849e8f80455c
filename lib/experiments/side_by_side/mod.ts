/**
 * The methods of sparse training side by side, at equal weights: a benchmark's runs, and its report.
 *
 * @module
 */
export { type MethodRun, methodRunOf } from "./method_run.ts";
export { addMethodRuns, distinctRuns, readMethodRuns, unrecordedConfigs } from "./method_runs.ts";
export { type MethodReport, methodReport, type MethodReportOptions } from "./method_report.ts";
export { methodReportPath, writeMethodReport } from "./method_report_files.ts";
