/**
 * Models in JavaScript: one ES module that predicts, wherever JavaScript runs.
 *
 * @module
 */
export { exportJavaScript, type ExportJavaScriptOptions } from "./export_javascript.ts";
