/**
 * The paper's tables, a file each.
 *
 * @module
 */
export * from "./table1.ts";
export * from "./table2.ts";
export * from "./table3.ts";
export * from "./table4.ts";
export * from "./table5.ts";
