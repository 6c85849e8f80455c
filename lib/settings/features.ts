import { type Scaling, SCALINGS } from "../data/preprocessing/mod.ts";
import { choice, integer, number, positive, type SettingTable } from "../setting.ts";

/** The settings of features: their scaling and their embedding. */
export interface FeatureSettings {
  /** The scaling of features. */
  readonly scaling: Scaling;
  /** The embedding of features: `periodic` replaces each feature by learned sines of it. */
  readonly embedding: "none" | "periodic";
  /** Sine units per feature, in addition to one of low frequency. */
  readonly frequencies: number;
  /** The geometric mean of the sines' initial frequencies, in periods per unit of the scaled feature. */
  readonly frequency: number;
  /** The factor by which the sines' frequencies reach above and below their mean. */
  readonly frequencySpread: number;
}

export const FEATURES: SettingTable<FeatureSettings> = {
  scaling: choice(
    "The scaling of features",
    SCALINGS,
    "min-max",
  ),
  embedding: choice(
    "The embedding of features: `periodic` replaces each feature by learned sines of it",
    [
      "none",
      "periodic",
    ],
  ),
  frequencies: integer(
    "Sine units per feature, in addition to one of low frequency",
    16,
    1,
    10_000,
  ),
  frequency: positive(
    "The geometric mean of the sines' initial frequencies, in periods per unit of the scaled feature",
    0.2,
    1e6,
  ),
  frequencySpread: number(
    "The factor by which the sines' frequencies reach above and below their mean",
    10,
    1,
    1e6,
  ),
};
