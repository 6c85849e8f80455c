import { DISJOINT, type DisjointSettings, disjointTopology } from "./disjoint_tse.ts";
import { placementOf } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/**
 * FD-TSE (Fully Disjoint TSE): all new connections, in re-initialisation and in updates, avoid those of all
 * earlier members.
 */
export const FD_TSE: Method<"fd", DisjointSettings> = {
  name: "fd",
  title: "FD-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth; all new connections avoid those of earlier members",
  layers: "sparse",
  members: "sequential",
  settings: DISJOINT,
  paper: {},
  strategy: ({ densityLimit, ...growth }) =>
    disjointTopology({ fully: true, densityLimit, placement: placementOf(growth) }),
};
