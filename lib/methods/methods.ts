import type { Settings } from "../settings/mod.ts";
import {
  cosineSchedule,
  gradientPlacement,
  growWith,
  type LayerwiseStrategy,
  type Placement,
  RANDOM_PLACEMENT,
  strengthPlacement,
} from "../topology/mod.ts";
import { disjointTopology } from "./disjoint_tse.ts";
import { distanceTopology } from "./distance_tse.ts";
import { randomGrowthTopology } from "./edst.ts";
import { riglTopology } from "./rigl.ts";
import { setTopology } from "./set.ts";
import { staticTopology } from "./static.ts";

/** A method: its topology strategy, its kind of layers, and the origin of its members. */
export interface Method {
  /** The topology strategy. */
  readonly topology: LayerwiseStrategy;
  /** The kind of layers. */
  readonly layers: "sparse" | "dense";
  /**
   * `sequential`: one training run yields all members in turn (the EDST protocol of Liu et al., 2022).
   * `independent`: every member begins with a fresh network.
   */
  readonly members: "sequential" | "independent";
}

/** The method that the settings name. */
export function methodOf(settings: Settings): Method {
  const { lambda, distanceSamples: samples, densityLimit } = settings;
  const { growth, growthCandidates: candidates } = settings;
  const placement = placementOf(settings);
  const grow = growWith(placement);
  switch (settings.method) {
    case "fd":
      return sequential(disjointTopology({ fully: true, densityLimit, placement }));
    case "rd":
      return sequential(disjointTopology({ fully: false, densityLimit, placement }));
    case "dist":
      return sequential(distanceTopology({ lambda, samples, grow }));
    case "edst":
      if (growth === "random" || growth === "strength") {
        return sequential(randomGrowthTopology(grow));
      }
      return sequential({ ...riglTopology({ candidates }), name: "EDST" });
    case "rigl":
      return independent(timed(riglTopology({ candidates }), settings));
    case "set":
      return independent(timed(setTopology(grow), settings));
    case "static":
    case "sparse-ensemble":
      return independent(staticTopology());
    case "dense":
    case "dense-ensemble":
      return { topology: staticTopology(), layers: "dense", members: "independent" };
  }
}

function placementOf({ growth, growthCandidates: candidates }: Settings): Placement {
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

/** A strategy with updates every so many steps, if the settings ask for them. */
function timed(
  topology: LayerwiseStrategy,
  { updateSteps, pruneRate, evolveUntil: until }: Settings,
): LayerwiseStrategy {
  if (updateSteps === undefined) return topology;
  const rate = cosineSchedule({ from: pruneRate, until });
  return { ...topology, when: { every: updateSteps, unit: "steps", until, pruneRate: rate } };
}

function sequential(topology: LayerwiseStrategy): Method {
  return { topology, layers: "sparse", members: "sequential" };
}

function independent(topology: LayerwiseStrategy): Method {
  return { topology, layers: "sparse", members: "independent" };
}
