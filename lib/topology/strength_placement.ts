/**
 * Growth from strong neurons: a neuron's strength is the sum of the magnitudes of the weights that lead
 * out of it (Z. Atashgahi et al., "Quick and robust feature selection: the strength of energy-efficient
 * sparse training for autoencoders", Machine Learning 111, 2022, who select features by it).
 *
 * @module
 */
import type { Placement } from "./placement.ts";
import { type CandidateOptions, type PositionScore, scoredPlacement } from "./scored_placement.ts";
import type { GrowRequest } from "./strategy.ts";

/**
 * Draws connections at random, one after the other, each candidate with a probability in proportion to
 * the strength of the neuron that it leads out of, as it was before the layer was pruned. So inputs
 * that the network makes use of get more connections, and those of no use are left alone.
 *
 * The draw is one of keys: a strength divided by an exponentially distributed number each, the largest
 * ones taken (P. S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir",
 * Information Processing Letters 97, 2006).
 *
 * @throws {RangeError} If `candidates` is not at least 1.
 *
 * @example Usage
 * ```ts
 * import { growWith, strengthPlacement } from "@sparsemble/sparsemble/topology";
 * import { setTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const strategy = setTopology(growWith(strengthPlacement({ candidates: 5 })));
 * assert.equal(strategy.name, "SET");
 * ```
 */
export function strengthPlacement(options: CandidateOptions = {}): Placement {
  return scoredPlacement(options, "initializer", strengthKeys);
}

function strengthKeys({ before, random }: GrowRequest): PositionScore {
  const { shape: [, columns], indices, weights } = before;
  const strength = new Float64Array(columns);
  for (let k = 0; k < indices.length; k++) strength[indices[k]] += Math.abs(weights[k]);
  // 1 − u is never 0, and of u = 0 the key is infinite: nothing comes before it.
  return (positions) =>
    positions.map((position) => strength[position % columns] / -Math.log(1 - random.float()));
}
