import { choice, number, orNull, type SettingTable } from "../setting.ts";
import {
  gradientPlacement,
  type Grow,
  growWith,
  type Placement,
  RANDOM_PLACEMENT,
  strengthPlacement,
} from "../topology/mod.ts";

/** The settings of methods that let their connections grow by one rule or another. */
export interface GrowthSettings {
  /** The places of new connections: anywhere, where the gradient is largest, or from strong neurons. */
  readonly growth: "random" | "gradient" | "strength";
  /** Positions that are scored per connection to grow; `null` for all that are free. */
  readonly growthCandidates: number | null;
}

/** The settings of methods that let their connections grow by one rule or another. */
export const GROWTH: SettingTable<GrowthSettings> = {
  growth: choice(
    "The places of new connections: anywhere, where the gradient is largest, or from strong neurons",
    ["random", "gradient", "strength"],
  ),
  growthCandidates: orNull(
    number(
      "Positions that are scored per connection to grow; `null` for all that are free",
      5,
      1,
      1e9,
    ),
  ),
};

/** The placement of new connections that the settings name. */
export function placementOf({ growth, growthCandidates: candidates }: GrowthSettings): Placement {
  switch (growth) {
    case "random":
      return RANDOM_PLACEMENT;
    case "gradient":
      return gradientPlacement({ candidates });
    case "strength":
      return strengthPlacement({ candidates });
  }
}

/** Growth by the placement that the settings name. */
export function growthOf(settings: GrowthSettings): Grow {
  return growWith(placementOf(settings));
}
