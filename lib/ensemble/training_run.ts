/**
 * A training run: its problem, its progress, and how a saved run is resumed. `train.ts` trains it.
 *
 * @module
 */
import { type LayerSize, noFlops } from "../counters/mod.ts";
import type { Kernels } from "../kernels/mod.ts";
import { type Method, methodOf } from "../methods/mod.ts";
import {
  initialLayers,
  type Member,
  type Network,
  openNetwork,
  openWorkspace,
  periodicEmbedding,
  type StoredLayer,
  storeNetwork,
  type Workspace,
} from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import { activationOf, optimizerOf, type Settings } from "../settings/mod.ts";
import { epsilonForDensity } from "../sparse/mod.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import { edstSchedule, independentSchedule, type Rows, type Schedule } from "../training/mod.ts";
import { checkProblem, lossLimit, type Problem } from "./problem.ts";
import { addMember, openRowWeights, type RowWeights } from "./row_weights.ts";
import { checkSavedRun, type Progress, type SavedRun } from "./saved_run.ts";
import { emptyMemory, restoreMemory, saveMemory, type StrategyMemory } from "./strategy_memory.ts";
import type { Rollback } from "./training_event.ts";
import {
  allRows,
  scoreCandidates,
  settingsOfMember,
  trialMembers,
  type TrialScore,
} from "./trials.ts";

export type { Progress, Rollback, SavedRun };

/** A training run. */
export interface TrainingRun extends Disposable {
  /** The rows to learn from. */
  readonly problem: Problem;
  /** The settings of the whole run. */
  readonly settings: Settings;
  /** The method that the settings name, with the strategy that the run follows. */
  readonly method: Omit<Method, "topology"> & { readonly topology: TopologyStrategy };
  /** The name of the strategy that replaces the method's own; `null` for the method's own. */
  readonly ownStrategy: string | null;
  /** What the strategy keeps of the network in training. */
  memory: StrategyMemory;
  /** `true` while the update after the last finished step is still to be made. */
  updateIsDue: boolean;
  /** The phases of the run. */
  readonly schedule: Schedule;
  /** The network in training. Every independent member has a new one. */
  network: Network;
  /** The network's activations. */
  workspace: Workspace;
  /** The weights of the training rows in the loss; `null` if all weigh the same. */
  rowWeights: RowWeights | null;
  /** The rows that the current member learns from. After the trials these include the held-out rows. */
  rows: Rows;
  /** `true` while the problem's validation rows are held out from the current member. */
  heldOut: boolean;
  /** The current member's settings: the run's, with those of its candidate. */
  memberSettings: Settings;
  /** The scores of the candidates, best first. Empty before the trials end, and without trials. */
  trialScores: readonly TrialScore[];
  /** The mean loss of a batch above which training has diverged. */
  readonly lossLimit: number;
  /** The progress of the run. */
  readonly progress: Progress;
  /** The state at the beginning of the epoch, if the settings allow a rollback to it. */
  anchor: SavedRun | null;
  /** A hardware counter of this thread's operations, if one was opened. */
  counter: { read(): number } | null;
  /** Operations that this counter counted in training steps, topology changes and validation. */
  hardwareFlops: number;
  /** Seconds spent so far. */
  readonly seconds: { train: number; topology: number; evaluate: number };
  /** Gives all memory back. Safe to call twice. */
  dispose(): void;
}

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions {
  /** A topology strategy that replaces the method's own. */
  readonly strategy?: TopologyStrategy | undefined;
  /** The state to resume from. Left out: a fresh network at epoch 0. */
  readonly saved?: SavedRun | undefined;
}

/**
 * Opens a run: draws the first network and begins at epoch 0, or resumes a saved run.
 *
 * @throws {RangeError} If there are no training rows or fewer than two classes, or a row's class is
 * none of them, or the saved run is of another problem or other settings.
 * @throws {TypeError} If arrays are not as long as the rows and columns say, or the validation rows
 * have other columns than the training rows.
 */
export function openRun(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  options: OpenRunOptions = {},
): TrainingRun {
  checkProblem(problem);
  const { strategy, saved } = options;
  const named = methodOf(settings);
  const method = strategy === undefined ? named : { ...named, topology: strategy };
  const schedule = method.members === "sequential"
    ? edstSchedule(settings)
    : independentSchedule({ ...settings, members: settings.members + trialMembers(settings) });
  if (saved !== undefined) checkSavedRun(saved, problem, settings, schedule);
  const progress = saved?.progress ?? firstProgress();
  const stage = stageOf(problem, settings, kernels, progress.members);
  const network = saved === undefined
    ? freshNetwork(problem, stage.memberSettings, kernels, 0)
    : savedNetwork(saved, settings, kernels);
  const rowWeights = openRowWeights({ ...problem, training: stage.rows }, settings);
  if (rowWeights !== null && progress.members.length < schedule.members) {
    // The weights follow from the members, so a resumed run computes them again.
    for (const member of progress.members) {
      addMember(rowWeights, member, problem, settings, kernels, null);
    }
  }
  const run: TrainingRun = {
    ...stage,
    problem,
    settings,
    method,
    ownStrategy: strategy?.name ?? null,
    memory: saved === undefined
      ? emptyMemory(method.topology, network)
      : restoreMemory(method.topology, saved.strategy, network),
    updateIsDue: saved?.updateIsDue ?? false,
    schedule,
    network,
    workspace: openWorkspace(network, settings.batchSize, true),
    rowWeights,
    lossLimit: lossLimit(problem),
    progress,
    anchor: null,
    counter: null,
    hardwareFlops: 0,
    seconds: { train: 0, topology: 0, evaluate: 0 },
    dispose: () => run.network.dispose(),
    [Symbol.dispose]: () => run.network.dispose(),
  };
  return run;
}

/** The parts of a run that depend on the current member. */
type Stage = Pick<TrainingRun, "rows" | "heldOut" | "memberSettings" | "trialScores">;

/**
 * The stage of the member after the finished ones. The choice among candidates follows from the trial
 * members, so a resumed run chooses the same candidates again.
 *
 * @throws {RangeError} If candidates are to be compared without validation rows.
 */
function stageOf(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  members: readonly Member[],
): Stage {
  const trials = trialMembers(settings);
  if (trials === 0 || members.length < trials) {
    const memberSettings = settingsOfMember(settings, members.length, []);
    const heldOut = problem.validation !== null;
    return { rows: problem.training, heldOut, memberSettings, trialScores: [] };
  }
  if (problem.validation === null) {
    throw new RangeError("Cannot choose among candidates: the problem has no validation rows");
  }
  const trialled = members.slice(0, trials);
  const trialScores = scoreCandidates(trialled, settings, problem.validation, kernels);
  const chosen = trialScores[0].candidates;
  const memberSettings = settingsOfMember(settings, members.length, chosen);
  return { rows: allRows(problem), heldOut: false, memberSettings, trialScores };
}

/** The stage of a run's next member. Candidates that are already scored are not scored again. */
export function nextStage(run: TrainingRun): Stage {
  const { problem, settings, network, progress, trialScores } = run;
  const { members } = progress;
  if (trialScores.length === 0) return stageOf(problem, settings, network.kernels, members);
  const memberSettings = settingsOfMember(settings, members.length, trialScores[0].candidates);
  return { rows: run.rows, heldOut: false, memberSettings, trialScores };
}

/**
 * Copies the state that a resumed run needs. It is the current state; if the settings allow rollbacks,
 * it is the state at the beginning of the epoch, so that a resumed run can roll back as well.
 */
export function saveRun(run: TrainingRun): SavedRun {
  return run.anchor ?? copyState(run);
}

/** Copies the current state of a run. */
export function copyState(run: TrainingRun): SavedRun {
  const strategy = saveMemory(run.method.topology, run.memory);
  return {
    ...strategy === undefined ? {} : { strategy },
    ...run.updateIsDue ? { updateIsDue: true } : {},
    progress: copyProgress(run.progress),
    layers: storeNetwork(run.network),
    state: run.network.layers.map((layer) =>
      layer.state.map(({ weights, bias }) => ({ weights: weights.slice(), bias: bias.slice() }))
    ),
  };
}

/** A copy that shares no list with the original, so that neither changes the other. */
export function copyProgress(progress: Progress): Progress {
  return {
    ...progress,
    flops: { ...progress.flops },
    rollbacks: [...progress.rollbacks],
    members: [...progress.members],
    history: [...progress.history],
  };
}

function firstProgress(): Progress {
  return {
    epoch: 0,
    batch: 0,
    step: 0,
    loss: 0,
    correct: 0,
    flops: noFlops(),
    rollbacks: [],
    members: [],
    best: null,
    history: [],
  };
}

function savedNetwork(saved: SavedRun, settings: Settings, kernels: Kernels): Network {
  const network = openNetwork(kernels, saved.layers, activationOf(settings), optimizerOf(settings));
  restoreState(network, saved.state);
  return network;
}

/** Writes saved optimiser state into a network. */
export function restoreState(network: Network, state: SavedRun["state"]): void {
  network.layers.forEach((layer, l) =>
    layer.state.forEach((slot, s) => {
      slot.weights.set(state[l][s].weights);
      slot.bias.set(state[l][s].bias);
    })
  );
}

/** The sizes of a network's layers, for counting operations. */
export function layerSizes(network: Network): LayerSize[] {
  return network.layers.map((layer) => ({
    rows: layer.rows,
    columns: layer.columns,
    nnz: layer.weights.length,
    activation: layer.kind === "sparse" ? layer.activation : undefined,
  }));
}

/** Draws a network for the settings. The replica number distinguishes the networks of one run. */
export function freshNetwork(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  replica: number,
): Network {
  const stored = freshLayers(settings, problem.training.columns, problem.classes, replica);
  return openNetwork(kernels, stored, activationOf(settings), optimizerOf(settings));
}

/** Draws the layers of a network for the settings, with an embedding as first layer if they ask for one. */
export function freshLayers(
  settings: Settings,
  columns: number,
  classes: number,
  replica: number,
): StoredLayer[] {
  const { initializer, fan, seed, embedding } = settings;
  const embedded = embedding === "none"
    ? []
    : [periodicEmbedding(columns, settings, randomStream(seed, "embedding", replica))];
  const sizes = [embedded[0]?.shape[0] ?? columns, ...settings.hidden, classes];
  const epsilon = epsilonOf(settings, sizes);
  return [...embedded, ...initialLayers({ sizes, epsilon, initializer, fan, seed, replica })];
}

/** The ε of the settings, computed from their density if they name one; `null` for dense layers. */
function epsilonOf(settings: Settings, sizes: readonly number[]): number | null {
  if (methodOf(settings).layers === "dense") return null;
  return settings.density === null ? settings.epsilon : epsilonForDensity(sizes, settings.density);
}
