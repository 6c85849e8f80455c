/**
 * The model of a finished run.
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
  const temperature = calibrate(run);
  return {
    members: run.progress.members,
    settings: { ...run.settings, kernels: run.network.kernels.name },
    ...run.ownStrategy === null ? {} : { strategy: { name: run.ownStrategy } },
    preprocessing,
    classes,
    // A model without these has no such keys, as one that was loaded from a file.
    ...targetScaling === null ? {} : { targetScaling },
    ...temperature === null ? {} : { temperature },
    target,
  };
}

/**
 * The temperature that calibrates a finished run's ensemble. `null` if the settings ask for no
 * calibration, or no rows were held out.
 */
export function calibrate(run: TrainingRun): number | null {
  const { settings, problem: { validation }, progress: { members }, network: { kernels } } = run;
  if (settings.calibration === "none" || validation === null) return null;
  using ensemble = openEnsemble(heldOutFrom(run), activationOf(settings), kernels);
  const outputs = memberOutputs(ensemble, validation.features, validation.rows);
  return ensembleTemperature(outputs, validation.labels, ensemble.classes, members.length);
}

/** The members that did not learn from the held-out rows: after trials, only the trial members. */
function heldOutFrom({ settings, progress: { members }, trialScores }: TrainingRun): Member[] {
  return settings.trials === 0
    ? members
    : members.slice(0, settings.trials * trialScores[0].candidates.length);
}
