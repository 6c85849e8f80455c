/**
 * What happens when the loss explodes: the run stops, or goes back with half the learning rate.
 *
 * @module
 */
import type { TrainingEvent } from "./training_event.ts";
import type { Rollback, TrainingRun } from "./training_run.ts";

/** How often a run may halve its learning rate. */
const MAXIMUM_ROLLBACKS = 3;

/** The loss exploded or stopped being a number. */
export class TrainingDiverged extends Error {
  /** The error's name. */
  override name = "TrainingDiverged";
}

/** Takes the run back to the beginning of its epoch, with half the learning rate. */
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
  run.network.layers.forEach((layer, l) => {
    const stored = anchor.layers[l];
    layer.weights.set(stored.kind === "sparse" ? stored.data : stored.weights);
    layer.bias.set(stored.bias);
    layer.state.forEach((slot, s) => {
      slot.weights.set(anchor.state[l][s].weights);
      slot.bias.set(anchor.state[l][s].bias);
    });
  });
  const rollbacks = [...progress.rollbacks, divergence];
  const { flops, members, history, ...rest } = anchor.progress;
  // Copies, so that what the run adds to them is not added to the state it may go back to.
  const lists = { members: [...members], history: [...history] };
  Object.assign(progress, rest, lists, { rollbacks, flops: { ...flops } });
  // So that a run resumed from here knows that it went back.
  anchor.progress.rollbacks = rollbacks;
  return { type: "rollback", ...divergence };
}
