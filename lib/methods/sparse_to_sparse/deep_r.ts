/**
 * Deep R. G. Bellec, D. Kappel, W. Maass and R. Legenstein, "Deep rewiring: training very sparse deep
 * networks", ICLR 2018, https://arxiv.org/abs/1711.05136.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { sampleFree } from "../../sparse/mod.ts";
import { survivorsOf, type TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of Deep R. */
export interface DeepRSettings {
  /** α of Deep R: the L1 regularisation of its random walk. */
  readonly walkDecay: number;
  /** T of Deep R: the temperature of its random walk. */
  readonly temperature: number;
}

/**
 * Deep R: after every step of gradient descent, each weight makes a step of a random walk with L1
 * regularisation. A connection whose weight would change its sign is pruned. A new connection with a random
 * sign grows in its place, with weight 0. A block is pruned if at least half of its weights would have
 * changed their signs. Every layer keeps its number of connections. The authors' examples
 * (https://github.com/guillaumeBellec/deep_rewiring) have this rule, and another one that keeps only the
 * number of the whole network.
 *
 * The default of α is that of these examples. The default of T is our choice: the examples draw noise with
 * a standard deviation of η × 1e-5 instead.
 *
 * @example Usage
 * ```ts
 * import { deepRTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(deepRTopology().when, { every: 1, unit: "steps" });
 * ```
 */
export function deepRTopology(
  { walkDecay = 1e-5, temperature = 1e-5 }: Partial<DeepRSettings> = {},
): TopologyStrategy {
  return {
    name: "Deep R",
    source: "https://arxiv.org/abs/1711.05136",
    own: ["sign"],
    when: { every: 1, unit: "steps" },
    begin({ layers }) {
      for (const { weights, own } of layers) own.sign.set(weights.map((w) => w < 0 ? -1 : 1));
      return null;
    },
    update: ({ layers }, { learningRate }) =>
      layers.map((layer) => {
        const { own: { sign }, blockSize, random } = layer;
        const noise = Math.sqrt(2 * learningRate * temperature);
        const weights = Float64Array.from(
          layer.weights,
          (weight, entry) =>
            weight - learningRate * walkDecay * sign[entry] + noise * random.normal(),
        );
        const turned = new Int32Array(layer.indices.length);
        weights.forEach((weight, i) => {
          if (weight * sign[i] < 0) turned[Math.floor(i / blockSize)]++;
        });
        const remove = Int32Array.from(turned.keys())
          .filter((entry) => 2 * turned[entry] >= blockSize);
        const taken = [survivorsOf(layer, remove)];
        const grow = sampleFree(taken, remove.length, layer.shape, random);
        const fresh = new Float64Array(grow.length * blockSize);
        const own = { sign: fresh.map(() => random.float() < 0.5 ? -1 : 1) };
        const flops = 6 * weights.length;
        return { layer: layer.layer, weights, remove, grow, values: 0, own, flops };
      }),
  };
}

/** Deep R: one network or independent ones. */
export const DEEP_R: Method<"deep-r", DeepRSettings> = {
  name: "deep-r",
  title: "Deep R",
  family: "sparse to sparse",
  source: 'G. Bellec et al., "Deep rewiring: training very sparse deep networks", ICLR 2018, ' +
    "https://arxiv.org/abs/1711.05136",
  says: "weights make a random walk; prunes those that would change sign, random growth",
  costs: "a step of a random walk for every connection, every step",
  layers: "sparse",
  members: "independent",
  settings: {
    walkDecay: number("α of Deep R: the L1 regularisation of its random walk", 1e-5, 0, 1e6),
    temperature: number("T of Deep R: the temperature of its random walk", 1e-5, 0, 1e6),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: deepRTopology,
};
