/**
 * A strategy at work on the network in training: the view it gets, the moments, the changes it asks for.
 *
 * @module
 */
export { beginStrategy, changeLayers, type TopologyEvents, updatesOf } from "./layer_changes.ts";
export type { BatchPlace } from "./missing_gradients.ts";
export { exploredShare } from "./tried_positions.ts";
export { momentOf, rateOfBatch, updatesAfterEpoch, updatesAfterStep } from "./moment.ts";
