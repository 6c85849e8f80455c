import { type LearningRateCurve, memberSpan, phaseAt, type Schedule } from "./schedule.ts";

/** The share of a cycle in which the one-cycle learning rate rises. */
const RISE = 0.3;

/**
 * Computes the learning rate of one batch.
 *
 * @param common The learning-rate curve of phases without a curve of their own.
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
  common: LearningRateCurve,
  epoch: number,
  done: number,
): number {
  const phase = phaseAt(schedule, epoch);
  const curve = phase.learningRateCurve ?? common;
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
