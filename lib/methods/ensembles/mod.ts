/**
 * Methods that make an ensemble: the paper's three, EDST, which they build on, and others.
 *
 * @module
 */
export * from "./bagging.ts";
export * from "./boosting.ts";
export * from "./born_again.ts";
export * from "./disjoint_tse.ts";
export * from "./distance_tse.ts";
export type { DistanceOptions } from "./distant_growth.ts";
export * from "./dst_ensemble.ts";
export * from "./edst.ts";
export * from "./fd_tse.ts";
export * from "./lottery_tickets.ts";
export * from "./negative_correlation.ts";
export * from "./prune_and_tune.ts";
export * from "./random_subspaces.ts";
export * from "./rd_tse.ts";
export {
  compareWithPredecessor,
  drawCandidate,
  type PredecessorComparison,
  type RegrowthCandidate,
} from "./regrowth_candidates.ts";
export * from "./snapshots.ts";
