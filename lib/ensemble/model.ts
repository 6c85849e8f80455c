import type { Dataset } from "../data/dataset.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { TargetScaling } from "../data/target_scaling.ts";
import { calibrate } from "./calibration.ts";
import type { Member } from "./member.ts";
import type { PreparedProblem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import type { TrainingRun } from "./training_run.ts";

/** A trained ensemble with all that is needed to use it on raw rows: what a model file holds. */
export interface Model {
  /** The networks. */
  readonly members: readonly Member[];
  /** The settings they were trained with. */
  readonly settings: Settings;
  /** The way from raw columns to the networks' inputs. */
  readonly preprocessing: Preprocessing;
  /** The class labels, as they are written in the training file; empty where numbers are predicted. */
  readonly classes: readonly string[];
  /** The scale of the predicted numbers. Left out: classes are predicted. */
  readonly targetScaling?: TargetScaling | undefined;
  /** T: probabilities are raised to the power of 1 / T. Left out: they stay as they are. */
  readonly temperature?: number | undefined;
  /** The name of the target column. */
  readonly target: string;
}

/** The model of a run that is trained to its end. */
export function modelOf(
  run: TrainingRun,
  { preprocessing, targetScaling }: Pick<PreparedProblem, "preprocessing" | "targetScaling">,
  { classes, target }: Pick<Dataset, "classes" | "target">,
): Model {
  const temperature = calibrate(run);
  return {
    members: run.progress.members,
    settings: { ...run.settings, kernels: run.network.kernels.name },
    preprocessing,
    classes,
    ...targetScaling === null ? {} : { targetScaling },
    ...temperature === null ? {} : { temperature },
    target,
  };
}
