import { methodOf } from "../methods/mod.ts";
import { density, epsilonForDensity, layerDensities } from "../sparse/mod.ts";
import type { Settings } from "./setting_table.ts";

/** The size of a layer for its density: output neurons × input neurons. */
export type LayerShape = { readonly rows: number; readonly columns: number };

/** Computes the density that the settings ask for in layer `l`. */
export function densityOf(settings: Settings, layers: readonly LayerShape[], l: number): number {
  const first = settings.embedding === "none" ? 0 : 1;
  const sizes = [layers[first].columns, ...layers.slice(first).map(({ rows }) => rows)];
  const epsilon = epsilonOf(settings, sizes);
  if (epsilon === null) return 1;
  const divided = densitiesOf(settings, sizes)?.[l - first];
  return divided ?? density(epsilon, layers[l].rows, layers[l].columns);
}

/** Computes the density of every layer, if the settings name an allocation; else `undefined`. */
export function densitiesOf(settings: Settings, sizes: readonly number[]): number[] | undefined {
  const { allocation } = settings;
  const epsilon = epsilonOf(settings, sizes);
  if (allocation === undefined || epsilon === null) return undefined;
  return layerDensities(sizes, epsilon, allocation);
}

/** Returns the ε of the settings; if they name a density, the ε that gives it; `null` for dense layers. */
export function epsilonOf(settings: Settings, sizes: readonly number[]): number | null {
  if (methodOf(settings).layers === "dense") return null;
  return settings.density === null ? settings.epsilon : epsilonForDensity(sizes, settings.density);
}
