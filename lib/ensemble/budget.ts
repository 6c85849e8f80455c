/**
 * A budget of time: before a run begins, a few of its batches are timed. Then trials, candidates, members
 * and epochs are chosen so that the run ends after about `budget` seconds. If the machine becomes slower or
 * faster during the run, it ends with fewer or more members.
 *
 * A run that is repeated with the chosen settings gives the same bytes. A repeated choice may give other
 * settings.
 *
 * @module
 */
import type { Dataset } from "../data/table/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { methodOf, trainsApart } from "../methods/mod.ts";
import { epochsOfTrials, middleCandidate, type Settings, trialMembers } from "../settings/mod.ts";
import { memberSpan, phaseAt } from "../training/mod.ts";
import { train } from "./train.ts";
import { openRun, type TrainingRun, trialSchedule } from "./training_run.ts";
import { type PreparedProblem, prepareProblem, type Problem } from "./problem.ts";

/** The share of the budget that training may take. Scoring and the choice among candidates take the rest. */
const PLANNED = 0.9;

/** The time for which batches are timed: as a share of the budget, and the maximum in seconds. */
const [TIMED, LONGEST] = [0.1, 3];

/** The minimal number of batches that are timed. */
const FEWEST = 30;

/**
 * The time of scoring a row / the time of training on it. Training takes three passes over the weights,
 * scoring takes one.
 */
const SCORED = 1 / 3;

/** The maximal number of members under a budget. More members do not measurably improve the mean. */
const MOST_MEMBERS = 64;

/** The minimal number of members for which trials are worth their time. */
const MEMBERS_FIRST = 4;

/**
 * Chooses settings whose training takes about `settings.budget` seconds. They differ from the given ones
 * only in trials, candidates, members and epochs. A longer budget never gives fewer members or epochs.
 *
 * Independent members keep their epochs; their number follows from the time. A short budget has no trials
 * and uses the middle candidate. A longer one has one trial of each candidate and at least four members.
 * Then come the recipe's number of members and more of its trials, and then more members than the recipe
 * has.
 *
 * Members from one run, and a single network, keep their number, and have fewer epochs if the time is
 * short.
 *
 * @param problem The rows to learn from.
 * @param threads The number of members that are trained at the same time.
 */
export function settingsWithin(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  threads: number,
): Settings {
  const { budget } = settings;
  if (budget === undefined) return settings;
  const { training, validation } = problem;
  const held = validation?.rows ?? 0;
  const longest = Math.min(LONGEST, TIMED * budget);
  const { start, perRow } = secondsOf(problem, settings, kernels, longest);
  const { members } = methodOf(settings);
  const rows = training.rows + SCORED * held;
  const perNetwork = start + perRow * settings.epochs * rows;
  const seconds = PLANNED * budget;
  if (members === "independent") {
    const atATime = trainsApart(methodOf(settings)) ? Math.max(1, threads) : 1;
    return independentWithin(settings, seconds * atATime / perNetwork);
  }
  return shortened(settings, seconds / perNetwork);
}

/** A problem, and the settings for its training. */
export interface PlannedProblem {
  /** The problem. */
  readonly prepared: PreparedProblem;
  /** All settings. */
  readonly settings: Settings;
}

/**
 * Prepares a table's problem, and chooses settings that keep within their budget. Settings without a budget
 * stay as they are.
 *
 * @throws What {@linkcode prepareProblem} throws.
 */
export function preparePlanned(
  dataset: Dataset,
  settings: Settings,
  kernels: Kernels,
  threads: number,
): PlannedProblem {
  const prepared = prepareProblem(dataset, settings);
  const planned = settingsWithin(prepared.problem, settings, kernels, threads);
  // The preprocessing is fitted again, because trials hold rows out.
  return planned === settings
    ? { prepared, settings }
    : { prepared: prepareProblem(dataset, planned), settings: planned };
}

/**
 * Chooses trials and members for a given number of networks.
 *
 * @param networks The networks that can be trained in that time.
 */
export function independentWithin(settings: Settings, networks: number): Settings {
  const count = Math.floor(networks);
  if (count < 1) return shortened(withoutTrials(settings, 1), networks);
  if (settings.trials === 0) {
    return { ...settings, members: Math.min(MOST_MEMBERS, count) };
  }
  // One trial of each candidate until the members are those of the recipe, then its trials.
  const perRound = epochsOfTrials(settings).reduce((sum, own) => sum + own, 0) / settings.epochs;
  const affordable = Math.floor((networks - settings.members) / perRound);
  const trials = Math.min(settings.trials, Math.max(1, affordable));
  const members = Math.floor(networks - trials * perRound);
  if (members < MEMBERS_FIRST) return withoutTrials(settings, Math.min(MEMBERS_FIRST, count));
  const most = trials < settings.trials ? settings.members : MOST_MEMBERS;
  return { ...settings, trials, members: Math.min(most, members) };
}

/** Without trials, members have the settings of the middle candidate. */
function withoutTrials(settings: Settings, members: number): Settings {
  return { ...settings, ...middleCandidate(settings), trials: 0, candidates: [], members };
}

/**
 * Adjusts the number of independent members to the remaining time, by the time that the members so far
 * took. If members are trained side by side, their number can only fall, because their workers know no
 * other members.
 *
 * Call it between two events of training. It acts only in the last epoch of a member, after all trials.
 *
 * @param seconds The seconds since training began.
 * @param atATime The number of members that are trained at the same time.
 */
export function keepWithin(run: TrainingRun, seconds: number, atATime: number): void {
  const { settings, settings: { budget }, schedule, method, progress } = run;
  const { epoch, turns = [settings.epochs] } = progress;
  if (budget === undefined || method.members !== "independent" || epoch >= schedule.epochs) return;
  const trials = trialMembers(settings);
  const { member } = phaseAt(schedule, epoch);
  // The members that are trained beside it end at the same time.
  const begun = Math.min(schedule.members, member + atATime);
  const span = memberSpan(schedule, member);
  if (epoch < span.to - 1 || begun <= trials) return;
  const perMember = seconds * turns.reduce((sum, own) => sum + own) / turns.length / span.to;
  const rounds = Math.floor((budget - seconds) / (perMember * atATime));
  const most = trials + Math.max(begun - trials, MOST_MEMBERS);
  const members = Math.min(most, begun + Math.max(0, rounds) * atATime);
  if (members === schedule.members) return;
  // Members that are too many are left out at once. Additional members are added after the planned ones.
  if (members > schedule.members && (atATime > 1 || begun < schedule.members)) return;
  const now: { -readonly [Part in keyof TrainingRun]: TrainingRun[Part] } = run;
  now.settings = { ...settings, members: members - trials };
  now.schedule = trialSchedule(now.settings, progress.turns);
}

/** Multiplies all epochs of settings by a share. Exploration leaves at least two epochs to each member. */
function shortened(settings: Settings, share: number): Settings {
  if (share >= 1) return settings;
  const { epochs, explore, members } = settings;
  const isOneRun = methodOf(settings).members === "sequential";
  const least = isOneRun ? 2 * members : 1;
  const fewer = Math.max(least, Math.round(epochs * share));
  return {
    ...settings,
    epochs: fewer,
    explore: Math.min(Math.round(explore * share), Math.max(0, fewer - least)),
  };
}

/**
 * Measures the seconds that one network takes to train on one row, and those of a strategy's change before
 * the first step. The measurement takes about `seconds`.
 */
function secondsOf(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  longest: number,
): { readonly start: number; readonly perRow: number } {
  const isOneRun = methodOf(settings).members === "sequential";
  const alone = isOneRun ? settings : withoutTrials(settings, 1);
  using run = openRun(problem, alone, kernels);
  const times: number[] = [];
  const began = performance.now();
  let last = began;
  for (const event of train(run)) {
    if (event.type !== "batch") continue;
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (times.length >= FEWEST && now - began >= 1000 * longest) break;
  }
  // The first batches are slow: caches are empty and the code is not compiled yet.
  const later = times.slice(Math.floor(times.length * 2 / 3));
  const seconds = later.reduce((sum, time) => sum + time) / later.length / 1000;
  const rows = Math.min(settings.batchSize, problem.training.rows);
  const hasStart = methodOf(settings).topology.start !== undefined;
  return { start: hasStart ? times[0] / 1000 : 0, perRow: seconds / rows };
}
