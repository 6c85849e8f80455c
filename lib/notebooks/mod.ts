/**
 * Jupyter notebooks on the Deno kernel: reading, execution, comparison.
 *
 * @module
 */
export { differencesInKind, executeNotebook, readNotebook } from "./notebook.ts";
