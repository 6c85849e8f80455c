import { DISJOINT, type DisjointSettings, disjointTopology } from "./disjoint_tse.ts";
import { placementOf } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/**
 * RD-TSE (Regular Disjoint TSE): new connections avoid those of all earlier members in re-initialisation
 * only.
 */
export const RD_TSE: Method<"rd", DisjointSettings> = {
  name: "rd",
  title: "RD-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth; connections regrown between members avoid those of earlier members",
  layers: "sparse",
  members: "sequential",
  settings: DISJOINT,
  paper: {},
  strategy: ({ densityLimit, ...growth }) =>
    disjointTopology({ fully: false, densityLimit, placement: placementOf(growth) }),
};
