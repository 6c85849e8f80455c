/**
 * The libraries that draw figures, each loaded when the first figure is drawn.
 *
 * @module
 */
export { loadResvg } from "./resvg.ts";
export { loadVega } from "./vega.ts";
export { loadVegaLite } from "./vega_lite.ts";
