/**
 * Models in C: one self-contained C99 file and its header.
 *
 * @module
 */
export { type CProgram, exportC, type ExportCOptions } from "./export_c.ts";
export { fitC, type FittedC } from "./fit_c.ts";
export { type CWeights, WEIGHTS } from "./weights.ts";
