/**
 * Models in JavaScript: one ES module that predicts in any engine.
 *
 * @module
 */
export { exportJavaScript, type ExportJavaScriptOptions } from "./export_javascript.ts";
