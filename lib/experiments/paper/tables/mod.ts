/**
 * The paper's tables, a file each.
 *
 * @module
 */
export { table1 } from "./table1.ts";
export { table2 } from "./table2.ts";
export { table3 } from "./table3.ts";
export { table4 } from "./table4.ts";
export { table5 } from "./table5.ts";
