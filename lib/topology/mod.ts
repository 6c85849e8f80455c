/**
 * Topology changes: pruning, growth, and rewiring. Only `rewire` changes the topology of a layer.
 *
 * @module
 */
export { type ChangeReport, type ChangeRequest, changeTopology } from "./change.ts";
export { gradientPlacement, type GradientPlacementOptions } from "./gradient_placement.ts";
export { hypergeometric } from "./hypergeometric.ts";
export { largestScores } from "./largest_scores.ts";
export {
  growRandom,
  growWith,
  placedWeights,
  type Placement,
  RANDOM_PLACEMENT,
} from "./placement.ts";
export { pruneCount, pruneMagnitude, pruneSigned } from "./prune.ts";
export { planRewiring, type RewirableLayer, rewire, type Rewiring, survivorsOf } from "./rewire.ts";
export { type CandidateOptions, type PositionScore, scoredPlacement } from "./scored_placement.ts";
export type {
  GradientAt,
  Grow,
  GrowRequest,
  Growth,
  LayerTopology,
  Prune,
  TopologyChange,
  TopologyStrategy,
} from "./strategy.ts";
export { strengthPlacement } from "./strength_placement.ts";
