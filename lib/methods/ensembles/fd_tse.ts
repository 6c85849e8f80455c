import { DISJOINT, type DisjointSettings, disjointTopology } from "./disjoint_tse.ts";
import { placementOf } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** FD-TSE: members whose connections are disjoint from those of all earlier members, always. */
export const FD_TSE: Method<"fd", DisjointSettings> = {
  name: "fd",
  title: "FD-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth, always away from all earlier members",
  layers: "sparse",
  members: "sequential",
  settings: DISJOINT,
  paper: {},
  strategy: ({ densityLimit, ...growth }) =>
    disjointTopology({ fully: true, densityLimit, placement: placementOf(growth) }),
};
