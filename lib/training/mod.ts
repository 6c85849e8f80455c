/**
 * Training one network: batches, learning rates, the schedule of an ensemble, evaluation.
 *
 * @module
 */
export * from "./batches.ts";
export * from "./corruption.ts";
export * from "./evaluate.ts";
export * from "./learning_rate.ts";
export * from "./rows.ts";
export * from "./schedule.ts";
export * from "./shares.ts";
