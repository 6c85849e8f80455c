import { memberSpan, phaseAt, type Schedule } from "./schedule.ts";

/**
 * How the learning rate moves:
 * - `"step"`: as the schedule's phases say (the paper's recipe);
 * - `"constant"`: the first phase's throughout;
 * - `"cosine"`: from the first phase's to 0 over every member's epochs (Loshchilov and Hutter,
 *   2017, with a restart at every member);
 * - `"one-cycle"`: over every member's epochs up from 1/25 in the first 30 %, then down to 0 along
 *   a cosine (after Smith and Topin, 2018).
 */
export type LearningRateCurve = "step" | "constant" | "cosine" | "one-cycle";

/** The share of a cycle in which one-cycle's learning rate rises. */
const RISE = 0.3;

/**
 * The learning rate of one batch.
 *
 * @param epoch Counted from 0.
 * @param done The share of the epoch's batches that came before this one, from 0 to 1.
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

/** From 1 at 0 down to 0 at 1. */
function halfCosine(progress: number): number {
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
