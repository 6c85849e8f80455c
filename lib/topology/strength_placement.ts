/**
 * Growth from strong neurons. The strength of a neuron is the sum of the magnitudes of its outgoing
 * weights. Z. Atashgahi et al., "Quick and robust feature selection: the strength of energy-efficient
 * sparse training for autoencoders", Machine Learning 111, 2022,
 * https://doi.org/10.1007/s10994-021-06063-x, select features by it.
 *
 * @module
 */
import { blockSizeOf } from "../sparse/mod.ts";
import type { Placement } from "./placement.ts";
import { type CandidateOptions, type PositionScore, scoredPlacement } from "./scored_placement.ts";
import type { GrowRequest } from "./strategy.ts";

/**
 * Places connections at random. A candidate's probability is proportional to the strength of its input
 * neuron before pruning. So important inputs get more connections than unimportant ones.
 *
 * Every candidate gets a key: its strength / an exponentially distributed number. The largest keys are
 * taken. P. S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir", Information
 * Processing Letters 97, 2006, https://doi.org/10.1016/j.ipl.2005.11.003.
 *
 * @throws {RangeError} If `candidates` is less than 1.
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
  // The strengths take one addition per connection.
  const flops = ({ before }: GrowRequest) => before.weights.length;
  return scoredPlacement(options, "initializer", strengthKeys, flops);
}

function strengthKeys({ before, random }: GrowRequest): PositionScore {
  const { shape: [, columns], indices, weights } = before;
  const strength = new Float64Array(columns);
  const blockSize = blockSizeOf(before);
  for (let k = 0; k < weights.length; k++) {
    strength[indices[(k - k % blockSize) / blockSize]] += Math.abs(weights[k]);
  }
  // 1 − u is never 0. The key of u = 0 is infinite, the largest of all.
  return (positions) =>
    positions.map((position) => strength[position % columns] / -Math.log(1 - random.float()));
}
