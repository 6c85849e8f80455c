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
 * GraNet in its sparse-to-sparse form. The network begins denser than the settings say. At every update,
 * the smallest weights of all layers together are pruned. So the total number of connections falls along a
 * cubic to that of the settings. Then each layer replaces a share of its connections: the smallest are
 * pruned, and as many grow where the gradient is largest.
 *
 * The paper computes the gradient at all positions. Here five positions are sampled per connection to grow;
 * this number is our choice. The output layer is not changed.
 *
 * The defaults are those of the authors' commands for CIFAR (https://github.com/VITA-Group/GraNet): an
 * update every 1,000 steps, a replaced share that falls from a half over the whole training, and pruning up
 * to epoch 110 of 160. For ImageNet they prune up to epoch 30 of 100, every 4,000 steps. The paper also has
 * a form that begins dense: set the first density to 1.
 *
 * @param options.every The steps between two updates.
 * @param options.firstDensity The density at the beginning, if that of the settings is lower.
 * @param options.until The progress at which the number of connections has fallen to that of the settings.
 * @param options.rate The share of connections that an update replaces at the beginning. It falls along a
 * cosine.
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
    // One update comes exactly at `until`, even if it is no multiple of `every`. So a short run ends as
    // sparse as a long one.
    when: { every: 1, unit: "steps", pruneRate: cosineSchedule({ from: rate }) },
    update({ layers }, { step, progress, pruneRate }, { connections: from }) {
      const to = askedWeights(layers);
      const wanted = Math.round(cubicSchedule({ from, to, until })(progress));
      const found = sum(layers.map(({ weights }) => weights.length));
      const surplus = Math.max(0, found - wanted);
      const isLast = progress >= until && surplus > 0;
      if (step % every !== 0 && !isLast) return [];
      const magnitudes = layers.map(({ weights, blockSize }) => weightNorms(weights, blockSize));
      // The number of connections that each layer loses follows from the smallest weights of all layers
      // together.
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
        // Norms are computed twice: for the ranking of all layers together, and for this layer's own.
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
  says:
    "begins denser; prunes the weakest weights of all layers, and grows where the gradient is largest",
  costs: "the gradient of five candidates for each connection that grows",
  memory: "that of `--first-density` at first",
  layers: "sparse",
  members: "independent",
  settings: { ...STEPS, firstDensity: share("The density at which GraNet begins", 0.5) },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 1000, pruneRate: 0.5, evolveUntil: 0.6875 },
  // A network of an earlier epoch would have more connections.
  only: { memberSelection: ["last"] },
  ignores: ["interval"],
  strategy: ({ updateSteps, firstDensity, evolveUntil, pruneRate }) =>
    granetTopology({ every: updateSteps, firstDensity, until: evolveUntil, rate: pruneRate }),
};
