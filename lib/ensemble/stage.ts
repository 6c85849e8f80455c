/**
 * The stage of a run: everything that belongs to the member in training. The functions of this file make
 * the first stage, the next stage, and a saved stage.
 *
 * @module
 */
import type { Kernels } from "../kernels/mod.ts";
import type { ChosenMethod } from "../methods/mod.ts";
import {
  initialLayers,
  type Member,
  type Network,
  openNetwork,
  openWorkspace,
  periodicEmbedding,
  restoreConnections,
  type StoredLayer,
  type Workspace,
} from "../nn/mod.ts";
import { randomStream } from "../random.ts";
import {
  activationOf,
  densitiesOf,
  epsilonOf,
  firstConnectionsOf,
  optimizerOf,
  type Settings,
  trialMembers,
} from "../settings/mod.ts";
import { initialConnections, type TopologyStrategy } from "../topology/mod.ts";
import type { Rows, Schedule } from "../training/mod.ts";
import { inheritedLayers } from "./lineage.ts";
import { outputKind, type Problem } from "./problem.ts";
import {
  hasLessons,
  type MemberLesson,
  memberLesson,
  openRowWeights,
  type RowWeights,
  weightedBy,
  weightsAfter,
} from "./teaching/mod.ts";
import { type NetworkState, restoreState, type SavedRun } from "./saved_run.ts";
import { emptyMemory, restoreMemory, type StrategyMemory } from "./strategy_memory.ts";
import {
  allRows,
  chosenTrials,
  scoreCandidates,
  settingsOfMember,
  type TrialScore,
} from "./trials.ts";

/** The parts of a run that never change. They determine all its stages. */
export interface Plan {
  /** The rows to learn from. */
  readonly problem: Problem;
  /** The settings of the whole run. */
  readonly settings: Settings;
  /** The method that the settings name, and the run's topology strategy. */
  readonly method: ChosenMethod;
  /** The phases of the run. */
  readonly schedule: Schedule;
}

/** The state of the member in training. */
export interface Stage {
  /** The lesson of the member. */
  readonly lesson: MemberLesson;
  /** The rows on which the member is trained. After the trials these include the held-out rows. */
  readonly rows: Rows;
  /** The rows that are held out from the member; `null` without any. */
  readonly heldOut: Rows | null;
  /** The member's settings: those of the run, changed by those of its candidate. */
  readonly memberSettings: Settings;
  /** The scores of the candidates, best first. Empty before the trials end, and without trials. */
  readonly trialScores: readonly TrialScore[];
  /**
   * The trial members of the chosen candidates that become members of the ensemble. Only these were not
   * trained on the held-out rows.
   */
  readonly chosenTrials: readonly Member[];
  /** The weights of the rows in the loss; `null` if all rows weigh the same. */
  readonly rowWeights: RowWeights | null;
  /** The network in training. Every independent member has its own. */
  readonly network: Network;
  /** The network's activations. */
  readonly workspace: Workspace;
  /** The memory and arrays of the strategy for the network in training. */
  readonly memory: StrategyMemory;
  /**
   * The copies of the network that workers train apart, one per worker. Left out if all train one network.
   */
  readonly copies?: readonly NetworkState[] | undefined;
}

/**
 * Makes the stage of the first member, or that of a saved run. The choice among candidates and the weights
 * of rows depend on the finished members only, so a resumed run computes them again.
 *
 * @throws {RangeError} If candidates are to be compared without validation rows.
 */
export function openStage(plan: Plan, kernels: Kernels, saved: SavedRun | undefined): Stage {
  const { settings, schedule } = plan;
  // At the end of a run, networks that are no members have been removed.
  const isOver = saved?.progress.epoch === schedule.epochs;
  const members = saved?.progress.members ?? [];
  const member = planMember(plan, kernels, members);
  const taught = teach(plan, member, isOver ? [] : members, members.length, kernels);
  let { rowWeights } = taught;
  if (members.length < schedule.members) {
    for (const finished of members) {
      rowWeights = weightsAfter(rowWeights, finished, member.rows, settings, kernels);
    }
  }
  const network = networkStage(plan, member, 0, kernels, saved);
  return { ...member, ...taught, rowWeights, ...network, copies: saved?.copies };
}

/** Makes the member's lesson, and the weights of its rows before earlier members change them. */
function teach(
  { problem, settings }: Plan,
  { rows, heldOut }: MemberPlan,
  members: readonly Member[],
  number: number,
  kernels: Kernels,
  before?: Stage,
): Pick<Stage, "lesson" | "rows" | "heldOut" | "rowWeights"> {
  const lesson = memberLesson(rows, heldOut, settings, members, number, kernels, before?.lesson);
  const common = openRowWeights(rows, problem.classes, settings);
  const rowWeights = lesson.weights === null ? common : weightedBy(lesson.weights, common);
  return { lesson, rows: lesson.rows, heldOut: lesson.heldOut, rowWeights };
}

/** Makes the stage of one independent member, new or saved, without earlier members. */
export function openMemberStage(
  plan: Plan,
  member: MemberPlan,
  number: number,
  kernels: Kernels,
  saved: SavedRun | undefined,
): Stage {
  const taught = teach(plan, member, [], number, kernels);
  return { ...member, ...taught, ...networkStage(plan, member, number, kernels, saved) };
}

/** Opens the network of a member, new or saved, with its workspace and strategy memory. */
function networkStage(
  plan: Plan,
  member: MemberPlan,
  number: number,
  kernels: Kernels,
  saved: SavedRun | undefined,
): Pick<Stage, "network" | "workspace" | "memory"> {
  if (saved === undefined) {
    return freshStage(plan, member, kernels, drawLayers(plan, member, number, []));
  }
  const { settings, method, problem } = plan;
  const { layers, state, strategy } = saved;
  const [activation, optimizer] = [activationOf(settings), optimizerOf(settings)];
  const network = openNetwork(kernels, layers, activation, optimizer, outputKind(problem));
  restoreState(network, state);
  const workspace = openWorkspace(network, settings.batchSize, true);
  return { network, workspace, memory: restoreMemory(method.topology, strategy, network) };
}

/**
 * The stage of the next member. Sequential members continue with the same network. An independent member
 * gets a fresh network, and the memory of the old one is freed.
 *
 * @param members The finished members.
 */
export function nextStage(plan: Plan, stage: Stage, members: readonly Member[]): Stage {
  const { settings, method } = plan;
  const { network: { kernels }, trialScores } = stage;
  // Candidates are scored once.
  const member = trialScores.length === 0 ? planMember(plan, kernels, members) : {
    ...stage,
    memberSettings: settingsOfMember(settings, members.length, trialScores[0].candidates),
  };
  const taught = teach(plan, member, members, members.length, kernels, stage);
  const before = member.rows === stage.rows && !hasLessons(settings)
    ? stage.rowWeights
    : taught.rowWeights;
  const last = members[members.length - 1];
  const rowWeights = weightsAfter(before, last, member.rows, settings, kernels);
  if (method.members === "sequential") return { ...stage, ...member, ...taught, rowWeights };
  // The strategy may fail to draw the initial connections, so the old network is freed only afterwards.
  const layers = drawLayers(plan, member, members.length, members);
  stage.network.dispose();
  return { ...member, ...taught, rowWeights, ...freshStage(plan, member, kernels, layers) };
}

/** Makes the stage as it was saved. The saved network overwrites the one in training. */
export function restoreStage(stage: Stage, strategy: TopologyStrategy, saved: SavedRun): Stage {
  const { network } = stage;
  saved.layers.forEach((stored, l) => {
    // The topology may have changed since the state was saved.
    if (stored.kind === "sparse") restoreConnections(network, l, stored);
    else network.layers[l].weights.set(stored.weights);
    network.layers[l].bias.set(stored.bias);
  });
  restoreState(network, saved.state);
  const memory = restoreMemory(strategy, saved.strategy, network);
  return { ...stage, memory, copies: saved.copies };
}

/**
 * Makes the stage with a new network for the same member. The memory of the diverged network is freed.
 *
 * @param members The finished members.
 */
export function stageAnew(
  plan: Plan,
  stage: Stage,
  number: number,
  members: readonly Member[],
): Stage {
  const { network: { kernels } } = stage;
  // The strategy may fail to draw the initial connections, so the old network is freed only afterwards.
  if (plan.method.members === "sequential") {
    const first = openStage(plan, kernels, undefined);
    stage.network.dispose();
    return first;
  }
  const layers = drawLayers(plan, stage, number, members);
  stage.network.dispose();
  return { ...stage, ...freshStage(plan, stage, kernels, layers), copies: undefined };
}

/** The training rows and the settings of a member. */
export type MemberPlan = Pick<
  Stage,
  "rows" | "heldOut" | "memberSettings" | "trialScores" | "chosenTrials"
>;

/**
 * Makes the plan of the next member. After the last trial member it chooses among the candidates.
 *
 * @throws {RangeError} If there are trials and no validation rows.
 */
export function planMember(
  { problem, settings }: Plan,
  kernels: Kernels,
  members: readonly Member[],
): MemberPlan {
  const { training, validation } = problem;
  const trials = trialMembers(settings);
  if (trials === 0 || members.length < trials) {
    const memberSettings = settingsOfMember(settings, members.length, []);
    return {
      rows: training,
      heldOut: validation,
      memberSettings,
      trialScores: [],
      chosenTrials: [],
    };
  }
  if (validation === null) {
    throw new RangeError("Cannot choose among candidates: the problem has no validation rows");
  }
  const trialScores = scoreCandidates(members.slice(0, trials), settings, validation, kernels);
  const [{ candidates }] = trialScores;
  const memberSettings = settingsOfMember(settings, members.length, candidates);
  // Members take the chosen candidates in turn. With few members, the last candidates have none.
  const used = settings.keepTrials === false ? candidates.slice(0, settings.members) : candidates;
  const chosen = chosenTrials(settings, used).map((member) => members[member]);
  return {
    rows: allRows(problem),
    heldOut: null,
    memberSettings,
    trialScores,
    chosenTrials: chosen,
  };
}

function drawLayers(
  { problem: { training: { columns }, classes }, method }: Plan,
  { memberSettings }: MemberPlan,
  replica: number,
  before: readonly Member[],
): readonly StoredLayer[] {
  return inheritedLayers(memberSettings, before) ??
    freshLayers(memberSettings, columns, classes, replica, method.topology);
}

/** Opens a network of the given layers, with its workspace and strategy memory. */
function freshStage(
  { settings, method, problem }: Plan,
  { memberSettings }: MemberPlan,
  kernels: Kernels,
  layers: readonly StoredLayer[],
): Pick<Stage, "network" | "workspace" | "memory"> {
  const [activation, optimizer] = [activationOf(memberSettings), optimizerOf(memberSettings)];
  const network = openNetwork(kernels, layers, activation, optimizer, outputKind(problem));
  const workspace = openWorkspace(network, settings.batchSize, true);
  return { network, workspace, memory: emptyMemory(method.topology, network) };
}

/**
 * Draws the layers of a network for the settings. If they ask for an embedding, it is the first layer.
 *
 * @param replica Distinguishes the networks of one run.
 * @param strategy Draws the initial connections, if it has `initialize`.
 */
export function freshLayers(
  settings: Settings,
  columns: number,
  classes: number,
  replica: number,
  strategy?: TopologyStrategy,
): StoredLayer[] {
  const { initializer, fan, seed, embedding, blockSize } = settings;
  const embedded = embedding === "none"
    ? []
    : [periodicEmbedding(columns, settings, randomStream(seed, "embedding", replica))];
  const sizes = [embedded[0]?.shape[0] ?? columns, ...settings.hidden, classes];
  const epsilon = epsilonOf(settings, sizes);
  const densities = densitiesOf(settings, sizes);
  const own = strategy && initialConnections(strategy);
  const connections = own ?? firstConnectionsOf(settings);
  const network = { sizes, epsilon, densities, blockSize, connections };
  const options = { ...network, initializer, fan, seed, replica };
  return [...embedded, ...initialLayers(options)];
}
