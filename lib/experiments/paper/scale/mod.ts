/**
 * Truly sparse networks at a scale that dense ones do not reach.
 *
 * @module
 */
export * from "./million.ts";
