import type { TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/**
 * Snapshots: one network is trained along a cosine that begins anew for every member, and is stored
 * wherever the learning rate has reached 0. The topology stays as drawn.
 *
 * @example Usage
 * ```ts
 * import { snapshotTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(snapshotTopology().update, undefined);
 * ```
 */
export function snapshotTopology(): TopologyStrategy {
  // Between two members nothing changes but the learning rate.
  return { name: "snapshots", reinitialize: () => [] };
}

/**
 * Snapshot ensembles: T / M epochs a member, each with a rate of η/2 × (cos(π t / (T / M)) + 1). The
 * momentum goes on at a restart. The publication's networks are dense convolutional ones; here the layers
 * are sparse and members differ in their weights alone, so that the distance between their topologies is
 * 0. Its η is 0.1 to 0.2, its M is 5 or 6: the recipes' own stay.
 */
export const SNAPSHOTS: Method<"snapshots"> = {
  name: "snapshots",
  title: "Snapshots",
  family: "ensembles",
  source: 'G. Huang et al., "Snapshot ensembles: train 1, get M for free", ICLR 2017, ' +
    "https://arxiv.org/abs/1704.00109",
  says: "never; one network is stored wherever its cyclic learning rate has reached 0",
  costs: "nothing",
  layers: "sparse",
  members: "sequential",
  settings: {},
  paper: {},
  only: {
    explore: [0],
    refinement: ["plain"],
    learningRateCurve: ["cosine"],
    memberSelection: ["last"],
  },
  ignores: ["interval", "pruneRate", "reinitializeRate"],
  strategy: snapshotTopology,
};
