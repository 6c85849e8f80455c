/**
 * Topology changes: pruning, growth, and rewiring. Only `rewire.ts` changes the topology of a layer.
 *
 * @module
 */
export * from "./budget.ts";
export * from "./change.ts";
export * from "./gradient_placement.ts";
export { hypergeometric } from "./hypergeometric.ts";
export * from "./inactive_neurons.ts";
export { largestScores } from "./largest_scores.ts";
export * from "./link_prediction.ts";
export * from "./placement.ts";
export * from "./prune.ts";
export * from "./prune_together.ts";
export {
  checkGrownWeights,
  moveConnections,
  planRewiring,
  type RewirableLayer,
  rewire,
  type Rewiring,
  setGrown,
  survivorsOf,
} from "./rewire.ts";
export * from "./schedules.ts";
export * from "./scored_placement.ts";
export * from "./strategy.ts";
export { answerOf, callStrategy, initialConnections, StrategyError } from "./strategy_call.ts";
export { checkStrategy, strategyFault } from "./strategy_check.ts";
export * from "./strength_placement.ts";
export * from "./synaptic_flow.ts";
