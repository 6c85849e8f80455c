import { methodOf } from "../methods/mod.ts";
import { density, epsilonForDensity, layerDensities } from "../sparse/mod.ts";
import type { Settings } from "./setting_table.ts";

/** The size of a layer for its density: output neurons × input neurons. */
export type LayerShape = { readonly rows: number; readonly columns: number };

/** The density that the settings ask for in a layer of a network. */
export function densityOf(settings: Settings, layers: readonly LayerShape[], l: number): number {
  const first = settings.embedding === "none" ? 0 : 1;
  const sizes = [layers[first].columns, ...layers.slice(first).map(({ rows }) => rows)];
  const epsilon = epsilonOf(settings, sizes);
  if (epsilon === null) return 1;
  const divided = densitiesOf(settings, sizes)?.[l - first];
  return divided ?? density(epsilon, layers[l].rows, layers[l].columns);
}

/** The density of every layer, where the settings divide connections in a way of their own. */
export function densitiesOf(settings: Settings, sizes: readonly number[]): number[] | undefined {
  const { allocation } = settings;
  const epsilon = epsilonOf(settings, sizes);
  if (allocation === undefined || epsilon === null) return undefined;
  return layerDensities(sizes, epsilon, allocation);
}

/** The ε of the settings, computed from their density if they name one; `null` for dense layers. */
export function epsilonOf(settings: Settings, sizes: readonly number[]): number | null {
  if (methodOf(settings).layers === "dense") return null;
  return settings.density === null ? settings.epsilon : epsilonForDensity(sizes, settings.density);
}
