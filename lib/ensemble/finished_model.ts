/**
 * The model that a finished run makes: its members, and the temperature that calibrates them.
 *
 * @module
 */
import type { Dataset } from "../data/table/mod.ts";
import type { Model } from "../model/mod.ts";
import type { Member } from "../nn/mod.ts";
import { ensembleTemperature, memberOutputs, openEnsemble } from "../prediction/mod.ts";
import { activationOf } from "../settings/mod.ts";
import type { PreparedProblem } from "./problem.ts";
import type { TrainingRun } from "./training_run.ts";

/** Makes a model of a finished run. */
export function modelOf(
  run: TrainingRun,
  { preprocessing, targetScaling }: Pick<PreparedProblem, "preprocessing" | "targetScaling">,
  { classes, target }: Pick<Dataset, "classes" | "target">,
): Model {
  return {
    members: run.progress.members,
    settings: { ...run.settings, kernels: run.stage.network.kernels.name },
    strategy: run.ownStrategy === null ? undefined : { name: run.ownStrategy },
    preprocessing,
    classes,
    targetScaling: targetScaling ?? undefined,
    temperature: calibrate(run) ?? undefined,
    target,
  };
}

/**
 * The temperature that calibrates a finished run's ensemble. `null` if the settings ask for no
 * calibration, or no rows were held out.
 */
export function calibrate(run: TrainingRun): number | null {
  const { settings, problem: { validation }, progress: { members }, stage: { network } } = run;
  if (settings.calibration === "none" || validation === null) return null;
  using ensemble = openEnsemble(heldOutFrom(run), activationOf(settings), network.kernels);
  const outputs = memberOutputs(ensemble, validation.features, validation.rows);
  const { labels, weights } = validation;
  return ensembleTemperature(outputs, labels, ensemble.classes, members.length, weights);
}

/** The members that did not learn from the held-out rows: after trials, only the trial members. */
function heldOutFrom({ settings, progress: { members }, stage }: TrainingRun): readonly Member[] {
  return settings.trials === 0 ? members : stage.chosenTrials;
}
