/**
 * The methods of sparse training, one per file: which connections are pruned, and where new ones grow.
 *
 * @module
 */
export { type DisjointOptions, disjointTopology } from "./disjoint_tse.ts";
export {
  compareWithPredecessor,
  type DistanceOptions,
  distanceTopology,
  drawCandidate,
  type PredecessorComparison,
  type RegrowthCandidate,
} from "./distance_tse.ts";
export { randomGrowthTopology } from "./edst.ts";
export { type Method, methodOf } from "./methods.ts";
export { riglTopology } from "./rigl.ts";
export { setTopology } from "./set.ts";
export { staticTopology } from "./static.ts";
