/**
 * Jupyter notebooks on the Deno kernel: read, executed, compared.
 *
 * @module
 */
export { executeNotebook, readNotebook } from "./notebook.ts";
