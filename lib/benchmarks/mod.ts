/**
 * Benchmarks of kernels, training, inference and topology changes, compared with other libraries.
 *
 * @module
 */
export * from "./growth_figure.ts";
export { parseSections, runSection, SECTIONS } from "./sections.ts";
export * from "./measuring/mod.ts";
export * from "./peers/mod.ts";
