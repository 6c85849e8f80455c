/**
 * Models in C: one self-contained C99 file and its header.
 *
 * @module
 */
export { type CProgram, type CWeights, exportC, type ExportCOptions, WEIGHTS } from "./export_c.ts";
