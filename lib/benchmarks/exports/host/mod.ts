/**
 * Speeds of predictors on the machine that measures.
 *
 * @module
 */
export * from "./host_speeds.ts";
