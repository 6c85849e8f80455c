/**
 * The paper's figures, a file each.
 *
 * @module
 */
export * from "./fig2.ts";
export * from "./fig3.ts";
export * from "./fig4.ts";
