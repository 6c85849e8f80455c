/**
 * The methods of sparse training, one per file: which connections are pruned, and where new ones grow.
 *
 * @module
 */
export { type Setting, type SettingTable } from "../setting.ts";
export * from "./dense.ts";
export * from "./dense_ensemble.ts";
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
export { type GrowthSettings, type StepSettings } from "./growth.ts";
export * from "./method.ts";
export * from "./methods.ts";
export * from "./rd_tse.ts";
export * from "./rigl.ts";
export * from "./set.ts";
export * from "./sparse_ensemble.ts";
export * from "./static.ts";
