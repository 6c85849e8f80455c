import { memberSpan, phaseAt, type Schedule } from "./schedule.ts";

/**
 * The course of the learning rate:
 * - `"step"`: every phase of the schedule has its own (the paper's recipe);
 * - `"constant"`: the first phase's in all epochs;
 * - `"cosine"`: from the first phase's down to 0 over every member's epochs (I. Loshchilov and F. Hutter,
 *   "SGDR", 2017, https://arxiv.org/abs/1608.03983, with a restart at every member);
 * - `"one-cycle"`: over every member's epochs, from 1/25 up to the first phase's in the first 30 %, then
 *   down to 0, both along a cosine (after L. N. Smith and N. Topin, "Super-convergence", 2018,
 *   https://arxiv.org/abs/1708.07120).
 */
export type LearningRateCurve = "step" | "constant" | "cosine" | "one-cycle";

/** The share of a cycle in which the one-cycle learning rate rises. */
const RISE = 0.3;

/**
 * The learning rate of one batch.
 *
 * @param epoch Counted from 0.
 * @param done The share of the epoch's batches before this one, from 0 to 1.
 *
 * @example Usage
 * ```ts
 * import { independentSchedule, learningRateAt } from "@sparsemble/sparsemble/training";
 * import assert from "node:assert/strict";
 *
 * const schedule = independentSchedule({
 *   epochs: 10,
 *   explore: 0,
 *   members: 1,
 *   learningRate: 0.1,
 *   pruneRate: 0.2,
 *   interval: 2,
 *   refinement: "plain",
 * });
 * assert.equal(learningRateAt(schedule, "cosine", 5, 0), 0.05);
 * ```
 */
export function learningRateAt(
  schedule: Schedule,
  curve: LearningRateCurve,
  epoch: number,
  done: number,
): number {
  const phase = phaseAt(schedule, epoch);
  if (curve === "step") return phase.learningRate;
  const top = schedule.phases[0].learningRate;
  if (curve === "constant") return top;
  const { from, to } = memberSpan(schedule, phase.member);
  const progress = (epoch + done - from) / (to - from);
  if (curve === "cosine") return top * halfCosine(progress);
  return progress < RISE
    ? top * (1 - 24 / 25 * halfCosine(progress / RISE))
    : top * halfCosine((progress - RISE) / (1 - RISE));
}

/** Falls from 1 at progress 0 to 0 at progress 1. */
function halfCosine(progress: number): number {
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
