/**
 * The methods of sparse training, one per file: which connections are pruned, and where new ones grow.
 *
 * @module
 */
export * from "./disjoint_tse.ts";
export {
  compareWithPredecessor,
  type DistanceOptions,
  distanceTopology,
  drawCandidate,
  type PredecessorComparison,
  type RegrowthCandidate,
} from "./distance_tse.ts";
export * from "./edst.ts";
export * from "./methods.ts";
export * from "./rigl.ts";
export * from "./set.ts";
export * from "./static.ts";
