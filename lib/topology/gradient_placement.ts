/**
 * Growth where the gradient is largest. U. Evci, T. Gale, J. Menick, P. S. Castro and E. Elsen, "Rigging
 * the lottery: making all tickets winners", ICML 2020, https://arxiv.org/abs/1911.11134. The gradient of
 * all positions together is never held.
 *
 * @module
 */
import type { Placement } from "./placement.ts";
import { type CandidateOptions, scoredPlacement } from "./scored_placement.ts";
import type { GrowRequest } from "./strategy.ts";

/** Options of {@linkcode gradientPlacement}. */
export interface GradientPlacementOptions extends CandidateOptions {
  /**
   * The weights of new connections. With `"zero"`, as in the paper, the network's outputs do not change
   * when connections are grown.
   *
   * @default {"zero"}
   */
  readonly weights?: Placement["weights"] | undefined;
}

/**
 * Places connections where the loss's gradient, {@linkcode GrowRequest.gradientAt}, is largest in
 * magnitude. Of equal gradients the first position is taken. Takes memory in proportion to the grown
 * connections and one block of candidates.
 *
 * @throws {RangeError} If `candidates` is less than 1.
 * @throws {TypeError} While growing, if the request has no gradient.
 *
 * @example Usage
 * ```ts
 * import type { TopologyStrategy } from "@sparsemble/sparsemble";
 * import { gradientPlacement, growWith, pruneMagnitude } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const grow = growWith(gradientPlacement({ candidates: 10 }));
 * const mine: TopologyStrategy = { name: "mine", update: { prune: pruneMagnitude, grow } };
 * assert.equal(mine.name, "mine");
 * ```
 */
export function gradientPlacement(options: GradientPlacementOptions = {}): Placement {
  return scoredPlacement(options, options.weights ?? "zero", gradientOf);
}

function gradientOf(request: GrowRequest): NonNullable<GrowRequest["gradientAt"]> {
  if (request.gradientAt === undefined) {
    throw new TypeError(
      `Cannot grow layer ${request.before.layer} by gradient: found no gradient in the request, ` +
        "need `gradientAt`, as a training run gives it",
    );
  }
  return request.gradientAt;
}
