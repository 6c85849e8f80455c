/**
 * The model of a finished run: its members and their calibration. The calibration is a temperature of the
 * probabilities, and the width of intervals or the probability threshold of class sets.
 *
 * @module
 */
import type { TargetScaling } from "../data/preprocessing/mod.ts";
import type { Dataset } from "../data/table/mod.ts";
import type { Model } from "../model/mod.ts";
import type { Member } from "../nn/mod.ts";
import {
  type Conformal,
  conformalQuantile,
  ensembleOutputs,
  ensembleTemperature,
  memberOutputs,
  numberScores,
  openEnsemble,
  trueClassScores,
  withTemperature,
} from "../prediction/mod.ts";
import { activationOf } from "../settings/mod.ts";
import type { PreparedProblem } from "./problem.ts";
import type { TrainingRun } from "./training_run.ts";

/** Makes a model of a finished run. */
export function modelOf(
  run: TrainingRun,
  { preprocessing, targetScaling }: Pick<PreparedProblem, "preprocessing" | "targetScaling">,
  { classes, target, targetNotation }: Pick<Dataset, "classes" | "target" | "targetNotation">,
): Model {
  const temperature = calibrate(run) ?? undefined;
  return {
    members: run.progress.members,
    settings: { ...run.settings, kernels: run.stage.network.kernels.name },
    strategy: run.ownStrategy === null ? undefined : { name: run.ownStrategy },
    preprocessing,
    classes,
    targetScaling: targetScaling ?? undefined,
    temperature,
    conformal: conform(run, targetScaling, temperature) ?? undefined,
    target,
    targetNotation,
  };
}

/**
 * Computes the temperature that calibrates a finished run's ensemble. Returns `null` if the settings ask
 * for no calibration, or no rows were held out.
 */
export function calibrate(run: TrainingRun): number | null {
  const { settings, problem: { validation }, progress: { members }, stage: { network } } = run;
  if (settings.calibration === "none" || validation === null) return null;
  const own = heldOutFrom(run);
  using ensemble = openEnsemble(own, activationOf(settings), network.kernels);
  const outputs = memberOutputs(ensemble, validation.features, validation.rows)
    .map((output, m) => {
      const { vote } = own[m];
      // So the mean of these outputs equals the sum weighted by votes.
      return vote === undefined ? output : output.map((value) => value * vote * own.length);
    });
  const { labels, weights } = validation;
  return ensembleTemperature(outputs, labels, ensemble.classes, members.length, weights);
}

/**
 * Computes the conformal calibration of a finished run. It uses the held-out rows and the members that were
 * not trained on them. Every row counts once, whatever its weight, because `coverage` is a share of rows.
 * Returns `null` if the settings ask for no coverage.
 */
function conform(
  run: TrainingRun,
  targetScaling: TargetScaling | null,
  temperature: number | undefined,
): Conformal | null {
  const { settings: { coverage }, settings, problem: { validation }, stage: { network } } = run;
  if (coverage === undefined || validation === null) return null;
  const { features, rows, labels, targets } = validation;
  using ensemble = openEnsemble(heldOutFrom(run), activationOf(settings), network.kernels);
  const outputs = ensembleOutputs(ensemble, features, rows);
  if (targetScaling !== null && targets !== undefined) {
    const quantile = conformalQuantile(numberScores(outputs, targets), coverage);
    return { coverage, quantile: quantile * targetScaling.deviation, rows };
  }
  const { classes } = ensemble;
  const probabilities = temperature === undefined
    ? outputs
    : withTemperature(outputs, classes, temperature);
  const quantile = conformalQuantile(trueClassScores(probabilities, labels, classes), coverage);
  return { coverage, quantile, rows };
}

/** The members that were not trained on the held-out rows. After trials these are the trial members only. */
function heldOutFrom({ settings, progress: { members }, stage }: TrainingRun): readonly Member[] {
  return settings.trials === 0 ? members : stage.chosenTrials;
}
