import type { Method } from "../method.ts";
import type { GrowthSettings, StepSettings } from "../growth.ts";
import { SET } from "../sparse_to_sparse/mod.ts";

/**
 * Bagging: every member learns from its own bootstrap sample. The sample has as many rows as the training
 * set, drawn with replacement, so about 63 % of the rows occur in it. A row that was drawn twice is seen
 * twice per epoch. Rows held out for validation are held out from all members.
 *
 * The publication bags trees. Here a member is a sparse network that evolves as in sparse evolutionary
 * training.
 *
 * @example Usage
 * ```ts
 * import { BAGGING } from "@sparsemble/sparsemble/methods";
 * import { randomStream } from "@sparsemble/sparsemble/random";
 * import assert from "node:assert/strict";
 *
 * const drawn = BAGGING.sample!(1000, randomStream(1, "rows", 0));
 * assert.equal(drawn.length, 1000);
 * assert.ok(new Set(drawn).size < 700);
 * ```
 */
export const BAGGING: Method<"bagging", GrowthSettings & StepSettings> = {
  name: "bagging",
  title: "Bagging",
  family: "ensembles",
  source: 'L. Breiman, "Bagging predictors", Machine Learning 24, 1996, ' +
    "https://doi.org/10.1007/BF00058655",
  says: "as with `set`; every member draws its rows with replacement",
  layers: "sparse",
  members: "independent",
  settings: SET.settings,
  paper: { explore: 0, learningRate: 0.01 },
  sample: (rows, random) => Int32Array.from({ length: rows }, () => random.below(rows)),
  strategy: (settings) => ({ ...SET.strategy!(settings), name: "bagging" }),
};
