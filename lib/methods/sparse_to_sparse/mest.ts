/**
 * MEST. G. Yuan et al., "MEST: accurate and fast memory-economic sparse training framework on the edge",
 * NeurIPS 2021, https://arxiv.org/abs/2110.14032.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNormFlops, sampleFree } from "../../sparse/mod.ts";
import {
  linearSchedule,
  pruneMagnitude,
  survivorsOf,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import { inSteps, STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/** The settings of MEST. */
export interface MestSettings extends StepSettings {
  /** λ of MEST: the weight of a gradient's magnitude beside that of a connection's weight. */
  readonly gradientWeight: number;
}

/**
 * MEST with elastic mutation: the connections go whose |w| + λ |gradient| is smallest, and as many grow
 * at random with weight 0. The share that is replaced falls. The paper's softer memory bound, which
 * grows first and prunes later, is left out.
 *
 * @param options.gradientWeight λ.
 *
 * @example Usage
 * ```ts
 * import { mestTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(mestTopology().name, "MEST");
 * ```
 */
export function mestTopology({ gradientWeight = 1 } = {}): TopologyStrategy {
  return {
    name: "MEST",
    source: "https://arxiv.org/abs/2110.14032",
    update: ({ layers }, { pruneRate }) =>
      layers.map((layer) => {
        const gradient = layer.gradientOf();
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) => Math.abs(weight) + gradientWeight * Math.abs(gradient[entry]),
        );
        const remove = pruneMagnitude({ ...layer, weights }, pruneRate);
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
  published: { updateSteps: 100, pruneRate: 0.3, evolveUntil: 0.9 },
  strategy: (settings) => inSteps(mestTopology(settings), settings, linearSchedule),
};
