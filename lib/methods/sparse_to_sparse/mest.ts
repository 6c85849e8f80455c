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
  /** λ of MEST: the weight of a gradient's magnitude beside that of a connection's weight. */
  readonly gradientWeight: number;
}

/** The share of the time of updates after which half as many connections go: 90 of 120 epochs. */
const HALVED = 0.75;

/**
 * MEST with elastic mutation: the connections go whose |w| + λ |gradient| is smallest, and as many grow
 * at random with weight 0. The share that is replaced is halved after a while. The paper's softer memory
 * bound, which grows first and prunes later, is left out.
 *
 * The settings are those of the authors' runs on CIFAR (https://github.com/boone891214/MEST): an update
 * every 5 epochs replaces a fifth of the connections, a tenth from epoch 90 of 160 on, none from 120 on.
 * The default of λ is ours: these runs have 0.
 *
 * @param options.gradientWeight λ.
 * @param options.until The progress after which no update comes.
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
  says: "the connections weakest in weight and gradient go, random growth",
  costs: "the gradient of the connections, on one batch",
  layers: "sparse",
  members: "independent",
  settings: {
    ...STEPS,
    gradientWeight: number(
      "λ of MEST: the weight of a gradient's magnitude beside that of a connection's weight",
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
