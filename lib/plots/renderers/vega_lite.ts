type VegaLite = typeof import("npm:vega-lite@6.5.0");

/** A variable, not a literal: Deno would fetch the package for every importer of the library. */
const VEGA_LITE: string = "npm:vega-lite@6.5.0";

/** Loads Vega-Lite. */
export function loadVegaLite(): Promise<VegaLite> {
  return import(VEGA_LITE);
}
