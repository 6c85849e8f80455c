/**
 * SNIP. N. Lee, T. Ajanthan and P. H. S. Torr, "SNIP: single-shot network pruning based on connection
 * sensitivity", ICLR 2019, https://arxiv.org/abs/1810.02340.
 *
 * @module
 */
import { erdosRenyi } from "../../sparse/mod.ts";
import { pruneTogether, type TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/**
 * SNIP: pruning before the first step. The network begins dense. One batch gives the sensitivity of the
 * loss to each connection: |weight × gradient|. For a block it is the mean over its weights. The
 * connections with the lowest sensitivities of all layers together are pruned. Then the topology is fixed.
 *
 * The remaining weights keep their values. The authors' code (https://github.com/namhoonlee/snip-public)
 * draws them anew after pruning. It also prunes biases and the output layer; here neither is pruned. Its
 * batch has 100 rows; here the batch size is that of the settings.
 *
 * Until the first step the memory is that of the dense network: 12 bytes per position of a layer, or 16
 * with Adam. While it prunes, it needs twice as much. From the first step on the memory is that of the
 * settings' density.
 *
 * @example Usage
 * ```ts
 * import { snipTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(snipTopology().name, "SNIP");
 * ```
 */
export function snipTopology(): TopologyStrategy {
  return {
    name: "SNIP",
    source: "https://arxiv.org/abs/1810.02340",
    initialize: ([rows, columns], _density, random) => erdosRenyi(rows, columns, 1, random),
    start({ layers }) {
      const scores = layers.map((layer) => {
        const gradient = layer.gradientOf();
        const sensitivity = new Float64Array(layer.indices.length);
        layer.weights.forEach((weight, k) => {
          sensitivity[Math.floor(k / layer.blockSize)] += Math.abs(weight * gradient[k]) /
            layer.blockSize;
        });
        return sensitivity;
      });
      return pruneTogether(layers, scores)
        .map((remove, layer) => ({ layer, remove, flops: 2 * layers[layer].weights.length }));
    },
  };
}

/** SNIP: one network or independent ones. */
export const SNIP: Method<"snip"> = {
  name: "snip",
  title: "SNIP",
  family: "dense to sparse",
  source:
    'N. Lee, T. Ajanthan and P. H. S. Torr, "SNIP: single-shot network pruning based on connection ' +
    'sensitivity", ICLR 2019, https://arxiv.org/abs/1810.02340',
  says:
    "begins dense; before the first step, prunes the connections on which the loss depends least",
  costs: "the gradient of all positions, once",
  memory: "dense until the first step",
  layers: "sparse",
  members: "independent",
  settings: {},
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: () => snipTopology(),
};
