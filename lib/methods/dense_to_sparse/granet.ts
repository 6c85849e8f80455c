/**
 * GraNet. S. Liu et al., "Sparse training via boosting pruning plasticity with neuroregeneration",
 * NeurIPS 2021, https://arxiv.org/abs/2106.10404.
 *
 * @module
 */
import { share } from "../../setting.ts";
import {
  blockNormFlops,
  countFree,
  erdosRenyi,
  sampleFree,
  weightNorms,
} from "../../sparse/mod.ts";
import {
  askedWeights,
  cosineSchedule,
  cubicSchedule,
  largestScores,
  pruneCount,
  pruneMagnitude,
  pruneTogether,
  survivorsOf,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import { STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of GraNet. */
export interface GranetSettings extends StepSettings {
  /** The density at which GraNet begins. */
  readonly firstDensity: number;
}

/** Candidates for growth by gradient, per connection that grows. */
const CANDIDATES = 5;

/**
 * GraNet, from sparse to sparser: the network begins denser than the settings say. The number of
 * connections, of all layers together, falls along a cubic to theirs: the smallest weights go, wherever
 * they are. Some of the others are then replaced, in each layer as many as go, where the gradient is
 * largest among sampled positions: five for each that grows, which is ours. The paper takes that of all.
 *
 * The settings are those of the authors' commands for CIFAR (https://github.com/VITA-Group/GraNet): 1,000
 * steps, a half that falls over the whole training, and a number that falls up to epoch 110 of 160. For
 * ImageNet it does so up to epoch 30 of 100, with 4,000 steps. The paper also begins dense: a first
 * density of 1. Here the output layer stays.
 *
 * @param options.every The steps between two updates.
 * @param options.firstDensity The density at first, where that of the settings is lower.
 * @param options.until The progress at which the number of connections is that of the settings.
 * @param options.rate The share of connections that are replaced, which falls by a cosine.
 *
 * @example Usage
 * ```ts
 * import { granetTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(granetTopology().name, "GraNet");
 * ```
 */
export function granetTopology(
  { every = 1000, firstDensity = 0.5, until = 0.6875, rate = 0.5 } = {},
): TopologyStrategy<{ connections: number }> {
  return {
    name: "GraNet",
    source: "https://arxiv.org/abs/2106.10404",
    initialize: ([rows, columns], density, random) =>
      erdosRenyi(rows, columns, Math.max(firstDensity, density), random),
    begin: ({ layers }) => ({ connections: sum(layers.map(({ weights }) => weights.length)) }),
    // The last surplus goes at `until`, wherever the steps lie: a short run ends as sparse as a long one.
    when: { every: 1, unit: "steps", pruneRate: cosineSchedule({ from: rate }) },
    update({ layers }, { step, progress, pruneRate }, { connections: from }) {
      const to = askedWeights(layers);
      const wanted = Math.round(cubicSchedule({ from, to, until })(progress));
      const found = sum(layers.map(({ weights }) => weights.length));
      const surplus = Math.max(0, found - wanted);
      const isLast = progress >= until && surplus > 0;
      if (step % every !== 0 && !isLast) return [];
      const magnitudes = layers.map(({ weights, blockSize }) => weightNorms(weights, blockSize));
      // The smallest weights of all layers together tell how many go in each.
      const gone = pruneTogether(layers, magnitudes, wanted);
      return layers.map((layer, l) => {
        const nnz = layer.indices.length;
        const fewer = gone[l].length;
        const replaced = pruneCount(pruneRate, nnz - fewer);
        const remove = pruneMagnitude(layer, (fewer + replaced) / Math.max(1, nnz));
        const taken = [survivorsOf(layer, remove)];
        const candidates = Math.min(CANDIDATES * replaced, countFree(taken, layer.shape));
        const free = sampleFree(taken, candidates, layer.shape, layer.random);
        const grow = largestScores(free, layer.gradientAt(free), replaced);
        // Of all layers together, and of this one.
        const flops = 2 * blockNormFlops(nnz, layer.blockSize);
        return { layer: layer.layer, remove, grow, values: 0, flops };
      });
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** GraNet: one network or independent ones. */
export const GRANET: Method<"granet", GranetSettings> = {
  name: "granet",
  title: "GraNet",
  family: "dense to sparse",
  source:
    'S. Liu et al., "Sparse training via boosting pruning plasticity with neuroregeneration", ' +
    "NeurIPS 2021, https://arxiv.org/abs/2106.10404",
  says: "begins denser; the weakest weights of all layers go, growth where the gradient is largest",
  costs: "the gradient of five candidates for each connection that grows",
  memory: "that of `--first-density` at first",
  layers: "sparse",
  members: "independent",
  settings: { ...STEPS, firstDensity: share("The density at which GraNet begins", 0.5) },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 1000, pruneRate: 0.5, evolveUntil: 0.6875 },
  // An earlier epoch would have more connections.
  only: { memberSelection: ["last"] },
  ignores: ["interval"],
  strategy: ({ updateSteps, firstDensity, evolveUntil, pruneRate }) =>
    granetTopology({ every: updateSteps, firstDensity, until: evolveUntil, rate: pruneRate }),
};
