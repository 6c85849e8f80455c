/**
 * Importance pruning. S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at scale",
 * 2021, https://arxiv.org/abs/2102.01732.
 *
 * @module
 */
import { number } from "../../setting.ts";
import { blockNormFlops, sampleFree } from "../../sparse/mod.ts";
import { pruneSigned, survivorsOf, type TopologyStrategy } from "../../topology/mod.ts";
import type { Method } from "../method.ts";

/** The settings of importance pruning. */
export interface ImportanceSettings {
  /** The share of a layer's neurons whose inputs each importance pruning removes. */
  readonly neuronShare: number;
  /** The share of the training before the first importance pruning. */
  readonly pruneAfter: number;
}

/** The share of the training from one importance pruning to the next: 10 of the paper's 500 epochs. */
const EVERY = 0.02;

/**
 * SET with importance pruning. In the later part of training, the least important neurons lose all their
 * inputs. A neuron's importance is the sum of the magnitudes of its incoming weights. The least important
 * neurons are those up to the 20th percentile of their layer. These connections are not replaced, so the
 * network becomes sparser than the settings say. After each importance pruning, SET replaces its share of
 * the remaining connections; it may grow inputs of pruned neurons again. As in the paper, the output layer
 * is not pruned.
 *
 * The paper prunes by importance every 10 of 500 epochs, from epoch 200 on. Here these numbers are shares
 * of the training, and the pruning happens at the next topology update. A block of neurons that share their
 * inputs counts as one neuron.
 *
 * The percentile counts all neurons of a layer, also those without inputs, as in the authors' program
 * (https://github.com/SelimaC/large-scale-sparse-neural-networks, `set_mlp_sequential.py`). So about
 * `neuronShare` of the neurons have no inputs at any time. The connections still become fewer, because
 * those that SET gives to such neurons are pruned again. The authors' program for several workers has the
 * 10th percentile every 20 epochs instead.
 *
 * @param options.neuronShare The percentile / 100.
 * @param options.pruneAfter The progress before the first importance pruning.
 *
 * @example Usage
 * ```ts
 * import { importancePruning } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(importancePruning().name, "importance pruning");
 * ```
 */
export function importancePruning(
  { neuronShare = 0.2, pruneAfter = 0.4 } = {},
): TopologyStrategy<{ next: number }> {
  return {
    name: "importance pruning",
    source: "https://arxiv.org/abs/2102.01732",
    begin: () => ({ next: pruneAfter }),
    update({ layers }, { progress, pruneRate }, memory) {
      const isDue = progress > memory.next;
      while (progress > memory.next) memory.next += EVERY;
      return layers.map((layer) => {
        const { shape: [rows], indptr, indices, weights, blockSize, random } = layer;
        const importance = new Float64Array(rows);
        for (let row = 0; row < rows; row++) {
          for (let k = indptr[row] * blockSize; k < indptr[row + 1] * blockSize; k++) {
            importance[row] += Math.abs(weights[k]);
          }
        }
        const order = importance.toSorted();
        const limit = isDue ? order[Math.floor(neuronShare * (rows - 1))] : -1;
        const [lost, left]: number[][] = [[], []];
        for (let row = 0; row < rows; row++) {
          const own = importance[row] <= limit ? lost : left;
          for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) own.push(entry);
        }
        // SET sees the remaining connections only, so the connections of pruned neurons are not replaced.
        const others = {
          ...layer,
          ...survivorsOf(layer, Int32Array.from(lost)),
          weights: Float64Array.from(
            { length: left.length * blockSize },
            (_, k) => weights[left[Math.floor(k / blockSize)] * blockSize + k % blockSize],
          ),
        };
        const weak = Array.from(pruneSigned(others, pruneRate), (entry) => left[entry]);
        const remove = Int32Array.from([...lost, ...weak]).sort();
        const grow = sampleFree([survivorsOf(layer, remove)], weak.length, layer.shape, random);
        const flops = weights.length + blockNormFlops(indices.length, blockSize);
        return { layer: layer.layer, remove, grow, flops };
      });
    },
  };
}

/** Importance pruning: one network or independent ones. */
export const IMPORTANCE: Method<"importance", ImportanceSettings> = {
  name: "importance",
  title: "Importance pruning",
  family: "sparse to sparse",
  source:
    'S. Curci, D. C. Mocanu and M. Pechenizkiy, "Truly sparse neural networks at scale", 2021, ' +
    "https://arxiv.org/abs/2102.01732",
  says: "as SET; the least important neurons also lose all their inputs",
  layers: "sparse",
  members: "independent",
  settings: {
    neuronShare: number(
      "The share of a layer's neurons whose inputs each importance pruning removes",
      0.2,
      0,
      1,
      "above",
    ),
    pruneAfter: number("The share of the training before the first importance pruning", 0.4, 0, 1),
  },
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { pruneRate: 0.3, interval: 1 },
  // A network of an earlier epoch would have more connections.
  only: { memberSelection: ["last"] },
  strategy: importancePruning,
};
