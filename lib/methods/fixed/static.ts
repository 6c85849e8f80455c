import type { LayerwiseStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/**
 * Static sparse training: the topology does not change.
 *
 * @example Usage
 * ```ts
 * import { staticTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(staticTopology().update, undefined);
 * ```
 */
export function staticTopology(): LayerwiseStrategy {
  return { name: "static" };
}

/** One static sparse network. */
export const STATIC: Method<"static"> = {
  name: "static",
  title: "Single static sparse model",
  family: "fixed",
  source: PAPER,
  says: "never",
  layers: "sparse",
  members: "single",
  settings: {},
  paper: { explore: 0, learningRate: 0.01 },
};
