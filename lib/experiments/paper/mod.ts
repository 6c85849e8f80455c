/**
 * The paper's experiments: what it published, what is run for it, and what is made of the records.
 *
 * @module
 */
export { EXPERIMENTS, FURTHER_EXPERIMENTS } from "./experiment.ts";
export * from "./paper_flops.ts";
export { TABLE4 } from "./published.ts";
export { reportData, reproduce, type Reproduction } from "./reproduce.ts";
