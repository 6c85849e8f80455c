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

/** A candidate: settings that replace the run's own if the trials choose them. */
export interface Candidate
  extends
    Partial<Pick<TrainingSettings, "dropout" | "labelSmoothing">>,
    Partial<Pick<OptimizerSettings, "weightDecay">>,
    Partial<Pick<FeatureSettings, "frequencies" | "frequency" | "frequencySpread">> {
  /**
   * Members with this candidate's settings are trained for `epochs` × this number, and its trial members for
   * this many times the epochs of the other candidates' trial members. So a candidate that needs longer
   * training is tried as it will be trained. Left out: 1.
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
  memberEpochs: number("The epochs of its members, in multiples of `epochs`", 1, 0, 100, "above"),
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

/** The settings of trials, which choose among candidates on held-out rows. */
export interface TrialSettings {
  /** Members trained for every candidate, with rows held out; 0 for none. */
  readonly trials: number;
  /** The epochs of a trial member, as a share of `epochs`, at least one; left out: all. */
  readonly trialEpochs?: number | undefined;
  /** Candidates: the trials choose one of these groups of settings, or a mixture of several. */
  readonly candidates: readonly Candidate[];
  /** Keeps the chosen candidates' trial members in addition to `members`; not if `members` is given. */
  readonly keepTrials?: boolean | undefined;
  /** The calibration of probabilities, on held-out rows. */
  readonly calibration: "none" | "temperature";
  /** The share of new rows that intervals or class sets must cover; it is calibrated on held-out rows. */
  readonly coverage?: number | undefined;
}

const TRIAL_EPOCHS = number(
  "The epochs of a trial member, as a share of `epochs`, at least one; left out: all",
  1,
  0,
  1,
  "above",
);

const KEEP_TRIALS = toggle(
  "Keeps the chosen candidates' trial members in addition to `members`; not if `members` is given",
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
    // The default is not stored, so that runs without this setting keep their bytes.
    read: (value = 1, name) => {
      const share = TRIAL_EPOCHS.read(value, name);
      return share === 1 ? undefined : share;
    },
  },
  candidates: {
    says: "Candidates: the trials choose one of these groups of settings, or a mixture of several",
    value: "json",
    default: Object.freeze([]),
    read: listOf(readCandidate),
  },
  keepTrials: {
    ...optional(KEEP_TRIALS),
    // The default is not stored, so that runs without this setting keep their bytes.
    read: (value = true, name) => KEEP_TRIALS.read(value, name) ? undefined : false,
  },
  calibration: choice("The calibration of probabilities, on held-out rows", [
    "none",
    "temperature",
  ]),
  coverage: optional(
    number(
      "The share of new rows that intervals or class sets must cover; it is calibrated on held-out rows",
      0.9,
      0.01,
      1,
      "below",
    ),
  ),
};

/** The settings of candidates that only the sines of features read. */
const OF_SINES: readonly string[] = [
  "frequencies",
  "frequency",
  "frequencySpread",
] satisfies (keyof Candidate)[];

/**
 * Takes settings out of a recipe's candidates among which the trials have nothing to choose. A value that a
 * person gives holds for every member, and without sines their frequencies have no effect. Candidates that
 * become equal are one candidate, and the others remain in order from smooth to fine. A single candidate
 * keeps its trials, because they calibrate the ensemble.
 *
 * @param candidates The candidates of the recipe.
 * @param given The settings that a person gave.
 * @param embedding The embedding of features.
 */
export function candidatesBeside(
  candidates: readonly Candidate[],
  given: Readonly<Record<string, unknown>>,
  embedding: FeatureSettings["embedding"],
): readonly Candidate[] {
  const isFree = (name: string) =>
    !Object.hasOwn(given, name) && (embedding !== "none" || !OF_SINES.includes(name));
  if (candidates.every((candidate) => Object.keys(candidate).every(isFree))) return candidates;
  const left = candidates.map((candidate): Candidate =>
    Object.fromEntries(Object.entries(candidate).filter(([name]) => isFree(name)))
  );
  const different = new Map(left.map((candidate) => [JSON.stringify(candidate), candidate]));
  return [...different.values()].sort((one, other) =>
    (one.frequency ?? 0) - (other.frequency ?? 0) || (other.dropout ?? 0) - (one.dropout ?? 0)
  );
}

/** Returns the number of trial members that the settings ask for. */
export function trialMembers({ trials, candidates }: TrialSettings): number {
  return trials * candidates.length;
}

/** The settings of a candidate without its number of epochs. */
export type CandidateSettings = Omit<Candidate, "memberEpochs">;

/**
 * Applies a candidate to the settings of a run. Its `memberEpochs` is not applied here: the schedule
 * contains it.
 */
export function settingsOfCandidate(
  { memberEpochs: _, ...settings }: Candidate,
): CandidateSettings {
  return settings;
}

/**
 * Returns the settings of the candidate in the middle of the list, between the smoothest and the finest. It
 * is used without trials. Empty without candidates.
 */
export function middleCandidate(
  { candidates }: Pick<TrialSettings, "candidates">,
): CandidateSettings {
  return settingsOfCandidate(candidates[Math.floor((candidates.length - 1) / 2)] ?? {});
}

/**
 * Computes the epochs of the members after the trials. Members take the parts of the chosen mixture in
 * turn. Returns `undefined` if all members are trained for `epochs`.
 *
 * @param chosen The numbers of the candidates that are parts of the mixture.
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

/** Returns the epochs of the trial members. They take the candidates in turn. */
export function epochsOfTrials(
  { epochs, trialEpochs = 1, candidates }:
    & Pick<ProtocolSettings, "epochs">
    & Pick<TrialSettings, "trialEpochs" | "candidates">,
): readonly number[] {
  return candidates.map(({ memberEpochs = 1 }) =>
    Math.max(1, Math.round(epochs * trialEpochs * memberEpochs))
  );
}
