import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** An ensemble of static sparse networks, each trained for itself. */
export const SPARSE_ENSEMBLE: Method<"sparse-ensemble"> = {
  name: "sparse-ensemble",
  title: "Sparse ensemble",
  family: "fixed",
  source: PAPER,
  says: "never",
  layers: "sparse",
  members: "independent",
  settings: {},
  paper: { explore: 0, learningRate: 0.01 },
};
