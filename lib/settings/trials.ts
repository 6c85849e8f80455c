import {
  choice,
  integer,
  listOf,
  number,
  optional,
  type Setting,
  settingError,
  type SettingTable,
  toggle,
  unknownSetting,
} from "../setting.ts";
import { FEATURES, type FeatureSettings } from "./features.ts";
import { OPTIMIZER, type OptimizerSettings } from "./optimizer.ts";
import type { ProtocolSettings } from "./protocol.ts";
import { TRAINING, type TrainingSettings } from "./training.ts";

/** Settings that trials may choose, in place of the run's own. */
export interface Candidate
  extends
    Partial<Pick<TrainingSettings, "dropout" | "labelSmoothing">>,
    Partial<Pick<OptimizerSettings, "weightDecay">>,
    Partial<Pick<FeatureSettings, "frequencies" | "frequency" | "frequencySpread">> {
  /**
   * The members that have the settings of this candidate learn for so many times `epochs`, and its trial
   * members for so many times those of the others: a candidate that learns slowly is tried as it will be
   * trained. Left out: 1.
   */
  readonly memberEpochs?: number;
}

const { dropout, labelSmoothing } = TRAINING;
const { weightDecay } = OPTIMIZER;
const { frequencies, frequency, frequencySpread } = FEATURES;

/** The settings of a candidate, in the order in which they are stored. */
const CANDIDATE: Readonly<Record<string, Setting<number>>> = {
  dropout,
  labelSmoothing,
  weightDecay,
  frequencies,
  frequency,
  frequencySpread,
  memberEpochs: number("How many times `epochs` its members learn", 1, 0, 100, "above"),
};

function readCandidate(value: unknown, name: string): Candidate {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw settingError(name, value, "an object", TypeError);
  }
  const strange = Object.keys(value).find((key) => !Object.hasOwn(CANDIDATE, key));
  if (strange !== undefined) throw unknownSetting(`${name}.${strange}`, Object.keys(CANDIDATE));
  const given = value as Readonly<Record<string, unknown>>;
  const entries = Object.entries(CANDIDATE).filter(([key]) => Object.hasOwn(given, key));
  return Object.fromEntries(
    entries.map(([key, { read }]) => [key, read(given[key], `${name}.${key}`)]),
  );
}

/** The settings of trials, which choose on held-out rows. */
export interface TrialSettings {
  /** Members trained for every candidate, with rows held out; 0 for none. */
  readonly trials: number;
  /** The share of `epochs` for which a trial member is trained, at least one; left out: all. */
  readonly trialEpochs?: number | undefined;
  /** Settings among which the trials choose one, or a mixture that the members share. */
  readonly candidates: readonly Candidate[];
  /** Trial members of what is chosen stay, beyond `members`; not where `members` is given. */
  readonly keepTrials?: boolean | undefined;
  /** The calibration of probabilities, on held-out rows. */
  readonly calibration: "none" | "temperature";
  /** The share of new rows that intervals or class sets are to hold, from held-out rows. */
  readonly coverage?: number | undefined;
}

const TRIAL_EPOCHS = number(
  "The share of `epochs` for which a trial member is trained, at least one; left out: all",
  1,
  0,
  1,
  "above",
);

const KEEP_TRIALS = toggle(
  "Trial members of what is chosen stay, beyond `members`; not where `members` is given",
  true,
);

export const TRIALS: SettingTable<TrialSettings> = {
  trials: integer(
    "Members trained for every candidate, with rows held out; 0 for none",
    0,
    0,
    1000,
  ),
  trialEpochs: {
    ...optional(TRIAL_EPOCHS),
    // Runs whose trials are as long as their members are stored as they were before there was a choice.
    read: (value = 1, name) => {
      const share = TRIAL_EPOCHS.read(value, name);
      return share === 1 ? undefined : share;
    },
  },
  candidates: {
    says: "Settings among which the trials choose one, or a mixture that the members share",
    value: "json",
    default: Object.freeze([]),
    read: listOf(readCandidate),
  },
  keepTrials: {
    ...optional(KEEP_TRIALS),
    // Runs that keep them are stored as they were before there was a choice.
    read: (value = true, name) => KEEP_TRIALS.read(value, name) ? undefined : false,
  },
  calibration: choice("The calibration of probabilities, on held-out rows", [
    "none",
    "temperature",
  ]),
  coverage: optional(
    number(
      "The share of new rows that intervals or class sets are to hold, from held-out rows",
      0.9,
      0.01,
      1,
      "below",
    ),
  ),
};

/** The number of trial members that settings ask for. */
export function trialMembers({ trials, candidates }: TrialSettings): number {
  return trials * candidates.length;
}

/** The settings that a candidate brings. */
export type CandidateSettings = Omit<Candidate, "memberEpochs">;

/** The settings of a candidate's networks. The schedule has the epochs of its members. */
export function settingsOfCandidate(
  { memberEpochs: _, ...settings }: Candidate,
): CandidateSettings {
  return settings;
}

/**
 * The settings of the middle candidate, which lies between the smooth and the fine: what is trained without
 * trials. None where there are no candidates.
 */
export function middleCandidate(
  { candidates }: Pick<TrialSettings, "candidates">,
): CandidateSettings {
  return settingsOfCandidate(candidates[Math.floor((candidates.length - 1) / 2)] ?? {});
}

/**
 * The epochs of the members after the trials, which take the parts of a mixture in turn; left out where all
 * learn for `epochs`.
 *
 * @param chosen The numbers of the candidates that are its parts.
 */
export function epochsInTurn(
  { epochs, candidates }: Pick<ProtocolSettings, "epochs"> & Pick<TrialSettings, "candidates">,
  chosen: readonly number[],
): readonly number[] | undefined {
  const turns = chosen.map((number) =>
    Math.max(1, Math.round(epochs * (candidates[number].memberEpochs ?? 1)))
  );
  return turns.every((own) => own === epochs) ? undefined : turns;
}

/** The epochs of the trial members, which have the candidates in turn. */
export function epochsOfTrials(
  { epochs, trialEpochs = 1, candidates }:
    & Pick<ProtocolSettings, "epochs">
    & Pick<TrialSettings, "trialEpochs" | "candidates">,
): readonly number[] {
  return candidates.map(({ memberEpochs = 1 }) =>
    Math.max(1, Math.round(epochs * trialEpochs * memberEpochs))
  );
}
