/**
 * Methods whose topology never changes: sparse networks as drawn, and dense ones.
 *
 * @module
 */
export * from "./dense.ts";
export * from "./dense_ensemble.ts";
export * from "./sparse_ensemble.ts";
export * from "./static.ts";
