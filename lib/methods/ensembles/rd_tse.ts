import { DISJOINT, type DisjointSettings, disjointTopology } from "./disjoint_tse.ts";
import { placementOf } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** RD-TSE: members whose connections are disjoint from those of all earlier members at first. */
export const RD_TSE: Method<"rd", DisjointSettings> = {
  name: "rd",
  title: "RD-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth; a new member begins away from all earlier members",
  layers: "sparse",
  members: "sequential",
  settings: DISJOINT,
  paper: {},
  strategy: ({ densityLimit, ...growth }) =>
    disjointTopology({ fully: false, densityLimit, placement: placementOf(growth) }),
};
