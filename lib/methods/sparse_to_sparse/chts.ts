/**
 * Cannistraci–Hebb training with the soft rule (CHTs). Y. Zhang et al., "Brain network science modelling of
 * sparse neural networks enables Transformers and LLMs to perform as fully connected", NeurIPS 2025,
 * https://arxiv.org/abs/2501.19107.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNorms } from "../../sparse/mod.ts";
import {
  type LayerView,
  predictedLinks,
  pruneMagnitude,
  survivorsOf,
  type TopologyStrategy,
  withInactive,
} from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of CHTs. */
export interface ChtsSettings {
  /** α of CHTs: the share of a weight's magnitude in its score; the rest is its relative importance. */
  readonly magnitudePart: number;
}

/** δ at the beginning and at the end of training. The larger δ, the more the draws follow the scores. */
const [SOFT, FIRM] = [0.5, 0.75];

/**
 * Computes the scores by which CHTs keeps connections: (α |w| + (1 − α) R)^(δ / (1 − δ)). R is the relative
 * importance: |w| / Σ |w| over the connections of its output neuron, plus |w| / Σ |w| over those of its
 * input neuron. For a block, |w| is the L2 norm.
 *
 * @param part α.
 * @param progress The finished share of the training. With it δ rises from 0.5 to 0.75.
 */
export function keepingScores(
  { shape: [rows, columns], indptr, indices, weights, blockSize }: LayerView,
  part: number,
  progress: number,
): Float64Array {
  const norms = blockNorms(weights, blockSize);
  const [ofRow, ofColumn] = [new Float64Array(rows), new Float64Array(columns)];
  const rowOf = new Int32Array(indices.length);
  for (let row = 0; row < rows; row++) rowOf.fill(row, indptr[row], indptr[row + 1]);
  norms.forEach((norm, entry) => {
    ofRow[rowOf[entry]] += norm;
    ofColumn[indices[entry]] += norm;
  });
  const delta = SOFT + (FIRM - SOFT) * progress;
  return norms.map((norm, entry) => {
    if (norm === 0) return 0;
    const importance = norm / ofRow[rowOf[entry]] + norm / ofColumn[indices[entry]];
    return (part * norm + (1 - part) * importance) ** (delta / (1 - delta));
  });
}

/**
 * CHTs: CHT with random choices. The connections to keep are drawn with probabilities proportional to
 * {@linkcode keepingScores}. The connections to grow are drawn with probabilities proportional to the
 * scores of the link predictor CH2-L3n. Unlike in CHT, no layer's topology is fixed early.
 *
 * With α = 1 the magnitude of a weight decides, with α = 0 its relative importance. The paper tries these
 * two values only. Here δ rises linearly, so the power δ / (1 − δ) rises from 1 to 3. In the authors' code
 * (https://github.com/biomedical-cybernetics/Cannistraci-Hebb-training) the power itself rises linearly,
 * from 1 to 3, and to 9 for language models.
 *
 * Two parts of the paper are left out: its initial topology (bipartite receptive field), and the sigmoid
 * decay of the density in its variant CHTss.
 *
 * @param options.magnitudePart α.
 *
 * @example Usage
 * ```ts
 * import { chtsTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(chtsTopology().name, "CHTs");
 * ```
 */
export function chtsTopology({ magnitudePart = 1 } = {}): TopologyStrategy {
  return {
    name: "CHTs",
    source: "https://arxiv.org/abs/2501.19107",
    update({ layers }, { pruneRate, progress }) {
      const weak = layers.map((layer) => {
        const weights = keepingScores(layer, magnitudePart, progress)
          .map((score) => score / -Math.log(1 - layer.random.float()));
        return pruneMagnitude({ ...layer, weights, blockSize: 1 }, pruneRate);
      });
      const removed = withInactive(layers, weak);
      return layers.map((layer, i) => {
        const { length: count } = removed[i];
        const kept = survivorsOf(layer, removed[i]);
        const grown = predictedLinks(kept, count, "CH2-L3n", true, layer.random);
        const flops = (grown.flops ?? 0) + 2 * layer.weights.length + 8 * layer.indices.length;
        return { layer: layer.layer, remove: removed[i], grow: grown.positions, values: 0, flops };
      });
    },
  };
}

/** CHTs: one network or independent ones. */
export const CHTS: Method<"chts", ChtsSettings> = {
  name: "chts",
  title: "CHTs",
  family: "sparse to sparse",
  source:
    'Y. Zhang et al., "Brain network science modelling of sparse neural networks enables Transformers ' +
    'and LLMs to perform as fully connected", NeurIPS 2025, https://arxiv.org/abs/2501.19107',
  says: "as CHT, but pruned and grown connections are drawn at random by their scores",
  costs: "all paths of three connections, and no gradient",
  layers: "sparse",
  members: "independent",
  settings: {
    magnitudePart: number(
      "α of CHTs: the share of a weight's magnitude in its score; the rest is its relative importance",
      1,
      0,
      1,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.3, interval: 1, fan: "sparse" },
  strategy: chtsTopology,
};
