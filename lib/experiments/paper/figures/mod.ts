/**
 * The paper's figures, a file each.
 *
 * @module
 */
export { fig2 } from "./fig2.ts";
export { fig3 } from "./fig3.ts";
export { fig4 } from "./fig4.ts";
