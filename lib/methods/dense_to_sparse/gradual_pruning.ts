/**
 * Gradual magnitude pruning. M. Zhu and S. Gupta, "To prune, or not to prune: exploring the efficacy of
 * pruning for model compression", 2017, https://arxiv.org/abs/1710.01878.
 *
 * @module
 */
import { blockNormFlops, erdosRenyi } from "../../sparse/mod.ts";
import { cubicSchedule, pruneMagnitude, type TopologyStrategy } from "../../topology/mod.ts";
import { STEPS, type StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";

/**
 * Gradual magnitude pruning. Every layer begins dense. Updates prune the weights smallest in magnitude, and
 * no connection grows. The number of connections falls along a cubic to that of the settings.
 *
 * The paper finds intervals from 100 to 1,000 steps equally good. In the paper, pruning may begin late;
 * here it begins at once. The end at a progress of 0.75 is our choice.
 *
 * @param options.every The steps between two prunings.
 * @param options.until The progress at which the final number of connections is reached.
 *
 * @example Usage
 * ```ts
 * import { gradualPruning } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(gradualPruning().name, "gradual magnitude pruning");
 * ```
 */
export function gradualPruning({ every = 100, until = 0.75 } = {}): TopologyStrategy {
  return {
    name: "gradual magnitude pruning",
    source: "https://arxiv.org/abs/1710.01878",
    initialize: ([rows, columns], _density, random) => erdosRenyi(rows, columns, 1, random),
    // One update comes exactly at `until`, even if it is no multiple of `every`. So a short run ends as
    // sparse as a long one.
    when: { every: 1, unit: "steps" },
    update({ layers }, { step, progress }) {
      if (step % every !== 0 && progress < until) return [];
      return layers.flatMap((layer) => {
        const { density, shape: [rows, columns], indices: { length }, blockSize } = layer;
        const wanted = cubicSchedule({ from: 1, to: density, until })(progress);
        const surplus = length - Math.round(wanted * rows * columns);
        if (surplus <= 0) return [];
        const remove = pruneMagnitude(layer, surplus / length);
        return [{ layer: layer.layer, remove, flops: blockNormFlops(length, blockSize) }];
      });
    },
  };
}

/** Gradual magnitude pruning: one network or independent ones. */
export const GRADUAL: Method<"gradual", StepSettings> = {
  name: "gradual",
  title: "Gradual magnitude pruning",
  family: "dense to sparse",
  source:
    'M. Zhu and S. Gupta, "To prune, or not to prune: exploring the efficacy of pruning for model ' +
    'compression", 2017, https://arxiv.org/abs/1710.01878',
  says: "begins dense; prunes the weakest weights until the density is reached, and grows none",
  memory: "dense at first",
  layers: "sparse",
  members: "independent",
  settings: STEPS,
  paper: { members: 1, explore: 0, learningRate: 0.01 },
  published: { updateSteps: 100, evolveUntil: 0.75 },
  // A network of an earlier epoch would have more connections.
  only: { memberSelection: ["last"] },
  ignores: ["interval", "pruneRate"],
  strategy: ({ updateSteps, evolveUntil }) =>
    gradualPruning({ every: updateSteps, until: evolveUntil }),
};
