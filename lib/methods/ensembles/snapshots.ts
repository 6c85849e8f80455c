import type { TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/**
 * The strategy of snapshot ensembles: a fixed topology, also between two members.
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
 * Snapshot ensembles. One network is trained with a cyclic learning rate: T / M epochs per member, with a
 * rate of η/2 × (cos(π t / (T / M)) + 1). Whenever the rate reaches 0, the network is stored as a member.
 * The momentum is kept at a restart.
 *
 * The publication's networks are dense and convolutional. Here the layers are sparse, and members differ in
 * their weights only: the distance between their topologies is 0. The publication has η from 0.1 to 0.2 and
 * 5 or 6 members; here both follow the recipe.
 */
export const SNAPSHOTS: Method<"snapshots"> = {
  name: "snapshots",
  title: "Snapshots",
  family: "ensembles",
  source: 'G. Huang et al., "Snapshot ensembles: train 1, get M for free", ICLR 2017, ' +
    "https://arxiv.org/abs/1704.00109",
  says: "never; one network is stored whenever its cyclic learning rate reaches 0",
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
