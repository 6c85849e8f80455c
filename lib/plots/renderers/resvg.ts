type ResvgJs = typeof import("npm:@resvg/resvg-js@2.6.2");

/** A variable, not a literal: Deno would fetch the package for every importer of the library. */
const RESVG: string = "npm:@resvg/resvg-js@2.6.2";

/** Loads resvg. */
export function loadResvg(): Promise<ResvgJs> {
  return import(RESVG);
}
