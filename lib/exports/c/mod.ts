/**
 * Models in C: one self-contained C99 file and its header.
 *
 * @module
 */
export { exportC, type ExportCOptions } from "./export_c.ts";
