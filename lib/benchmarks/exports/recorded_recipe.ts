import type { Settings } from "../../settings/mod.ts";

/** The recipe of the models in the record: the modern one before its quantiles ended at ±3. */
export const RECORDED_RECIPE = {
  recipe: "modern",
  scaling: "quantile",
  seed: 1,
} as const satisfies Partial<Settings>;
