import { number } from "../../setting.ts";
import type { GrowthSettings, StepSettings } from "../growth.ts";
import type { Method } from "../method.ts";
import { meanOutput } from "./born_again.ts";
import { SET } from "../sparse_to_sparse/mod.ts";

/** The settings of negative correlation learning. */
export interface NegativeCorrelationSettings extends GrowthSettings, StepSettings {
  /** λ: the penalty on members that err alike, of negative correlation learning. */
  readonly correlationPenalty: number;
}

/**
 * Computes the mean output of the finished members, and the strength with which the next member is driven
 * away from it. Let f be the next member's output and F the mean over all m members, the next one included.
 * The penalty's gradient is −λ (f − F), and f − F is (m − 1) / m times the distance of f to the mean of the
 * others.
 *
 * @example Usage
 * ```ts
 * import { drivenAway } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * const { outputs, strength } = drivenAway([Float32Array.of(1, 0), Float32Array.of(3, 1)], 0.75);
 * assert.deepEqual([...outputs, strength], [2, 0.5, 0.5]);
 * ```
 */
export function drivenAway(
  earlier: readonly Float32Array[],
  penalty: number,
): { outputs: Float32Array; strength: number } {
  return {
    outputs: meanOutput(earlier),
    strength: penalty * earlier.length / (earlier.length + 1),
  };
}

/**
 * Negative correlation learning: a penalty of −λ (f − F)² drives a member's output f away from the mean
 * output F of the ensemble. λ is from 0 to 1; the publication tries several values. A member evolves as in
 * sparse evolutionary training.
 *
 * In the publication all networks learn at the same time. Here they learn one after the other, so that one
 * network's memory is enough. F is the mean of the finished members and the one in training. So the first
 * member has no penalty.
 *
 * The publication learns classes by squared errors. Here the loss of classes is the cross-entropy, and the
 * penalty is on the distance of probabilities.
 */
export const NEGATIVE_CORRELATION: Method<"ncl", NegativeCorrelationSettings> = {
  name: "ncl",
  title: "Negative correlation learning",
  family: "ensembles",
  source:
    'Y. Liu and X. Yao, "Ensemble learning via negative correlation", Neural Networks 12, 1999, ' +
    "https://doi.org/10.1016/S0893-6080(99)00073-8",
  says: "as with `set`; a penalty drives a member's outputs away from those of earlier members",
  layers: "sparse",
  members: "independent",
  settings: {
    ...SET.settings,
    correlationPenalty: number(
      "λ: the penalty on members that err alike, of negative correlation learning",
      0.5,
      0,
      1,
    ),
  },
  paper: { explore: 0, learningRate: 0.01 },
  lesson: (_, earlier, { correlationPenalty }) =>
    earlier.length === 0 ? {} : { away: drivenAway(earlier, correlationPenalty) },
  strategy: (settings) => ({ ...SET.strategy!(settings), name: "negative correlation learning" }),
};
