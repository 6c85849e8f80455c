/**
 * Sparse networks from scratch (SNFS). T. Dettmers and L. Zettlemoyer, "Sparse networks from scratch:
 * faster training without losing performance", 2019, https://arxiv.org/abs/1907.04840.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNormFlops, countFree, sampleFree } from "../../sparse/mod.ts";
import {
  cosineSchedule,
  largestScores,
  type LayerView,
  pruneMagnitude,
  shareOut,
  type TopologyStrategy,
} from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of SNFS. */
export interface SnfsSettings {
  /** Candidates for growth of SNFS per pruned connection. */
  readonly candidatePool: number;
}

/** Missing connections of a layer, and the momentum of their gradients. */
export type SnfsCandidates = { positions: Float64Array; momentum: Float64Array };

const BETA = 0.9;

/**
 * SNFS: every epoch the weakest weights are pruned. The same number of connections is divided among the
 * layers in proportion to the mean momentum of their connections. In each layer, connections grow where the
 * momentum of missing connections is largest. The pruning rate begins at 0.5 and falls along a cosine to 0.
 * In the authors' code (https://github.com/TimDettmers/sparse_learning) it falls to 0.005.
 *
 * The paper keeps a momentum for every missing connection: as many numbers as a dense layer has. A truly
 * sparse network cannot afford this. Here every epoch draws candidates: `candidatePool` per connection that
 * the initial pruning rate would prune. Every step then takes one more forward and backward pass to compute
 * the gradients of these candidates. The default of `candidatePool` is our choice.
 *
 * @param options.rate The pruning rate at the beginning.
 * @param options.candidatePool Candidates per pruned connection.
 *
 * @example Usage
 * ```ts
 * import { snfsTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(snfsTopology().when!.pruneRate!(1 / 3).toFixed(9), "0.375000000");
 * ```
 */
export function snfsTopology(
  { rate = 0.5, candidatePool = 4 } = {},
): TopologyStrategy<{ member: number; candidates: SnfsCandidates[] }> {
  const draw = (layer: LayerView): SnfsCandidates => {
    const wanted = Math.ceil(candidatePool * rate * layer.indices.length);
    const count = Math.min(wanted, countFree([layer], layer.shape));
    const positions = sampleFree([layer], count, layer.shape, layer.random);
    return { positions, momentum: new Float64Array(count) };
  };
  return {
    name: "SNFS",
    source: "https://arxiv.org/abs/1907.04840",
    when: { every: 1, unit: "steps", pruneRate: cosineSchedule({ from: rate }) },
    begin: () => ({ member: -1, candidates: [] }),
    update({ layers }, { step, steps, epochs, member, pruneRate }, memory) {
      // Between two members of one run, the connections have changed.
      if (memory.member !== member) memory.candidates = layers.map(draw);
      memory.member = member;
      const { candidates } = memory;
      candidates.forEach(({ positions, momentum }, i) => {
        const gradient = layers[i].gradientAt(positions);
        momentum.forEach((average, j) => momentum[j] = BETA * average + (1 - BETA) * gradient[j]);
      });
      const flops = candidates.map(({ positions }) => 3 * positions.length);
      const endsEpoch = step % (steps / epochs) === 0;
      if (!endsEpoch) return layers.map(({ layer }, i) => ({ layer, flops: flops[i] }));
      memory.member = -1;
      // Counted in weights: blocks of two layers may differ in size.
      const sizes = layers.map(({ blockSize }) => blockSize);
      const weightsOf = (entries: readonly { length: number }[]) =>
        entries.reduce((sum, { length }, i) => sum + length * sizes[i], 0);
      const room = weightsOf(candidates.map(({ positions }) => positions));
      // If layers are nearly full, only as many are pruned as can grow.
      const rate = Math.min(pruneRate, room / weightsOf(layers.map(({ indices }) => indices)));
      const removed = layers.map((layer) => pruneMagnitude(layer, rate));
      const means = layers.map(({ state: [momentum] }) => meanMagnitude(momentum));
      const limits = candidates.map(({ positions }) => positions.length);
      const counts = shareOut(weightsOf(removed), means, limits, sizes);
      return layers.map(({ layer, weights, indices, blockSize }, i) => {
        const { positions, momentum } = candidates[i];
        const grow = largestScores(positions, momentum, counts[i]);
        const magnitudes = weights.length + blockNormFlops(indices.length, blockSize);
        return { layer, remove: removed[i], grow, values: 0, flops: flops[i] + magnitudes };
      });
    },
  };
}

function meanMagnitude(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
  return values.length === 0 ? 0 : sum / values.length;
}

/** SNFS: one network or independent ones. */
export const SNFS: Method<"snfs", SnfsSettings> = {
  name: "snfs",
  title: "SNFS",
  family: "sparse to sparse",
  source:
    'T. Dettmers and L. Zettlemoyer, "Sparse networks from scratch: faster training without ' +
    'losing performance", 2019, https://arxiv.org/abs/1907.04840',
  says: "prunes the weakest weights, grows by momentum, weights move between layers",
  costs: "the gradient of some candidates, every step",
  layers: "sparse",
  members: "independent",
  settings: {
    candidatePool: number("Candidates for growth of SNFS per pruned connection", 4, 1, 1e6),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.5 },
  ignores: ["interval", "evolveUntil"],
  strategy: ({ pruneRate, candidatePool }) => snfsTopology({ rate: pruneRate, candidatePool }),
};
