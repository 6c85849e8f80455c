/**
 * A training run: a plan that never changes, the stage of the member in training, the progress, and the
 * meters. `train.ts` trains it.
 *
 * @module
 */
import { type FlopCount, type Meters, noFlops, openMeters } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { quoted } from "../messages.ts";
import { type ChosenMethod, methodOf } from "../methods/mod.ts";
import { type Network, storeNetwork } from "../nn/mod.ts";
import { epochsOfTrials, type Settings, trialMembers } from "../settings/mod.ts";
import { checkStrategy, type TopologyStrategy } from "../topology/mod.ts";
import {
  edstSchedule,
  independentSchedule,
  lineageSchedule,
  type Schedule,
} from "../training/mod.ts";
import { checkProblem, lossLimit, type Problem } from "./problem.ts";
import { firstProgress, type Progress, withFlops } from "./progress.ts";
import { type AheadMember, checkSavedRun, type NetworkState, type SavedRun } from "./saved_run.ts";
import { openStage, type Plan, type Stage } from "./stage.ts";
import { saveMemory, type StrategyMemory } from "./strategy_memory.ts";

/** A training run. Only the training functions replace its stage, its progress and its anchor. */
export interface TrainingRun extends Plan, Disposable {
  /** The name of the strategy that replaces the method's own; `null` for the method's own. */
  readonly ownStrategy: string | null;
  /** The mean loss of a batch above which training has diverged. */
  readonly lossLimit: number;
  /** The state of the member in training. */
  readonly stage: Stage;
  /** The progress, which is counted and saved. */
  readonly progress: Progress;
  /** The state at the beginning of the epoch, if the settings allow a rollback to it. */
  readonly anchor: SavedRun | null;
  /** Members that an earlier process has begun or finished in addition to the one in training. */
  readonly ahead: readonly AheadMember[];
  /** Seconds, and operations in hardware. */
  readonly meters: Meters;
  /** Frees all memory. Safe to call twice. */
  dispose(): void;
}

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions {
  /** A topology strategy that replaces the method's own. */
  readonly strategy?: TopologyStrategy | undefined;
  /** The state to resume from. Left out: a fresh network at epoch 0. */
  readonly saved?: SavedRun | undefined;
  /** The meters to measure with. Left out: new ones, without a hardware counter. */
  readonly meters?: Meters | undefined;
  /** Floating-point operations of work before the run. A new run counts them as its own. Left out: none. */
  readonly flops?: FlopCount | undefined;
}

/**
 * Opens a run: draws the first network and begins at epoch 0, or resumes a saved run.
 *
 * @throws {RangeError} If there are no training rows or fewer than two classes, a row's class is out of
 * range, or the saved run belongs to another problem or other settings.
 * @throws {TypeError} If the length of an array does not fit rows and columns, training and validation rows
 * differ in columns, or a strategy is given for dense layers.
 * @throws {StrategyError} If the strategy has the wrong shape, or its initial connections are not valid.
 */
export function openRun(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  { strategy, saved, meters = openMeters(), flops = noFlops() }: OpenRunOptions = {},
): TrainingRun {
  checkProblem(problem);
  if (strategy !== undefined) checkStrategy(strategy);
  const named = methodOf(settings);
  if (strategy !== undefined && named.layers === "dense") {
    throw new TypeError(
      `Cannot follow the strategy ${quoted(strategy.name)} with the method "${settings.method}": ` +
        `found dense layers, need a method with sparse ones, such as "set"`,
    );
  }
  const method = strategy === undefined ? named : { ...named, topology: strategy };
  const schedule = scheduleOf(settings, method, saved?.progress.turns);
  if (saved !== undefined) checkSavedRun(saved, problem, settings, schedule);
  const plan = { problem, settings, method, schedule };
  const run: TrainingRun = {
    ...plan,
    ownStrategy: strategy?.name ?? null,
    lossLimit: lossLimit(problem),
    stage: openStage(plan, kernels, saved),
    progress: saved?.progress ?? withFlops(firstProgress(), flops),
    anchor: null,
    ahead: saved?.ahead ?? [],
    meters,
    dispose: () => run.stage.network.dispose(),
    [Symbol.dispose]: () => run.dispose(),
  };
  return run;
}

/** The schedule of a run. */
function scheduleOf(
  settings: Settings,
  { members: kind, lineage }: ChosenMethod,
  turns: Progress["turns"],
): Schedule {
  if (kind === "sequential") return edstSchedule(settings);
  if (lineage !== undefined) {
    const networks = settings.members * lineage.rounds(settings);
    return lineageSchedule({ ...settings, members: networks }, lineage.learningRateCurve);
  }
  return trialSchedule(settings, turns);
}

/**
 * Makes the schedule of trial members and of the independent members after them.
 *
 * @param turns The epochs of the members after the trials, which take these numbers in turn. Left out:
 * those of the settings.
 */
export function trialSchedule(settings: Settings, turns?: readonly number[]): Schedule {
  const first = { members: trialMembers(settings), epochs: epochsOfTrials(settings) };
  const members = settings.members + first.members;
  return independentSchedule({ ...settings, members, first, turns });
}

/**
 * Copies the state that a resumed run needs. It is the current state; if the settings allow rollbacks,
 * it is the state at the beginning of the epoch, so that a resumed run can roll back as well.
 */
export function saveRun(run: TrainingRun): SavedRun {
  return run.anchor ?? copyState(run);
}

/** Copies the current state of a run. */
export function copyState(
  { method, stage: { network, memory, copies }, progress }: TrainingRun,
): SavedRun {
  const state = copyNetwork(method.topology, network, memory);
  // A worker's copy is never changed in place, so it needs no copy here.
  return copies === undefined ? { progress, ...state } : { progress, ...state, copies };
}

/** Copies the state of a network in training. */
function copyNetwork(
  strategy: TopologyStrategy,
  network: Network,
  memory: StrategyMemory,
): NetworkState {
  return {
    layers: storeNetwork(network),
    state: network.layers.map((layer) =>
      layer.state.map(({ weights, bias }) => ({ weights: weights.slice(), bias: bias.slice() }))
    ),
    strategy: saveMemory(strategy, memory),
  };
}
