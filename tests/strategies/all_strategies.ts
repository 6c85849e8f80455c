/**
 * Methods that change the topology, and what is known of their numbers of connections.
 *
 * @module
 */
import type { TopologyStrategy } from "../../mod.ts";
import {
  gradualPruning,
  granetTopology,
  lotteryTickets,
} from "../../lib/methods/dense_to_sparse/mod.ts";
import {
  chtsTopology,
  chtTopology,
  deepRTopology,
  dsrTopology,
  guidedTopology,
  importancePruning,
  mestTopology,
  setItopTopology,
  snfsTopology,
  sriglTopology,
} from "../../lib/methods/sparse_to_sparse/mod.ts";
import { cosineSchedule, linearSchedule } from "../../lib/topology/schedules.ts";
import { rigl } from "./methods/rigl.ts";
import { set } from "./methods/set.ts";

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
  readonly budget: "of every layer" | "of all layers" | "at most of every layer" | "falling";
  /** The number of connections after an update; at the end of the training, where it only falls. */
  readonly wanted: (budget: Budget, progress: number) => number;
  /** `true`: it ends its updates before the training ends. */
  readonly stops?: boolean;
  /** The density at first. Left out: that of the settings. */
  readonly density?: number;
}

const fixed = ({ first }: Budget) => first;
/** From the first number to that of the settings, along a cubic that ends at three quarters. */
const shrinking = ({ first, asked }: Budget, progress: number) =>
  asked + (first - asked) * Math.max(0, 1 - progress / 0.75) ** 3;

/** A strategy with an update every seven steps. */
const inSevens = (topology: TopologyStrategy, course = cosineSchedule): TopologyStrategy => ({
  ...topology,
  when: { every: 7, unit: "steps", until: 0.75, pruneRate: course({ from: 0.3, until: 0.75 }) },
});

export const STRATEGIES: readonly KnownStrategy[] = [
  { strategy: () => rigl({ every: 7 }), budget: "of every layer", wanted: fixed },
  { strategy: () => set(), budget: "of every layer", wanted: fixed },
  {
    strategy: () => inSevens(mestTopology(), linearSchedule),
    budget: "of every layer",
    wanted: fixed,
  },
  { strategy: () => snfsTopology(), budget: "of all layers", wanted: fixed },
  { strategy: () => deepRTopology(), budget: "of every layer", wanted: fixed },
  {
    strategy: () => inSevens(dsrTopology({ pruneThreshold: 0.05 })),
    budget: "of all layers",
    wanted: fixed,
  },
  {
    strategy: () => inSevens(sriglTopology()),
    budget: "at most of every layer",
    wanted: ({ asked }) => asked,
  },
  { strategy: () => inSevens(chtTopology()), budget: "of every layer", wanted: fixed, stops: true },
  { strategy: () => inSevens(chtsTopology()), budget: "of every layer", wanted: fixed },
  { strategy: () => inSevens(setItopTopology()), budget: "of every layer", wanted: fixed },
  { strategy: () => inSevens(guidedTopology()), budget: "of every layer", wanted: fixed },
  {
    strategy: () => granetTopology({ every: 7, until: 0.75 }),
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
  {
    strategy: () => lotteryTickets(),
    budget: "falling",
    wanted: ({ asked }) => asked,
    stops: true,
    density: 1,
  },
  { strategy: () => importancePruning(), budget: "falling", wanted: fixed, stops: true },
];
