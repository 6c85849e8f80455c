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
  /** H of DSR at first: weights of lower magnitude go. */
  readonly pruneThreshold: number;
}

/** δ: the share by which the number of pruned weights may miss its target. */
const TOLERANCE = 0.1;

/**
 * The next threshold of DSR: twice as high where too few weights went, half as high where too many did.
 *
 * @param pruned The number of weights that went.
 * @param wanted The number that should have gone.
 */
export function nextThreshold(threshold: number, pruned: number, wanted: number): number {
  if (pruned < (1 - TOLERANCE) * wanted) return 2 * threshold;
  return pruned > (1 + TOLERANCE) * wanted ? threshold / 2 : threshold;
}

/**
 * DSR: the weights below one threshold for all layers go, and the threshold follows their number. As many
 * grow at random with weight 0, in every layer in proportion to the connections that it kept: weights
 * move between layers. Of blocks those go whose root mean square is below the threshold. A position that
 * was just pruned may grow again; the authors' code leaves such positions out. The output layer is not
 * among the layers, here as elsewhere.
 *
 * The paper wants a number of weights to go, the same for every density; here it is the pruning rate's
 * share of all connections. A tenth is near what the authors have for CIFAR (kept in
 * https://github.com/TimDettmers/sparse_learning): 20,000 of some 145,000 at a density of 10 %. Their
 * updates come every 100 steps at first, then more rarely, up to every 800; here the steps stay. They end
 * after 190 of 200 epochs.
 *
 * @param options.pruneThreshold The threshold at first.
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
  says: "weights below a threshold of all layers go, random growth, weights move between layers",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    pruneThreshold: positive("H of DSR at first: weights of lower magnitude go", 1e-3, 1e6),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 100, pruneRate: 0.1, evolveUntil: 0.95 },
  strategy: (settings) => inSteps(dsrTopology(settings), settings, ({ from }) => () => from),
};
