/**
 * Jupyter notebooks on the Deno kernel: reading, execution, comparison.
 *
 * @module
 */
export { executeNotebook, readNotebook } from "./notebook.ts";
