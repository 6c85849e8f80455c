/**
 * Dynamic sparse reparameterization (DSR). H. Mostafa and X. Wang, "Parameter efficient training of deep
 * convolutional neural networks by dynamic sparse reparameterization", ICML 2019,
 * https://arxiv.org/abs/1902.05967.
 *
 * @module
 */
import { positive } from "../../setting.ts";
import { blockNormFlops, blockNorms, countFree, sampleFree } from "../../sparse/mod.ts";
import { shareOut, survivorsOf, type TopologyStrategy } from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of DSR. */
export interface DsrSettings extends StepSettings {
  /** H of DSR at the beginning: weights of lower magnitude are pruned. */
  readonly pruneThreshold: number;
}

/** δ: the share by which the number of pruned weights may miss its target. */
const TOLERANCE = 0.1;

/**
 * Computes DSR's next threshold: it is doubled if too few weights were pruned, and halved if too many were.
 *
 * @param pruned The number of weights that were pruned.
 * @param wanted The number that should have been pruned.
 */
export function nextThreshold(threshold: number, pruned: number, wanted: number): number {
  if (pruned < (1 - TOLERANCE) * wanted) return 2 * threshold;
  return pruned > (1 + TOLERANCE) * wanted ? threshold / 2 : threshold;
}

/**
 * DSR: weights below a threshold are pruned. All layers have the same threshold, which adapts to the number
 * of pruned weights. As many connections grow at random with weight 0. They are divided among the layers in
 * proportion to the connections that each layer kept, so weights move between layers. A block is pruned if
 * the root mean square of its weights is below the threshold. A position that was just pruned may grow
 * again; the authors' code excludes such positions. The output layer is not changed.
 *
 * The paper prescribes a number of weights to prune, the same at every density. Here it is the pruning rate
 * × the number of connections. The default of a tenth is close to the authors' number for CIFAR (code in
 * https://github.com/TimDettmers/sparse_learning): 20,000 of about 145,000 at a density of 10 %. Their
 * updates come every 100 steps at first and every 800 steps later; here the interval is constant. Their
 * updates end after 190 of 200 epochs.
 *
 * @param options.pruneThreshold The threshold at the beginning.
 *
 * @example Usage
 * ```ts
 * import { dsrTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(dsrTopology().name, "DSR");
 * ```
 */
export function dsrTopology(
  { pruneThreshold = 1e-3 } = {},
): TopologyStrategy<{ threshold: number }> {
  return {
    name: "DSR",
    source: "https://arxiv.org/abs/1902.05967",
    begin: () => ({ threshold: pruneThreshold }),
    update({ layers }, { pruneRate }, memory) {
      const removed = layers.map(({ weights, blockSize }) => {
        const limit = memory.threshold * Math.sqrt(blockSize);
        const norms = blockNorms(weights, blockSize);
        return Int32Array.from(norms.keys()).filter((entry) => norms[entry] < limit);
      });
      const kept = layers.map((layer, i) => survivorsOf(layer, removed[i]));
      // Counted in weights: blocks of two layers may differ in size.
      const sizes = layers.map(({ blockSize }) => blockSize);
      const pruned = sum(removed.map(({ length }, i) => length * sizes[i]));
      const wanted = pruneRate * sum(layers.map(({ weights }) => weights.length));
      memory.threshold = nextThreshold(memory.threshold, pruned, wanted);
      const free = kept.map((pattern) => countFree([pattern], pattern.shape));
      const counts = shareOut(
        pruned,
        kept.map(({ indices }, i) => indices.length * sizes[i]),
        free,
        sizes,
      );
      return layers.map(({ layer, shape, random, indices, blockSize }, i) => {
        const grow = sampleFree([kept[i]], counts[i], shape, random);
        const flops = blockNormFlops(indices.length, blockSize);
        return { layer, remove: removed[i], grow, values: 0, flops };
      });
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** DSR: one network or independent ones. */
export const DSR: Method<"dsr", DsrSettings> = {
  name: "dsr",
  title: "DSR",
  family: "sparse to sparse",
  source:
    'H. Mostafa and X. Wang, "Parameter efficient training of deep convolutional neural networks ' +
    'by dynamic sparse reparameterization", ICML 2019, https://arxiv.org/abs/1902.05967',
  says:
    "prunes weights below one threshold for all layers, random growth, weights move between layers",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    pruneThreshold: positive(
      "H of DSR at the beginning: weights of lower magnitude are pruned",
      1e-3,
      1e6,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 100, pruneRate: 0.1, evolveUntil: 0.95 },
  strategy: (settings) => inSteps(dsrTopology(settings), settings, ({ from }) => () => from),
};
