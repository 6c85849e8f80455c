/**
 * The moments of a run at which its strategy changes the topology.
 *
 * @module
 */
import type { Moment, UpdateTimes } from "../../topology/mod.ts";
import {
  endsMember,
  learningRateAt,
  memberSpan,
  phaseAt,
  stepsPerEpoch,
  updatesTopology,
} from "../../training/mod.ts";
import { rateDivisor } from "../divergence.ts";
import type { TrainingRun } from "../training_run.ts";

/** Describes the present moment of a run, with the schedule's pruning rate. */
export function momentOf(run: TrainingRun): Moment {
  const { method, schedule, progress, settings, stage: { rows } } = run;
  const batches = stepsPerEpoch(rows.rows, settings);
  const phase = phaseAt(schedule, progress.epoch);
  const { from, to } = method.members === "sequential"
    ? { from: 0, to: schedule.epochs }
    : memberSpan(schedule, phase.member);
  const [step, steps] = [
    (progress.epoch - from) * batches + progress.batch,
    (to - from) * batches,
  ];
  return {
    epoch: progress.epoch - from + (progress.batch === batches ? 1 : 0),
    epochs: to - from,
    step,
    steps,
    progress: step / steps,
    pruneRate: phase.pruneRate,
    learningRate: rateOfBatch(run, Math.max(0, progress.batch - 1), batches),
    member: phase.member,
    phase: phase.name,
  };
}

/** Returns the learning rate of a batch of the current epoch. Batches are counted from 0. */
export function rateOfBatch(run: TrainingRun, batch: number, batches: number): number {
  const { settings, schedule, progress } = run;
  const curve = settings.learningRateCurve;
  return learningRateAt(schedule, curve, progress.epoch, batch / batches) / rateDivisor(run);
}

/**
 * Returns `true` if the strategy updates the topology after this step. It does not after a member's last
 * step.
 */
export function updatesAfterStep(run: TrainingRun): boolean {
  const { when } = run.method.topology;
  return when?.unit === "steps" && isDue(run, when);
}

/**
 * Returns `true` if the strategy updates the topology after this epoch. It does not after a member's last
 * epoch.
 */
export function updatesAfterEpoch(run: TrainingRun): boolean {
  const { method: { topology: { when } }, schedule, progress } = run;
  if (when === undefined) return updatesTopology(schedule, progress.epoch);
  return when.unit === "epochs" && isDue(run, when);
}

function isDue(run: TrainingRun, { every, unit, until = 1 }: UpdateTimes): boolean {
  const { schedule, progress } = run;
  const { step, steps, epoch, epochs } = momentOf(run);
  const done = unit === "steps" ? step : epoch;
  const isLast = endsMember(schedule, progress.epoch) && progress.batch === steps / epochs;
  return done % every === 0 && step <= until * steps && !isLast;
}
