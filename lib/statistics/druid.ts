/** The parts of the package that are used. Its own types check nothing. */
interface Druid {
  readonly TSNE: new (
    distances: readonly Float64Array[],
    parameters: { metric: "precomputed"; perplexity: number; epsilon: number; seed: number },
  ) => { transform(iterations: number): ArrayLike<number>[] };
  setWasmEnabled(enabled: boolean): void;
}

/** A variable, not a literal: Deno would fetch the package for every importer of the library. */
const DRUID: string = "npm:@saehrimnir/druidjs@0.9.0";

/** Loads the dimensionality reductions of druid. */
export function loadDruid(): Promise<Druid> {
  return import(DRUID);
}
