/**
 * The topology strategy of a run: its view of the network, the moments of its updates, and its changes.
 *
 * @module
 */
export { beginStrategy, changeLayers, type TopologyEvents, updatesOf } from "./layer_changes.ts";
export type { BatchPlace } from "./missing_gradients.ts";
export { exploredShare } from "./tried_positions.ts";
export { momentOf, rateOfBatch, updatesAfterEpoch, updatesAfterStep } from "./moment.ts";
