/**
 * Divergence: when the loss explodes, the run stops, or goes back and halves the learning rate.
 *
 * @module
 */
import type { SavedRun } from "./saved_run.ts";
import type { Rollback } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** The most times a run may halve its learning rate. */
const MAXIMUM_ROLLBACKS = 3;

/** The error of a run whose loss exploded or became NaN. */
export class TrainingDiverged extends Error {
  /** The error's name. */
  override name = "TrainingDiverged";
}

/**
 * The state to go back to: that of the beginning of the epoch, with half the learning rate.
 *
 * @throws {TrainingDiverged} If the settings allow no rollback, or the run has used up its rollbacks.
 */
export function stateBefore(run: TrainingRun, divergence: Rollback): SavedRun {
  const { anchor, progress, settings } = run;
  const { epoch, batch, loss, learningRate } = divergence;
  if (anchor === null || progress.rollbacks.length >= MAXIMUM_ROLLBACKS) {
    const halved = progress.rollbacks.length;
    throw new TrainingDiverged(
      `Cannot go on training: the loss is ${loss} in epoch ${epoch}, batch ${batch}` +
        (halved > 0 ? `, although the learning rate was halved ${halved} times` : "") +
        `; try a learning rate below ${learningRate}` +
        (settings.scaling === "none" ? `, or scaling other than "none"` : "") +
        (settings.onDivergence === "stop" ? `, or onDivergence "rollback"` : ""),
    );
  }
  const rollbacks = [...progress.rollbacks, divergence];
  return { ...anchor, progress: { ...anchor.progress, rollbacks } };
}
