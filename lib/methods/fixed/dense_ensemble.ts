import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** An ensemble of dense networks, each trained for itself. */
export const DENSE_ENSEMBLE: Method<"dense-ensemble"> = {
  name: "dense-ensemble",
  title: "Dense ensemble",
  family: "fixed",
  source: PAPER,
  says: "dense layers",
  layers: "dense",
  members: "independent",
  settings: {},
  paper: { explore: 0, learningRate: 0.001, activation: "relu" },
};
