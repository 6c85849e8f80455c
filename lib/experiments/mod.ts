/**
 * Experiments: one run, many runs, their results, comparisons, and the paper's tables and figures.
 *
 * @module
 */
export * from "./comparison/mod.ts";
export * from "./paper/mod.ts";
export * from "./results/mod.ts";
export * from "./run/mod.ts";
export * from "./sweep/mod.ts";
