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

/** A layer's topology is fixed once this share of the pruned connections grows again in the same update. */
const STOP = 0.9;

/**
 * CHT: the weakest weights are pruned, and with them all connections of neurons that have no incoming or no
 * outgoing connection left. In every layer as many grow, with weight 0, at the largest scores of the link
 * predictor CH3-L3, which needs no gradient. If an update grows 90 % of the pruned connections again, the
 * layer's topology is fixed from then on. Updates come once per epoch. Initial weights are scaled by the
 * sparse fan-in.
 *
 * The paper draws the first layer's initial connections by the correlations of the inputs. This is left out
 * here, because a strategy draws the initial connections before it sees any row. If too few positions have
 * a score above 0, the other connections grow at random. The time grows with the third power of a neuron's
 * number of connections.
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
  says: "prunes the weakest weights, grows between neurons that share many neighbours",
  costs: "all paths of three connections, and no gradient",
  layers: "sparse",
  members: "independent",
  settings: {},
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.3, interval: 1, fan: "sparse" },
  strategy: () => chtTopology(),
};
