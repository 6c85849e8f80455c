import type { Scaling } from "../data/preprocessing/mod.ts";
import { choice, integer, number, positive, type SettingTable } from "../setting.ts";

/** The settings of features: their scaling and their embedding. */
export interface FeatureSettings {
  /** The scaling of features. */
  readonly scaling: Scaling;
  /** The embedding of features: `periodic` gives learned sines of each. */
  readonly embedding: "none" | "periodic";
  /** Sine units per feature, beside a slow one. */
  readonly frequencies: number;
  /** The middle of their frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** The factor by which they reach above and below the middle. */
  readonly frequencySpread: number;
}

export const FEATURES: SettingTable<FeatureSettings> = {
  scaling: choice(
    "The scaling of features",
    ["none", "min-max", "standard", "quantile"],
    "min-max",
  ),
  embedding: choice(
    "The embedding of features: `periodic` gives learned sines of each",
    [
      "none",
      "periodic",
    ],
  ),
  frequencies: integer("Sine units per feature, beside a slow one", 16, 1, 10_000),
  frequency: positive(
    "The middle of their frequencies, in periods per unit of the scaled feature",
    0.2,
    1e6,
  ),
  frequencySpread: number("The factor by which they reach above and below the middle", 10, 1, 1e6),
};
