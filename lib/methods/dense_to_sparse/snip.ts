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
 * SNIP: before the first step all connections are there, and one batch tells how much the loss depends on
 * each: |weight × gradient|. Those that matter least go, of all layers together, and the topology stays.
 * Of a block it is the mean of its weights' sensitivities.
 *
 * The weights that stay keep their values. The authors' code draws them anew after pruning, and prunes
 * biases and the output layer too (https://github.com/namhoonlee/snip-public); here both stay. Its batch
 * is one of 100 rows; here it is that of the settings.
 *
 * For one batch the memory is that of the dense network: 12 bytes for every position of a layer, or 16
 * with Adam, and as many again for a moment. From the first step on it is that of the settings' density.
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
  says: "begins dense; before the first step the connections go on which the loss depends least",
  costs: "the gradient of all positions, once",
  memory: "dense until the first step",
  layers: "sparse",
  members: "independent",
  settings: {},
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: () => snipTopology(),
};
