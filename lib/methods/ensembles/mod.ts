/**
 * Ensembles from one training run: the paper's three, and the EDST that they build on.
 *
 * @module
 */
export * from "./disjoint_tse.ts";
export {
  compareWithPredecessor,
  DIST_TSE,
  type DistanceOptions,
  type DistanceSettings,
  distanceTopology,
  drawCandidate,
  type PredecessorComparison,
  type RegrowthCandidate,
} from "./distance_tse.ts";
export * from "./edst.ts";
export * from "./fd_tse.ts";
export * from "./rd_tse.ts";
