/**
 * Divergence: when the loss explodes, the run stops, or goes back and halves the learning rate.
 *
 * @module
 */
import { restoreConnections } from "../nn/mod.ts";
import { restoreMemory } from "./strategy_memory.ts";
import type { TrainingEvent } from "./training_event.ts";
import { copyProgress, restoreState, type Rollback, type TrainingRun } from "./training_run.ts";

/** The most times a run may halve its learning rate. */
const MAXIMUM_ROLLBACKS = 3;

/** The error of a run whose loss exploded or became NaN. */
export class TrainingDiverged extends Error {
  /** The error's name. */
  override name = "TrainingDiverged";
}

/**
 * Resets the run to the beginning of its epoch and halves its learning rate.
 *
 * @throws {TrainingDiverged} If the settings allow no rollback, or the run has used up its rollbacks.
 */
export function goBack(run: TrainingRun, divergence: Rollback): TrainingEvent {
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
  anchor.layers.forEach((stored, l) => {
    // A strategy may have changed the topology since the epoch began.
    if (stored.kind === "sparse") restoreConnections(run.network, l, stored);
    else run.network.layers[l].weights.set(stored.weights);
    run.network.layers[l].bias.set(stored.bias);
  });
  restoreState(run.network, anchor.state);
  run.memory = restoreMemory(run.method.topology, anchor.strategy, run.network);
  const rollbacks = [...progress.rollbacks, divergence];
  Object.assign(progress, copyProgress(anchor.progress), { rollbacks });
  // A run that is resumed from this anchor must know its rollbacks.
  anchor.progress.rollbacks = rollbacks;
  return { type: "rollback", ...divergence };
}
