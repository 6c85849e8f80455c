/**
 * Trials choose between candidates for settings. First a few trial members of every candidate are
 * trained, with some rows held out. These rows choose a mixture of candidates. All further members have
 * the settings of its parts in turn, and learn from all rows. The trial members of what was chosen stay
 * in the ensemble where the settings say so.
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

/** The scores of a candidate or of the mixture on the held-out rows. */
export interface TrialScore {
  /** The number of the candidate; of a mixture those of its parts, in the order of the choice. */
  readonly candidates: readonly number[];
  /** The accuracy of the ensemble of their trial members. `null` if numbers are predicted. */
  readonly accuracy: number | null;
  /** The mean cross-entropy or squared error of this ensemble. */
  readonly loss: number;
}

/** The parts of a mixture of candidates. More were no better on held-out training rows. */
export const MIXTURE_PARTS = 4;

/**
 * The settings of one member: the run's, with those of its candidate.
 *
 * @param member Counted from 0. The trial members come first, with the candidates in turn.
 * @param chosen The chosen candidates, the parts of a mixture. Not used for trial members.
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
 * Scores all candidates on the held-out rows, and mixes them. A candidate's answer is the mean of its trial
 * members. The mixture begins with the candidate of the least loss. Then, part by part, the candidate is
 * added that leaves the mean of all parts with the least loss; it may be one that is there already.
 * Ensembles are scored instead of single members, because members that fit more closely are worse alone
 * and gain more together.
 *
 * @param trials The trial members, with the candidates in turn.
 * @returns The score of what was chosen first: of the mixture, or of the only candidate that is in it.
 * Then the scores of the candidates, the least loss first.
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
 * The networks that stay in the ensemble: the chosen candidates' trial members, unless the settings leave
 * them out, and all later ones. Of a lineage, the last network of every member's.
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
  // Rows without weights weigh 1; either both parts have targets, or neither.
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

/** The trials of a run: what was tried, and what was chosen and kept of it. */
export interface Trials {
  /** The number of held-out rows, which chose. */
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
  /** The score of the chosen one, or of the mixture of those that were chosen. */
  readonly together: { readonly accuracy: number | null; readonly loss: number };
}

/** The trials of a run; `null` before they end, and without any. */
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
