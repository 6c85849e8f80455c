/**
 * The paper's experiments: the published numbers, the runs, and the reports from their records.
 *
 * @module
 */
export { EXPERIMENTS, FURTHER_EXPERIMENTS } from "./experiment.ts";
export * from "./paper_flops.ts";
export { TABLE4 } from "./published.ts";
export { reportData, reproduce, type Reproduction } from "./reproduce.ts";
