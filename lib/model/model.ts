import { requireKind } from "../arguments.ts";
import { type Preprocessing, rawColumns, type TargetScaling } from "../data/preprocessing/mod.ts";
import type { Notation } from "../data/table/mod.ts";
import type { Member } from "../nn/mod.ts";
import type { Conformal } from "../prediction/mod.ts";
import { epochsOfTrials, type Settings, trialMembers } from "../settings/mod.ts";

/** The origin of a strategy that the user supplied instead of the method's. */
export interface StrategyOrigin {
  /** Its name. Left out before its file was loaded for the first time. */
  readonly name?: string | undefined;
  /** The absolute path of its file. Left out if a script supplied it. */
  readonly path?: string | undefined;
  /** The name of the file's export. Left out: the default, or the only strategy. */
  readonly export?: string | undefined;
  /** The SHA-256 of the file's bytes, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /**
   * The SHA-256 of earlier strategy files, oldest first, if the run was resumed with a changed file. Left
   * out if the file never changed.
   */
  readonly earlier?: readonly string[] | undefined;
}

/** A trained ensemble with everything that predicting from raw rows needs: the content of a model file. */
export interface Model {
  /** The networks. */
  readonly members: readonly Member[];
  /** The settings of their training. */
  readonly settings: Settings;
  /** The topology strategy, if the user supplied one. */
  readonly strategy?: StrategyOrigin | undefined;
  /** The preprocessing of raw columns to the networks' inputs. */
  readonly preprocessing: Preprocessing;
  /** The class labels, spelled as in the training file; none if numbers are predicted. */
  readonly classes: readonly string[];
  /** The scale of the predicted numbers; left out if classes are predicted. */
  readonly targetScaling?: TargetScaling | undefined;
  /**
   * The temperature T: probabilities are raised to the power of 1 / T. Left out if they are not calibrated.
   */
  readonly temperature?: number | undefined;
  /** The calibration of intervals or class sets. Left out if the model has none. */
  readonly conformal?: Conformal | undefined;
  /**
   * The ensemble from which the member was distilled: its number of members. Left out without distillation.
   */
  readonly distilled?: { readonly members: number } | undefined;
  /** The name of the target column. */
  readonly target: string;
  /** The notation of the numbers to predict in the training file. Left out for plain numbers. */
  readonly targetNotation?: Notation | undefined;
}

/**
 * Checks that a value is a model.
 *
 * @param intent The action that needs it, as in "Cannot `intent`: …".
 * @throws {TypeError} If it is not.
 */
export function requireModel(intent: string, value: unknown): asserts value is Model {
  requireKind(intent, value, {
    name: "a model",
    has: ["members", "settings", "preprocessing", "classes"],
    makers: ["fit", "load"],
    within: "model",
  });
}

/**
 * The number of every member in the order of training, from 1. Trial members that were left out have
 * numbers too, so a member has the same number in training, in the model and in every table.
 */
export function memberNumbers(
  { members, settings }: Pick<Model, "members" | "settings">,
): number[] {
  if (settings.trials === 0) return members.map((_, m) => m + 1);
  // With trials, the trial members are trained first, one after the other.
  const turns = epochsOfTrials(settings);
  const trials = trialMembers(settings);
  // The last epoch of every trial, then that of all trials.
  const ends: number[] = [];
  for (let m = 0; m < trials; m++) ends.push((ends[m - 1] ?? 0) + turns[m % turns.length]);
  const over = ends[trials - 1] ?? 0;
  const kept = members.filter(({ epoch }) => epoch <= over).length;
  // Which candidates the members have is not known here, but all of them stay: they follow one another.
  const inTurn = settings.candidates.some(({ memberEpochs }) => memberEpochs !== undefined);
  return members.map(({ epoch }, place) => {
    if (epoch <= over) return 1 + ends.findIndex((end) => epoch <= end);
    return trials + (inTurn ? place - kept + 1 : Math.ceil((epoch - over) / settings.epochs));
  });
}

/**
 * Returns the options with which `readDataset` reads a table for this model: its columns, its target and
 * their notations.
 */
export function datasetColumns(
  { preprocessing, target, targetScaling, targetNotation, classes }: Omit<Model, "members">,
): ReturnType<typeof rawColumns> & {
  target: string;
  task: "classification" | "regression";
  classes: readonly string[];
} {
  const columns = rawColumns(preprocessing);
  const notations = new Map(columns.notations);
  if (targetNotation !== undefined) notations.set(target, targetNotation);
  const task = targetScaling === undefined ? "classification" : "regression";
  return { ...columns, notations, target, task, classes };
}
