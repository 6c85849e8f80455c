/**
 * Growth where the gradient is largest (U. Evci, T. Gale, J. Menick, P. S. Castro and E. Elsen,
 * "Rigging the lottery: making all tickets winners", ICML 2020), without ever holding the gradient of
 * all positions.
 *
 * @module
 */
import type { Placement } from "./placement.ts";
import { type CandidateOptions, scoredPlacement } from "./scored_placement.ts";
import type { GrowRequest } from "./strategy.ts";

/** Which positions are scored, and what new connections weigh. */
export interface GradientPlacementOptions extends CandidateOptions {
  /**
   * What new connections weigh: with `"zero"`, as in the publication, the network computes the same
   * before and after they are grown.
   *
   * @default {"zero"}
   */
  readonly weights?: Placement["weights"];
}

/**
 * Places connections where the magnitude of the loss's gradient is largest, as a training run's
 * {@linkcode GrowRequest.gradientAt} tells it. Of equal ones the first position is taken. Takes memory
 * in proportion to the connections grown and the block of candidates that is being scored.
 *
 * @throws {RangeError} If `candidates` is not at least 1.
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
