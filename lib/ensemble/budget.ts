/**
 * A budget of time: before a run begins, a few of its batches are timed, and the settings that decide how
 * long it takes are chosen so that it ends in about so many seconds. Where the machine turns out slower
 * or faster, the run ends with fewer or more members. Whoever repeats the run with what was chosen gets
 * the same bytes; whoever repeats the choice may get another one.
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

/** The share of the budget that is planned for: scores and the choice take the rest. */
const PLANNED = 0.9;

/** The seconds for which batches are timed: a share of the budget, and the most. */
const [TIMED, LONGEST] = [0.1, 3];

/** The fewest batches that are timed. */
const FEWEST = 30;

/** Scoring a row takes about a third of the time of learning from it, which goes through it thrice. */
const SCORED = 1 / 3;

/** The most members that a budget is spent on: the mean of more gains nothing that can be seen. */
const MOST_MEMBERS = 64;

/** The members without which trials are not worth their time. */
const MEMBERS_FIRST = 4;

/**
 * The settings that are trained in about `settings.budget` seconds. They differ from the given ones in
 * trials, candidates, members and epochs alone. A longer budget never has fewer members or epochs.
 *
 * Independent members keep their epochs. As many as there is time for are trained: at first without trials,
 * by the middle one of the candidates; then with one trial of each candidate and at least four members; then
 * with the recipe's members and more of its trials; then with more members than the recipe has. Members
 * from one run keep their number, and have fewer epochs where the time is short. So does a single network.
 *
 * @param problem The rows to learn from.
 * @param threads The members that are trained at a time.
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

/** A problem, and the settings that it is trained with. */
export interface PlannedProblem {
  /** The problem. */
  readonly prepared: PreparedProblem;
  /** Its settings, all of them. */
  readonly settings: Settings;
}

/**
 * Prepares a table's problem for settings that keep within their budget, and for the given ones where they
 * have none.
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
  // With or without trials, the preprocessing is fitted to other rows.
  return planned === settings
    ? { prepared, settings }
    : { prepared: prepareProblem(dataset, planned), settings: planned };
}

/**
 * The settings of independent members for a time.
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

/** Without trials, members have the middle candidate. */
function withoutTrials(settings: Settings, members: number): Settings {
  return { ...settings, ...middleCandidate(settings), trials: 0, candidates: [], members };
}

/**
 * Gives a run as many independent members as there is time for, by what the members so far have taken: a
 * machine can become slower or faster than it was. Members that are trained side by side can only become
 * fewer: their workers know no others. To be called between two events of training; it decides in the last
 * epoch of a member, after all trials.
 *
 * @param seconds The seconds since training began.
 * @param atATime The members that are trained at a time.
 */
export function keepWithin(run: TrainingRun, seconds: number, atATime: number): void {
  const { settings, settings: { budget }, schedule, method, progress } = run;
  const { epoch, turns = [settings.epochs] } = progress;
  if (budget === undefined || method.members !== "independent" || epoch >= schedule.epochs) return;
  const trials = trialMembers(settings);
  const { member } = phaseAt(schedule, epoch);
  // Those that are trained beside it end with it.
  const begun = Math.min(schedule.members, member + atATime);
  const span = memberSpan(schedule, member);
  if (epoch < span.to - 1 || begun <= trials) return;
  const perMember = seconds * turns.reduce((sum, own) => sum + own) / turns.length / span.to;
  const rounds = Math.floor((budget - seconds) / (perMember * atATime));
  const most = trials + Math.max(begun - trials, MOST_MEMBERS);
  const members = Math.min(most, begun + Math.max(0, rounds) * atATime);
  if (members === schedule.members) return;
  // Members fewer than planned are left out at once, more come when the planned ones are done.
  if (members > schedule.members && (atATime > 1 || begun < schedule.members)) return;
  const now: { -readonly [Part in keyof TrainingRun]: TrainingRun[Part] } = run;
  now.settings = { ...settings, members: members - trials };
  now.schedule = trialSchedule(now.settings, progress.turns);
}

/** Settings with the same share of all epochs. Those of exploration never leave a member without two. */
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
 * The seconds in which one network learns from one row, measured for about so long, and those of a change
 * before its first step.
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
  // The first batches find nothing in the caches, and the code not yet compiled.
  const later = times.slice(Math.floor(times.length * 2 / 3));
  const seconds = later.reduce((sum, time) => sum + time) / later.length / 1000;
  const rows = Math.min(settings.batchSize, problem.training.rows);
  const hasStart = methodOf(settings).topology.start !== undefined;
  return { start: hasStart ? times[0] / 1000 : 0, perRow: seconds / rows };
}
