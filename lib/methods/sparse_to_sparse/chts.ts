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
  /** α of CHTs: the part of a weight's magnitude beside its relative importance. */
  readonly magnitudePart: number;
}

/** δ at first and at last: how much a score counts against chance. */
const [SOFT, FIRM] = [0.5, 0.75];

/**
 * The scores by which CHTs keeps connections: (α |w| + (1 − α) R)^(δ / (1 − δ)). R, the relative importance,
 * is the sum of |w| / Σ |w| over the connections of its output neuron, and over those of its input neuron.
 * Of a block, |w| is the norm.
 *
 * @param part α.
 * @param progress The finished share of the training, with which δ goes from 0.5 to 0.75.
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
 * CHTs: the connections that stay are drawn with probabilities in proportion to their scores, and so are
 * those that grow: the scores are those of the link predictor CH2-L3n. Else it is as CHT, but no layer's
 * topology stops early. With α = 1 what counts is a weight's magnitude, with α = 0 its relative importance;
 * the paper tries both, and nothing between. δ rises in a line here. In the authors' code
 * (https://github.com/biomedical-cybernetics/Cannistraci-Hebb-training) the power itself does, from 1 to
 * 3 as here; that for language models has 9.
 *
 * The paper's first connections, a bipartite receptive field, are left out, and so is the sigmoid decay of
 * the density of its variant CHTss.
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
  says: "as CHT, but what goes and what grows is drawn in proportion to scores",
  costs: "all paths of three connections, and no gradient",
  layers: "sparse",
  members: "independent",
  settings: {
    magnitudePart: number(
      "α of CHTs: the part of a weight's magnitude beside its relative importance",
      1,
      0,
      1,
    ),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.3, interval: 1, fan: "sparse" },
  strategy: chtsTopology,
};
