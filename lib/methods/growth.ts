import { choice, integer, number, optional, orNull, type SettingTable } from "../setting.ts";
import {
  cosineSchedule,
  gradientPlacement,
  type Grow,
  growWith,
  type Placement,
  RANDOM_PLACEMENT,
  type ScheduleOptions,
  strengthPlacement,
  type TopologyStrategy,
} from "../topology/mod.ts";
import type { UpdateSettings } from "./method.ts";

/** The settings of methods that let their connections grow by one rule or another. */
export interface GrowthSettings {
  /** The places of new connections: anywhere, where the gradient is largest, or from strong neurons. */
  readonly growth: "random" | "gradient" | "sampled-gradient" | "strength";
  // Growth "gradient" with a number also samples positions. It is the older name of "sampled-gradient".
  /** Positions scored per connection to grow by sampled gradient or strength; `null` for all. */
  readonly growthCandidates: number | null;
}

/** The settings of methods that let their connections grow by one rule or another. */
export const GROWTH: SettingTable<GrowthSettings> = {
  growth: choice(
    "The places of new connections: anywhere, where the gradient is largest, or from strong neurons",
    ["random", "gradient", "sampled-gradient", "strength"],
  ),
  growthCandidates: orNull(
    number(
      "Positions scored per connection to grow by sampled gradient or strength; `null` for all",
      5,
      1,
      1e9,
    ),
  ),
};

/** The settings of methods whose topology can be updated every so many steps. */
export interface StepSettings {
  // With updates in steps, the pruning rate falls from `pruneRate` to 0 at `evolveUntil`. With EDST and DSR
  // it is constant, and with MEST it is halved.
  /** ΔT: steps between topology updates, in place of e. */
  readonly updateSteps?: number | undefined;
}

/** The settings of methods whose topology can be updated every so many steps. */
export const STEPS: SettingTable<StepSettings> = {
  updateSteps: optional(
    integer("ΔT: steps between topology updates, in place of e", 100, 1, 10_000_000),
  ),
};

/**
 * Makes a strategy update every `updateSteps` steps, if the settings have that number.
 *
 * @param course The course of the pruning rate. Left out: a cosine.
 */
export function inSteps<Strategy extends TopologyStrategy>(
  topology: Strategy,
  { updateSteps, pruneRate = 0, evolveUntil: until = 1 }: StepSettings & Partial<UpdateSettings>,
  course: (options: ScheduleOptions) => (progress: number) => number = cosineSchedule,
): Strategy {
  if (updateSteps === undefined) return topology;
  const rate = course({ from: pruneRate, until });
  return { ...topology, when: { every: updateSteps, unit: "steps", until, pruneRate: rate } };
}

/** The placement of new connections that the settings name. */
export function placementOf({ growth, growthCandidates: candidates }: GrowthSettings): Placement {
  switch (growth) {
    case "random":
      return RANDOM_PLACEMENT;
    case "gradient":
    case "sampled-gradient":
      return gradientPlacement({ candidates });
    case "strength":
      return strengthPlacement({ candidates });
  }
}

/** Growth by the placement that the settings name. */
export function growthOf(settings: GrowthSettings): Grow {
  return growWith(placementOf(settings));
}
