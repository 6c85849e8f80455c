/**
 * The methods that are written with `mod.ts` alone, and what is known of their numbers of connections.
 *
 * @module
 */
import type { TopologyStrategy } from "../../mod.ts";
import { deepR } from "./methods/deep_r.ts";
import { gradualPruning } from "./methods/gradual_pruning.ts";
import { granet } from "./methods/granet.ts";
import { guidedExploration } from "./methods/guided_exploration.ts";
import { mest } from "./methods/mest.ts";
import { rigl } from "./methods/rigl.ts";
import { set } from "./methods/set.ts";
import { snfs } from "./methods/snfs.ts";

/** A layer's number of connections at first, and the number that the settings ask for. */
export interface Budget {
  /** At first. */
  readonly first: number;
  /** By the settings. */
  readonly asked: number;
}

/** A method and what is known of it. */
export interface KnownStrategy {
  /** Makes the strategy. */
  readonly strategy: () => TopologyStrategy;
  /** What the budget is kept of. */
  readonly budget: "of every layer" | "of all layers";
  /** The number of connections after an update. */
  readonly wanted: (budget: Budget, progress: number) => number;
  /** The density at first. Left out: that of the settings. */
  readonly density?: number;
}

const fixed = ({ first }: Budget) => first;
/** From the first number to that of the settings, along a cubic that ends at three quarters. */
const shrinking = ({ first, asked }: Budget, progress: number) =>
  asked + (first - asked) * Math.max(0, 1 - progress / 0.75) ** 3;

export const STRATEGIES: readonly KnownStrategy[] = [
  { strategy: () => rigl({ every: 7 }), budget: "of every layer", wanted: fixed },
  { strategy: () => set(), budget: "of every layer", wanted: fixed },
  { strategy: () => mest({ every: 7 }), budget: "of every layer", wanted: fixed },
  { strategy: () => snfs(), budget: "of all layers", wanted: fixed },
  { strategy: () => deepR(), budget: "of every layer", wanted: fixed },
  { strategy: () => guidedExploration({ every: 7 }), budget: "of every layer", wanted: fixed },
  {
    strategy: () => granet({ every: 7 }),
    budget: "of all layers",
    wanted: shrinking,
    density: 0.5,
  },
  {
    strategy: () => gradualPruning({ every: 7 }),
    budget: "of every layer",
    wanted: shrinking,
    density: 1,
  },
];
