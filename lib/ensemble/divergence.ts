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

/** The maximal number of times that the learning rate is halved for one member. */
const MAXIMUM_ROLLBACKS = 3;

/** The error of a run whose loss exploded or became NaN. */
export class TrainingDiverged extends Error {
  /** The error's name. */
  override name = "TrainingDiverged";
}

/** Returns the number by which rollbacks divide the learning rate. Every fresh network begins with 1. */
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
 * Returns the state to go back to after a divergence: that of the beginning of the epoch. Returns `null` if
 * the member has gone back there before, or if the network had diverged before the epoch began. The network
 * then begins anew, with {@linkcode progressAnew}.
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

/**
 * Returns the progress at the beginning of the network in training. For sequential members this is the
 * beginning of the run, because they share one network.
 */
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

/** The progress after a rollback. The operations of the discarded steps stay counted. */
function after({ progress }: TrainingRun, before: Progress, divergence: Rollback): Progress {
  return {
    ...before,
    rollbacks: [...progress.rollbacks, divergence],
    flops: progress.flops,
  };
}
