/**
 * Measures the readers of tables against the size of the tables.
 *
 * @module
 */
export * from "./reader_costs.ts";
