/**
 * Cannistraci–Hebb training (CHT). Y. Zhang, J. Zhao, W. Wu, A. Muscoloni and C. V. Cannistraci,
 * "Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
 * ultra-sparse advantage in deep learning", ICLR 2024, https://openreview.net/forum?id=iayEcORsGd.
 *
 * @module
 */
import { blockNormFlops, positionsOf } from "../../sparse/mod.ts";
import {
  predictedLinks,
  pruneMagnitude,
  survivorsOf,
  type TopologyStrategy,
  withInactive,
} from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The share of removed connections that grew again, at which a layer's topology stays. */
const STOP = 0.9;

/**
 * CHT: the weakest weights go, and with them all connections of neurons that have some on one side only.
 * As many grow in every layer, with weight 0, where the link predictor CH3-L3 has its largest scores: it
 * knows the connections alone, no gradient. A layer whose growth brings 90 % of what went back stays as
 * it then is. Updates come once an epoch, and weights begin with the variance of a sparse fan-in.
 *
 * Of the paper's network it leaves out the first connections by correlations of the inputs: the first
 * connections of a strategy are drawn before any row is seen. Where too few positions have a score, the
 * rest grows at random. Time grows with the third power of a neuron's connections.
 *
 * @example Usage
 * ```ts
 * import { chtTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(chtTopology().name, "CHT");
 * ```
 */
export function chtTopology(): TopologyStrategy<{ stopped: boolean[] }> {
  return {
    name: "CHT",
    source: "https://openreview.net/forum?id=iayEcORsGd",
    begin: ({ layers }) => ({ stopped: layers.map(() => false) }),
    update({ layers }, { pruneRate }, { stopped }) {
      const weak = layers.map((layer, i) => pruneMagnitude(layer, stopped[i] ? 0 : pruneRate));
      const removed = withInactive(layers, weak);
      return layers.flatMap((layer, i) => {
        if (stopped[i]) return [];
        const { random, indices, blockSize } = layer;
        const remove = removed[i];
        const kept = survivorsOf(layer, remove);
        const { positions: grow, flops = 0 } = predictedLinks(
          kept,
          remove.length,
          "CH3-L3",
          false,
          random,
        );
        const before = positionsOf(layer);
        const gone = new Set(Array.from(remove, (entry) => before[entry]));
        const back = grow.filter((position) => gone.has(position)).length;
        stopped[i] = remove.length > 0 && back >= STOP * remove.length;
        const operations = flops + blockNormFlops(indices.length, blockSize);
        return [{ layer: layer.layer, remove, grow, values: 0, flops: operations }];
      });
    },
  };
}

/** CHT: one network or independent ones. */
export const CHT: Method<"cht"> = {
  name: "cht",
  title: "CHT",
  family: "sparse to sparse",
  source:
    'Y. Zhang et al., "Epitopological learning and Cannistraci-Hebb network shape intelligence ' +
    'brain-inspired theory for ultra-sparse advantage in deep learning", ICLR 2024, ' +
    "https://openreview.net/forum?id=iayEcORsGd",
  says: "the weakest weights go, growth between neurons that share many neighbours",
  costs: "all paths of three connections, and no gradient",
  layers: "sparse",
  members: "independent",
  settings: {},
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.3, interval: 1, fan: "sparse" },
  strategy: () => chtTopology(),
};
