/**
 * Tables: what a data set is, the formats it is read from, its preprocessing, the paper's data.
 *
 * @module
 */
export * from "./builtin/mod.ts";
export * from "./catalogue/mod.ts";
export * from "./formats/mod.ts";
export * from "./preprocessing/mod.ts";
export * from "./table/mod.ts";
