import type { LayerwiseStrategy } from "../topology/mod.ts";

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
