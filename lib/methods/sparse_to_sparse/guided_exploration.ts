/**
 * Guided stochastic exploration (GSE). M. Heddes, N. Srinivasa, T. Givargis and A. Nicolau, "Always-sparse
 * training by growing connections with guided stochastic exploration", 2024,
 * https://arxiv.org/abs/2401.06898.
 *
 * @module
 */
import type { Random } from "../../random.ts";
import { number } from "../../setting.ts";
import { blockNormFlops, positionsOf } from "../../sparse/mod.ts";
import {
  largestScores,
  pruneCount,
  pruneMagnitude,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of GSE. */
export interface GuidedSettings extends StepSettings {
  /** γ of GSE: candidates drawn per connection of the layer. */
  readonly subset: number;
}

/**
 * GSE with the distribution GraBo. The weights smallest in magnitude are pruned. Candidates for growth are
 * drawn among the missing connections, with probabilities proportional to a bound of their gradients: the
 * product of the signals of their two neurons. The candidates with the largest gradients grow, with weight
 * 0.
 *
 * Here every layer keeps its number of connections, and the gradient is that of one batch. The authors'
 * code (https://github.com/mikeheddes/guided-stochastic-exploration) compares the weights and gradients of
 * all layers together, and computes gradients on ten rows of every class. In a layer that is at least half
 * dense, all missing connections are candidates there. Its updates end after 120 of 200 epochs.
 *
 * @param options.subset Candidates drawn per connection of the layer.
 *
 * @example Usage
 * ```ts
 * import { guidedTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(guidedTopology().name, "GSE");
 * ```
 */
export function guidedTopology({ subset = 1 } = {}): TopologyStrategy {
  return {
    name: "GSE",
    source: "https://arxiv.org/abs/2401.06898",
    update: ({ layers }, { pruneRate }) =>
      layers.map((layer) => {
        const { shape: [, columns], indices: { length }, blockSize, random } = layer;
        const { inputs, outputs } = layer.signals();
        const [drawRow, drawColumn] = [drawing(outputs), drawing(inputs)];
        const taken = new Set(positionsOf(layer));
        const drawn = new Set<number>();
        for (let i = 0; i < subset * length; i++) {
          const position = drawRow(random) * columns + drawColumn(random);
          if (!taken.has(position)) drawn.add(position);
        }
        const candidates = Float64Array.from(drawn).sort();
        const count = Math.min(pruneCount(pruneRate, length), candidates.length);
        const remove = pruneMagnitude(layer, count / length);
        const grow = largestScores(candidates, layer.gradientAt(candidates), count);
        const flops = length + blockNormFlops(length, blockSize);
        return { layer: layer.layer, remove, grow, values: 0, flops };
      }),
  };
}

/** Draws an index with a probability in proportion to its weight. */
function drawing(weights: Float64Array): (random: Random) => number {
  let sum = 0;
  const sums = weights.map((weight) => sum += weight);
  return (random) => {
    const drawn = random.float() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = sums[middle] > drawn ? [low, middle] : [middle + 1, high];
    }
    return low;
  };
}

/** GSE: one network or independent ones. */
export const GSE: Method<"gse", GuidedSettings> = {
  name: "gse",
  title: "GSE",
  family: "sparse to sparse",
  source:
    'M. Heddes et al., "Always-sparse training by growing connections with guided stochastic ' +
    'exploration", 2024, https://arxiv.org/abs/2401.06898',
  says:
    "prunes the weakest weights; grows the largest gradients among candidates drawn by their bound",
  costs: "the gradient of as many candidates as connections, on one batch",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    subset: number("γ of GSE: candidates drawn per connection of the layer", 1, 0.01, 1e4),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 1000, pruneRate: 0.2, evolveUntil: 0.6 },
  strategy: (settings) => inSteps(guidedTopology(settings), settings),
};
