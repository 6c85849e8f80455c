/**
 * The readers of tables, measured against the size of what they read.
 *
 * @module
 */
export * from "./reader_costs.ts";
