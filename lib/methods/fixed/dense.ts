import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** One dense network: the multilayer perceptron. */
export const DENSE: Method<"dense"> = {
  name: "dense",
  title: "Single dense model",
  family: "fixed",
  source: PAPER,
  says: "dense layers",
  layers: "dense",
  members: "single",
  settings: {},
  paper: { explore: 0, learningRate: 0.001, activation: "relu" },
};
