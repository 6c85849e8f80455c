/**
 * MEST. G. Yuan et al., "MEST: accurate and fast memory-economic sparse training framework on the edge",
 * NeurIPS 2021, https://arxiv.org/abs/2110.14032.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNormFlops, sampleFree } from "../../sparse/mod.ts";
import { pruneMagnitude, survivorsOf, type TopologyStrategy } from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of MEST. */
export interface MestSettings extends StepSettings {
  /** λ of MEST: a connection's score is its weight's magnitude + λ × its gradient's magnitude. */
  readonly gradientWeight: number;
}

/** The pruning rate is halved after this share of the time in which updates happen: 90 of 120 epochs. */
const HALVED = 0.75;

/**
 * MEST with elastic mutation. The connections with the smallest |weight| + λ |gradient| are pruned, and as
 * many grow at random with weight 0. The pruning rate is halved after three quarters of the updates. The
 * paper's soft memory bound, which grows first and prunes later, is left out.
 *
 * The defaults are those of the authors' runs on CIFAR (https://github.com/boone891214/MEST), which have
 * 160 epochs: an update every 5 epochs, with a pruning rate of 0.2, of 0.1 from epoch 90 on, and no updates
 * from epoch 120 on. The default of λ is our choice: these runs have 0.
 *
 * @param options.gradientWeight λ.
 * @param options.until The progress after which there are no updates.
 *
 * @example Usage
 * ```ts
 * import { mestTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(mestTopology().name, "MEST");
 * ```
 */
export function mestTopology({ gradientWeight = 1, until = 0.75 } = {}): TopologyStrategy {
  return {
    name: "MEST",
    source: "https://arxiv.org/abs/2110.14032",
    update: ({ layers }, { pruneRate, progress }) =>
      layers.map((layer) => {
        const rate = progress < HALVED * until ? pruneRate : pruneRate / 2;
        const gradient = layer.gradientOf();
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) => Math.abs(weight) + gradientWeight * Math.abs(gradient[entry]),
        );
        const remove = pruneMagnitude({ ...layer, weights }, rate);
        const taken = [survivorsOf(layer, remove)];
        const grow = sampleFree(taken, remove.length, layer.shape, layer.random);
        const flops = 2 * weights.length + blockNormFlops(layer.indices.length, layer.blockSize);
        return { layer: layer.layer, remove, grow, values: 0, flops };
      }),
  };
}

/** MEST: one network or independent ones. */
export const MEST: Method<"mest", MestSettings> = {
  name: "mest",
  title: "MEST",
  family: "sparse to sparse",
  source:
    'G. Yuan et al., "MEST: accurate and fast memory-economic sparse training framework on the ' +
    'edge", NeurIPS 2021, https://arxiv.org/abs/2110.14032',
  says: "prunes the connections weakest in weight and gradient, random growth",
  costs: "the gradient of the connections, on one batch",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    gradientWeight: number(
      "λ of MEST: a connection's score is its weight's magnitude + λ × its gradient's magnitude",
      1,
      0,
      1e6,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { interval: 5, pruneRate: 0.2, evolveUntil: 0.75 },
  strategy(settings) {
    const { gradientWeight, evolveUntil: until } = settings;
    return inSteps(mestTopology({ gradientWeight, until }), settings, ({ from }) => () => from);
  },
};
