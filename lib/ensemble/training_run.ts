/**
 * A training run: what it works on, how far it is, and how it is taken up again. `train.ts` trains it.
 *
 * @module
 */
import { type FlopCount, type LayerSize, noFlops } from "../counters/mod.ts";
import type { Kernels, PerWeight } from "../kernels/mod.ts";
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
import { epsilonForDensity } from "../sparse/mod.ts";
import type { TopologyStrategy } from "../topology/mod.ts";
import { edstSchedule, independentSchedule, type Rows, type Schedule } from "../training/mod.ts";
import { type Method, methodOf } from "../methods/mod.ts";
import { activationOf, optimizerOf, type Settings } from "../settings/mod.ts";
import { randomStream } from "../random.ts";
import { lossLimit } from "./problem.ts";
import { checkProblem, type Problem } from "./problem.ts";
import { addMember, openRowWeights, type RowWeights } from "./row_weights.ts";
import {
  allRows,
  scoreCandidates,
  settingsOfMember,
  trialMembers,
  type TrialScore,
} from "./trials.ts";
import type { EpochRecord } from "./training_event.ts";

/** A divergence that training went back from. */
export interface Rollback {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** The batch, counted from 1. */
  readonly batch: number;
  /** The batch's mean loss, as text, because JSON knows no infinity. */
  readonly loss: string;
  /** The learning rate that was too large. */
  readonly learningRate: number;
}

/** How far a run has come. With the network's numbers, all that a resumed run needs. */
export interface Progress {
  /** The epoch that is being trained, counted from 0. */
  epoch: number;
  /** Batches of it that are done. */
  batch: number;
  /** Batches done since the run began. */
  step: number;
  /** The summed loss of the epoch's batches so far. */
  loss: number;
  /** How many of their rows were classified correctly, with dropout. */
  correct: number;
  /** Floating-point operations of all steps done. */
  flops: FlopCount;
  /** Where training diverged and went back, oldest first. Each halved the learning rate. */
  rollbacks: Rollback[];
  /** The members that are complete. */
  members: Member[];
  /** The best network since the current member began, where validation rows choose. */
  best: Member | null;
  /** One record for every epoch done. */
  history: EpochRecord[];
}

/** A training run: what it works on, and how far it is. */
export interface TrainingRun extends Disposable {
  /** What is learnt. */
  readonly problem: Problem;
  /** How. */
  readonly settings: Settings;
  /** The method that the settings name. */
  readonly method: Method;
  /** What is when. */
  readonly schedule: Schedule;
  /** The network in training. Independent members each bring a new one. */
  network: Network;
  /** Its activations. */
  workspace: Workspace;
  /** How much each training row counts in the loss; `null` where all count the same. */
  rowWeights: RowWeights | null;
  /** The rows that the member in training learns from: all of them once the trials are over. */
  rows: Rows;
  /** Whether the problem's validation rows are held out from that member. */
  heldOut: boolean;
  /** The settings of that member: the run's own, with those of its candidate. */
  memberSettings: Settings;
  /** How the candidates did, best first; empty before the trials are over, and where there are none. */
  trialScores: readonly TrialScore[];
  /** The mean loss of a batch above which training has diverged. */
  readonly lossLimit: number;
  /** How far the run is. */
  readonly progress: Progress;
  /** The state at the epoch's beginning, where the settings allow to go back to it. */
  anchor: SavedRun | null;
  /** The hardware's counter of this thread's operations, if somebody opened one. */
  counter: { read(): number } | null;
  /** What it counted while batches were trained and topologies changed. */
  hardwareFlops: number;
  /** Seconds spent so far; evaluation does not count as training. */
  readonly seconds: { train: number; topology: number; evaluate: number };
  /** Gives all memory back. Safe to call twice. */
  dispose(): void;
}

/** Where a run can begin instead of at a fresh network: what a checkpoint holds. */
export interface SavedRun {
  /** How far it was. */
  readonly progress: Progress;
  /** The network in training. */
  readonly layers: readonly StoredLayer[];
  /** Per layer, the optimiser's numbers. */
  readonly state: readonly (readonly PerWeight[])[];
}

/** What can be given to {@linkcode openRun} beside problem, settings and kernels. */
export interface OpenRunOptions {
  /** A topology strategy to use in place of the method's own. */
  readonly strategy?: TopologyStrategy | undefined;
  /** Where to go on. Left out: a fresh network at epoch 0. */
  readonly saved?: SavedRun | undefined;
}

/**
 * Prepares a run: draws the first network and sets everything to epoch 0, or takes up a saved one.
 *
 * @throws {RangeError} If there are no training rows or fewer than two classes, or a row's class is
 * none of them.
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
  const progress = saved?.progress ?? firstProgress();
  const stage = stageOf(problem, settings, kernels, progress.members);
  const network = saved === undefined
    ? freshNetwork(problem, stage.memberSettings, kernels, 0)
    : savedNetwork(saved, settings, kernels);
  const rowWeights = openRowWeights({ ...problem, training: stage.rows }, settings);
  if (rowWeights !== null && progress.members.length < schedule.members) {
    // The weights follow from the members, so a run that is taken up works them out again.
    for (const member of progress.members) {
      addMember(rowWeights, member, problem, settings, kernels, null);
    }
  }
  const run: TrainingRun = {
    ...stage,
    problem,
    settings,
    method,
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

/** What depends on the member in training. */
export type Stage = Pick<TrainingRun, "rows" | "heldOut" | "memberSettings" | "trialScores">;

/**
 * What holds for the member that follows those that are complete. The choice among candidates follows
 * from the trial members, so a run that is taken up makes the same one again.
 */
export function stageOf(
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

/** The next stage of a run whose trials may be over: what does not change is not worked out again. */
export function nextStage(run: TrainingRun): Stage {
  const { problem, settings, network, progress, trialScores } = run;
  const { members } = progress;
  if (trialScores.length === 0) return stageOf(problem, settings, network.kernels, members);
  const memberSettings = settingsOfMember(settings, members.length, trialScores[0].candidates);
  return { rows: run.rows, heldOut: false, memberSettings, trialScores };
}

/**
 * Copies all that a run needs to go on from where it stands; with rollback allowed, from where its
 * epoch began, so that a resumed run can go back just as far.
 */
export function saveRun(run: TrainingRun): SavedRun {
  return run.anchor ?? copyState(run);
}

/** Copies where the run stands, whatever it may go back to. */
export function copyState(run: TrainingRun): SavedRun {
  const { flops, rollbacks, members, history, ...rest } = run.progress;
  return {
    progress: {
      ...rest,
      flops: { ...flops },
      rollbacks: [...rollbacks],
      members: [...members],
      history: [...history],
    },
    layers: storeNetwork(run.network),
    state: run.network.layers.map((layer) =>
      layer.state.map(({ weights, bias }) => ({ weights: weights.slice(), bias: bias.slice() }))
    ),
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
  const network = openNetwork(
    kernels,
    saved.layers,
    activationOf(settings),
    optimizerOf(settings),
  );
  network.layers.forEach((layer, l) =>
    layer.state.forEach((slot, s) => {
      slot.weights.set(saved.state[l][s].weights);
      slot.bias.set(saved.state[l][s].bias);
    })
  );
  return network;
}

/** The sizes of a network's layers, as operations are counted by. */
export function layerSizes(network: Network): LayerSize[] {
  return network.layers.map((layer) => ({
    rows: layer.rows,
    columns: layer.columns,
    nnz: layer.weights.length,
    activation: layer.kind === "sparse" ? layer.activation : undefined,
  }));
}

/** Draws a network for the settings; replicas tell those of one run apart. */
export function freshNetwork(
  problem: Problem,
  settings: Settings,
  kernels: Kernels,
  replica: number,
): Network {
  const stored = freshLayers(settings, problem.training.columns, problem.classes, replica);
  return openNetwork(kernels, stored, activationOf(settings), optimizerOf(settings));
}

/** Draws the layers of a network for the settings: an embedding where they ask for one, and the others. */
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

/** The ε of the settings, which may name a density instead; `null` for dense layers. */
export function epsilonOf(settings: Settings, sizes: readonly number[]): number | null {
  if (methodOf(settings).layers === "dense") return null;
  return settings.density === null ? settings.epsilon : epsilonForDensity(sizes, settings.density);
}
