/**
 * SynFlow. H. Tanaka, D. Kunin, D. L. K. Yamins and S. Ganguli, "Pruning neural networks without any data by
 * iteratively conserving synaptic flow", NeurIPS 2020, https://arxiv.org/abs/2006.05467.
 *
 * @module
 */
import { integer } from "../../setting.ts";
import { erdosRenyi, weightNorms } from "../../sparse/mod.ts";
import {
  askedWeights,
  pruneTogether,
  survivorsOf,
  synapticFlow,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of SynFlow. */
export interface SynflowSettings {
  /** The rounds in which SynFlow prunes a network before its first step. */
  readonly pruneRounds: number;
}

/**
 * SynFlow: pruning before the first step, without data. The network begins dense. Each of 100 rounds prunes
 * the connections with the least synaptic flow of all layers together. The number of connections falls by
 * the same factor in every round. Then the topology is fixed.
 *
 * The paper prunes the output layer too. Here it is neither pruned nor part of the flow.
 *
 * Until the first step the memory is that of the dense network and 40 bytes more per position. From the
 * first step on it is that of the settings' density.
 *
 * @param options.pruneRounds The number of rounds.
 *
 * @example Usage
 * ```ts
 * import { synflowTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(synflowTopology().name, "SynFlow");
 * ```
 */
export function synflowTopology({ pruneRounds = 100 } = {}): TopologyStrategy {
  return {
    name: "SynFlow",
    source: "https://arxiv.org/abs/2006.05467",
    initialize: ([rows, columns], _density, random) => erdosRenyi(rows, columns, 1, random),
    start({ layers }) {
      let left = layers.map((layer) => ({
        ...layer,
        entries: Int32Array.from(layer.indices.keys()),
        magnitudes: weightNorms(layer.weights, layer.blockSize),
      }));
      const first = left.reduce((sum, { weights }) => sum + weights.length, 0);
      const kept = askedWeights(layers) / first;
      let flops = 0;
      for (let round = 1; round <= pruneRounds; round++) {
        for (const { entries: { length }, blockSize } of left) {
          flops += (4 + 2 * blockSize) * length;
        }
        const wanted = first * kept ** (round / pruneRounds);
        const flow = synapticFlow(left).map((own, l) =>
          own.map((sum) => sum / layers[l].blockSize)
        );
        const gone = pruneTogether(layers, flow, wanted);
        left = left.map((layer, l) => ({
          ...layer,
          ...survivorsOf(layer, gone[l]),
          entries: without(layer.entries, gone[l]),
          magnitudes: without(layer.magnitudes, gone[l]),
        }));
      }
      return layers.map(({ layer, indices }, l) => {
        const remove = without(Int32Array.from(indices.keys()), left[l].entries);
        return { layer, remove, flops: l === 0 ? flops : 0 };
      });
    },
  };
}

/** Copies an array without the elements at the given ascending indices. */
function without<T extends Int32Array | Float64Array>(values: T, gone: Int32Array): T {
  let next = 0;
  const stays = (_: number, i: number) => {
    const isGone = gone[next] === i;
    if (isGone) next++;
    return !isGone;
  };
  return values.filter(stays) as T;
}

/** SynFlow: one network or independent ones. */
export const SYNFLOW: Method<"synflow", SynflowSettings> = {
  name: "synflow",
  title: "SynFlow",
  family: "dense to sparse",
  source:
    'H. Tanaka et al., "Pruning neural networks without any data by iteratively conserving synaptic ' +
    'flow", NeurIPS 2020, https://arxiv.org/abs/2006.05467',
  says: "begins dense; before the first step, prunes the connections with the least synaptic flow",
  costs: "two passes over the network a round, before the first step",
  memory: "dense until the first step, with 40 bytes a position more",
  layers: "sparse",
  members: "independent",
  settings: {
    pruneRounds: integer(
      "The rounds in which SynFlow prunes a network before its first step",
      100,
      1,
      10_000,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  ignores: ["interval", "pruneRate", "evolveUntil"],
  strategy: synflowTopology,
};
