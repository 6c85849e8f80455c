/**
 * Divergence: when the loss explodes, the run stops, or goes back and halves the learning rate.
 *
 * @module
 */
import { memberSpan, phaseAt, stepsPerEpoch } from "../training/mod.ts";
import type { Progress } from "./progress.ts";
import type { SavedRun } from "./saved_run.ts";
import type { Rollback } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** The most times that the learning rate is halved for one member. */
const MAXIMUM_ROLLBACKS = 3;

/** The error of a run whose loss exploded or became NaN. */
export class TrainingDiverged extends Error {
  /** The error's name. */
  override name = "TrainingDiverged";
}

/** The number by which the learning rate is divided: a fresh network begins with the full one. */
export function rateDivisor(run: TrainingRun): number {
  const { method, progress: { rollbacks } } = run;
  return 2 ** (method.members === "sequential" ? rollbacks.length : ofMember(run));
}

/** The number of rollbacks of the member in training. */
function ofMember({ schedule, progress: { epoch, rollbacks } }: TrainingRun): number {
  const { from } = memberSpan(schedule, phaseAt(schedule, epoch).member);
  return rollbacks.filter((rollback) => rollback.epoch > from).length;
}

/**
 * The state to go back to, with half the learning rate. It is that of the beginning of the epoch. If that
 * was not enough for this member, or the network was broken before the epoch began, it is
 * `null`: the network begins anew, with {@linkcode progressAnew}.
 *
 * @throws {TrainingDiverged} If the settings allow no rollback, or the member has used up its rollbacks.
 */
export function stateBefore(run: TrainingRun, divergence: Rollback): SavedRun | null {
  const { anchor, settings } = run;
  const { epoch, batch, loss, learningRate } = divergence;
  const halved = ofMember(run);
  if (anchor === null || halved >= MAXIMUM_ROLLBACKS) {
    throw new TrainingDiverged(
      `Cannot go on training: the loss is ${loss} in epoch ${epoch}, batch ${batch}` +
        (halved > 0 ? `, although the learning rate was halved ${halved} times` : "") +
        `; try a learning rate below ${learningRate}` +
        (settings.scaling === "none" ? `, or scaling other than "none"` : "") +
        (settings.onDivergence === "stop" ? `, or onDivergence "rollback"` : ""),
    );
  }
  if (halved > 0 || run.progress.batch === 0) return null;
  return { ...anchor, progress: after(run, anchor.progress, divergence) };
}

/** The progress at the beginning of the network in training. Sequential members all have the same one. */
export function progressAnew(run: TrainingRun, divergence: Rollback): Progress {
  const { method, schedule, settings, progress, stage: { rows } } = run;
  const isSequential = method.members === "sequential";
  const { from } = memberSpan(schedule, phaseAt(schedule, progress.epoch).member);
  const epoch = isSequential ? 0 : from;
  const batches = stepsPerEpoch(rows.rows, settings);
  const anew: Progress = {
    ...progress,
    epoch,
    batch: 0,
    step: progress.step - (progress.epoch - epoch) * batches - progress.batch,
    loss: 0,
    correct: 0,
    members: isSequential ? [] : progress.members,
    best: null,
    history: progress.history.filter((record) => record.epoch <= epoch),
    updateIsDue: false,
  };
  return after(run, anew, divergence);
}

/** A progress after a divergence. The operations that were for nothing stay counted. */
function after({ progress }: TrainingRun, before: Progress, divergence: Rollback): Progress {
  return {
    ...before,
    rollbacks: [...progress.rollbacks, divergence],
    flops: progress.flops,
  };
}
