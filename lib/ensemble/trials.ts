/**
 * Trials choose between candidates for settings. First a few trial members of every candidate are trained,
 * with some rows held out. The mixture of candidates with the least loss on these rows is chosen. All
 * further members take the settings of the mixture's parts in turn, and are trained on all rows. With
 * `keepTrials`, the chosen candidates' trial members stay in the ensemble.
 *
 * R. Caruana, A. Niculescu-Mizil, G. Crew and A. Ksikes, "Ensemble selection from libraries of models",
 * ICML 2004, https://doi.org/10.1145/1015330.1015432.
 *
 * @module
 */
import type { Kernels } from "../kernels/mod.ts";
import type { Member } from "../nn/mod.ts";
import {
  accuracyOf,
  LEAST_PROBABILITY,
  memberOutputs,
  mostProbable,
  openEnsemble,
} from "../prediction/mod.ts";
import {
  activationOf,
  type Candidate,
  type Settings,
  settingsOfCandidate,
  trialMembers,
} from "../settings/mod.ts";
import { type Rows, scoreOutputs } from "../training/mod.ts";
import { lineageMembers, roundsOf } from "./lineage.ts";
import type { Problem } from "./problem.ts";

/** The score of a candidate, or of the mixture, on the held-out rows. */
export interface TrialScore {
  /** The number of the candidate; for a mixture, the numbers of its parts in the order of the choice. */
  readonly candidates: readonly number[];
  /** The accuracy of the ensemble of their trial members. `null` if numbers are predicted. */
  readonly accuracy: number | null;
  /** The mean cross-entropy or squared error of this ensemble. */
  readonly loss: number;
}

/** The number of parts of a mixture. More parts were not better on held-out training rows. */
export const MIXTURE_PARTS = 4;

/**
 * Returns the settings of one member: those of the run, changed by those of its candidate.
 *
 * @param member Counted from 0. The trial members come first, with the candidates in turn.
 * @param chosen The numbers of the chosen candidates. Not used for trial members.
 */
export function settingsOfMember(
  settings: Settings,
  member: number,
  chosen: readonly number[],
): Settings {
  const trials = trialMembers(settings);
  if (trials === 0) return settings;
  const { candidates } = settings;
  const number = member < trials
    ? member % candidates.length
    : chosen[(member - trials) % chosen.length];
  return { ...settings, ...settingsOfCandidate(candidates[number]) };
}

/**
 * Scores all candidates on the held-out rows, and chooses a mixture (ensemble selection). A candidate's
 * prediction is the mean over its trial members. The mixture begins with the candidate of the least loss.
 * Each further part is the candidate that gives the mean of all parts the least loss. A candidate may be
 * chosen more than once.
 *
 * The scores are those of ensembles and not of single members, because members that fit more closely are
 * worse alone and gain more together.
 *
 * @param trials The trial members, with the candidates in turn.
 * @returns First the score of the mixture, or of its only candidate. Then the scores of all candidates, the
 * least loss first.
 */
export function scoreCandidates(
  trials: readonly Member[],
  settings: Settings,
  validation: Rows,
  kernels: Kernels,
): TrialScore[] {
  using ensemble = openEnsemble(trials, activationOf(settings), kernels);
  const outputs = memberOutputs(ensemble, validation.features, validation.rows);
  const count = settings.candidates.length;
  const answers = settings.candidates.map((_, candidate) =>
    meanOutput(outputs.filter((_, member) => member % count === candidate))
  );
  const scoreOf = (candidates: readonly number[]): TrialScore => {
    const mean = meanOutput(candidates.map((candidate) => answers[candidate]));
    const { accuracy, loss } = scoreMean(mean, validation, ensemble.classes);
    return { candidates, accuracy: validation.targets === undefined ? accuracy : null, loss };
  };
  const least = (scores: TrialScore[]) => scores.sort((a, b) => a.loss - b.loss);
  const single = least(answers.map((_, candidate) => scoreOf([candidate])));
  let mixture = single[0];
  while (mixture.candidates.length < MIXTURE_PARTS) {
    [mixture] = least(answers.map((_, candidate) => scoreOf([...mixture.candidates, candidate])));
  }
  const isMixed = new Set(mixture.candidates).size > 1;
  return isMixed ? [mixture, ...single] : single;
}

function meanOutput(outputs: readonly Float32Array[]): Float32Array {
  return outputs[0].map((_, i) =>
    outputs.reduce((sum, output) => sum + output[i], 0) / outputs.length
  );
}

function scoreMean(mean: Float32Array, rows: Rows, classes: number) {
  if (rows.weights !== undefined) return scoreOutputs(mean, rows);
  const { targets } = rows;
  if (targets !== undefined) {
    const squares = mean.reduce((sum, value, row) => sum + (value - targets[row]) ** 2, 0);
    return { accuracy: 0, loss: squares / rows.rows };
  }
  let loss = 0;
  rows.labels.forEach((label, row) => {
    loss -= Math.log(Math.max(mean[row * classes + label], LEAST_PROBABILITY)) / rows.rows;
  });
  return { accuracy: accuracyOf(mostProbable(mean, classes), rows.labels), loss };
}

/**
 * Selects the networks of the ensemble. After trials these are the chosen candidates' trial members (with
 * `keepTrials`) and all later members. In a lineage it is the last network of every member.
 */
export function keptMembers(
  settings: Settings,
  members: number,
  chosen: readonly number[],
): number[] {
  const rounds = roundsOf(settings);
  if (rounds !== null) return lineageMembers(members, rounds);
  const trials = trialMembers(settings);
  const later = Array.from({ length: members - trials }, (_, k) => trials + k);
  return settings.keepTrials === false ? later : [...chosenTrials(settings, chosen), ...later];
}

/** The numbers of the chosen candidates' trial members. */
export function chosenTrials(settings: Settings, chosen: readonly number[]): number[] {
  return Array.from({ length: trialMembers(settings) }, (_, member) => member)
    .filter((member) => chosen.includes(member % settings.candidates.length));
}

/** The training rows and the held-out rows of a problem, in this order. */
export function allRows({ training, validation }: Problem): Rows {
  if (validation === null) return training;
  const rows = training.rows + validation.rows;
  const features = new Float32Array(rows * training.columns);
  features.set(training.features);
  features.set(validation.features, training.features.length);
  const labels = new Int32Array(rows);
  labels.set(training.labels);
  labels.set(validation.labels, training.rows);
  // Rows without weights have weight 1. Either both parts have targets, or neither has.
  const targets = joined(training.targets, validation.targets, training.rows, rows, NaN);
  const weights = joined(training.weights, validation.weights, training.rows, rows, 1);
  return { rows, columns: training.columns, features, labels, targets, weights };
}

function joined(
  first: Float32Array | undefined,
  second: Float32Array | undefined,
  start: number,
  length: number,
  missing: number,
): Float32Array | undefined {
  if (first === undefined && second === undefined) return undefined;
  const both = new Float32Array(length).fill(missing);
  both.set(first ?? []);
  both.set(second ?? [], start);
  return both;
}

/** The trials of a run: all candidates, the chosen ones, and the kept trial members. */
export interface Trials {
  /** The number of held-out rows, on which candidates were compared. */
  readonly heldOut: number;
  /** Every candidate. */
  readonly tried: readonly {
    readonly candidate: Candidate;
    /** The numbers of its trial members, counted from 1 in the order of training. */
    readonly members: readonly number[];
    /** The accuracy of their ensemble on the held-out rows; `null` if numbers are predicted. */
    readonly accuracy: number | null;
    /** The mean cross-entropy or squared error of their ensemble. */
    readonly loss: number;
    readonly chosen: boolean;
    /** `true` if its trial members stay in the ensemble. */
    readonly kept: boolean;
  }[];
  /** The score of the chosen candidate, or of the chosen mixture. */
  readonly together: { readonly accuracy: number | null; readonly loss: number };
}

/** Returns the trials of a run; `null` before they end, and without trials. */
export function trialsOf(
  settings: Settings,
  scores: readonly TrialScore[],
  heldOut: number,
): Trials | null {
  if (scores.length === 0) return null;
  const [{ candidates: chosen, accuracy, loss }] = scores;
  const tried = settings.candidates.map((candidate, number) => {
    const own = scores.find(({ candidates }) =>
      candidates.length === 1 && candidates[0] === number
    )!;
    const isChosen = chosen.includes(number);
    return {
      candidate,
      members: chosenTrials(settings, [number]).map((member) => member + 1),
      accuracy: own.accuracy,
      loss: own.loss,
      chosen: isChosen,
      kept: isChosen && settings.keepTrials !== false,
    };
  });
  return { heldOut, tried, together: { accuracy, loss } };
}
