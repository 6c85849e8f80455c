/**
 * Feature selection: the columns of a table that are worth keeping.
 *
 * @module
 */
export * from "./attention.ts";
export * from "./select_features.ts";
