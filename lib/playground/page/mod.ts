/**
 * The playground's page: its markup, its style, and the script that fills it.
 *
 * @module
 */
export { PAGE_MARKUP } from "./markup.ts";
export { PAGE_STYLE } from "./style.ts";
