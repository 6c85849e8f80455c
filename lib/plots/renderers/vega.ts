type Vega = typeof import("npm:vega@6.4.0");

/** A variable, not a literal: Deno would fetch the package for every importer of the library. */
const VEGA: string = "npm:vega@6.4.0";

/** Loads Vega. */
export function loadVega(): Promise<Vega> {
  return import(VEGA);
}
