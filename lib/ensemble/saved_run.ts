import type { WorkSeconds } from "../counters/mod.ts";
import type { PerWeight } from "../kernels/mod.ts";
import { methodOf, trainsApart } from "../methods/mod.ts";
import type { Network, StoredLayer } from "../nn/mod.ts";
import { epochsInTurn, type Settings, teamworkOf, trialMembers } from "../settings/mod.ts";
import { blockSizeFor, blockSizeOf } from "../sparse/mod.ts";
import { memberSpan, phaseAt, type Schedule, stepsPerEpoch } from "../training/mod.ts";
import type { Problem } from "./problem.ts";
import type { Progress } from "./progress.ts";
import type { SavedStrategy } from "./strategy_memory.ts";
import type { TrainingEvent } from "./training_event.ts";

/** The state of a network in training. */
export interface NetworkState {
  /** The network in training. */
  readonly layers: readonly StoredLayer[];
  /** Per layer and slot, the optimiser's state. */
  readonly state: readonly (readonly PerWeight[])[];
  /** The memory and arrays of the strategy. Left out if it has none. */
  readonly strategy?: SavedStrategy | undefined;
}

/** A saved state from which a run can be resumed. A checkpoint holds one. */
export interface SavedRun extends NetworkState {
  /** The progress of the saved run. */
  readonly progress: Progress;
  /**
   * The copies of the network that workers train apart, one per worker. Left out if all train one network.
   */
  readonly copies?: readonly NetworkState[] | undefined;
  /** The members that are trained at the same time as this one, in order. Left out: none. */
  readonly ahead?: readonly AheadMember[] | undefined;
}

/** The position of one member in its training. */
export interface MemberPlace
  extends Pick<Progress, "epoch" | "batch" | "step" | "loss" | "correct" | "flops" | "rollbacks"> {
  /** Seconds of work on the member. */
  readonly seconds: WorkSeconds;
  /** Floating-point operations on the member, counted by the hardware. */
  readonly hardwareFlops: number;
}

/** An event of a member, and the member's position after it. */
export interface PlacedEvent {
  /** The event. */
  readonly event: TrainingEvent;
  /** The member's position after the event. */
  readonly at: MemberPlace;
}

/**
 * A member whose training is ahead: its events wait until those of all earlier members have been reported.
 */
export interface AheadMember {
  /** The member's number, counted from 0. */
  readonly member: number;
  /** Its state. The progress counts this member only. */
  readonly saved: SavedRun;
  /** Its events up to this state that have not been reported yet. */
  readonly events: readonly PlacedEvent[];
  /** Seconds of work on the member. */
  readonly seconds: WorkSeconds;
}

/**
 * Checks that a saved run belongs to this problem and these settings. With a network of other sizes, the
 * kernels would read and write beyond the end of an array.
 *
 * @throws {RangeError} If a network or the position in the schedule does not fit.
 */
export function checkSavedRun(
  saved: SavedRun,
  problem: Problem,
  settings: Settings,
  schedule: Schedule,
): void {
  const { epoch, members, turns = [] } = saved.progress;
  const lengths = settings.candidates.map((_, number) => epochsInTurn(settings, [number])?.[0]);
  for (const own of turns) {
    if (own === settings.epochs || lengths.includes(own)) continue;
    throw new RangeError(
      `Cannot resume the run: found members of ${own} epochs, need those of its candidates`,
    );
  }
  check("epoch", epoch, 0, schedule.epochs);
  // At the end of a run, trial members of candidates that were not chosen have been removed.
  const ended = epoch === schedule.epochs;
  const finished = ended ? schedule.members : phaseAt(schedule, epoch).member;
  check("finished members", members.length, ended ? 1 : finished, finished);
  checkPlace(saved, problem, settings, schedule, ended);
  const { ahead = [], copies } = saved;
  if (copies !== undefined) {
    check("copies of the network", copies.length, teamworkOf(settings)?.workers ?? 0);
    for (const copy of copies) {
      checkPlace({ ...saved, ...copy }, problem, settings, schedule, ended);
    }
  }
  if (ahead.length > 0) {
    check("epoch", epoch, 0, schedule.epochs - 1);
    const isApart = trainsApart(methodOf(settings)) && settings.memberWeighting === 0;
    check("members beside it", ahead.length, 0, isApart ? schedule.members : 0);
  }
  let before = finished;
  for (const { member, saved: own } of ahead) {
    const trials = trialMembers(settings);
    const last = finished < trials ? trials - 1 : schedule.members - 1;
    check("a member beside it, number", member, before + 1, last);
    before = member;
    const { from, to } = memberSpan(schedule, member);
    check("epoch", own.progress.epoch, from, to);
    const isFinished = own.progress.epoch === to;
    check("finished members", own.progress.members.length, isFinished ? 1 : 0);
    check("epochs told", own.progress.history.length, own.progress.epoch - from);
    checkPlace(own, problem, settings, schedule, isFinished);
  }
}

function check(what: string, found: number, least: number, most = least): void {
  if (Number.isSafeInteger(found) && found >= least && found <= most) return;
  const need = least === most ? most : `${least} to ${most}`;
  throw new RangeError(`Cannot resume the run: found ${what} ${found}, need ${need}`);
}

/**
 * Counts the batches of all epochs before a given one. After the trials, epochs include the held-out rows.
 */
export function stepsBefore(
  epoch: number,
  { training, validation }: Problem,
  settings: Settings,
  schedule: Schedule,
): number {
  const [some, all] = [training.rows, training.rows + (validation?.rows ?? 0)]
    .map((rows) => stepsPerEpoch(rows, settings));
  const trials = trialMembers(settings);
  const from = trials === 0 ? schedule.epochs : memberSpan(schedule, trials).from;
  return Math.min(epoch, from) * some + Math.max(0, epoch - from) * all;
}

/** Checks the position in the epoch, and every network. */
function checkPlace(
  { progress, layers: current }: SavedRun,
  problem: Problem,
  settings: Settings,
  schedule: Schedule,
  ended: boolean,
): void {
  const { epoch, batch, step, members, best } = progress;
  const { training } = problem;
  const before = stepsBefore(epoch, problem, settings, schedule);
  const batches = ended ? 0 : stepsBefore(epoch + 1, problem, settings, schedule) - before;
  check("batch", batch, 0, batches);
  check("step", step, before + batch);
  check("best networks", best === null ? 0 : 1, 0, settings.memberSelection === "best" ? 1 : 0);

  const sizes = [...settings.hidden, problem.classes];
  const embedded = settings.embedding === "none" ? 0 : 1;
  const kind = methodOf(settings).layers;
  const wanted = settings.blockSize ?? 1;
  // The width of an embedding depends on the candidate's number of frequencies.
  const fits = (layer: StoredLayer, l: number) =>
    l < embedded
      ? layer.kind === "sparse" && layer.activation === "sine"
      : layer.kind === kind && layer.shape[0] === sizes[l - embedded] && !("activation" in layer) &&
        (layer.kind === "dense" || blockSizeOf(layer) === blockSizeFor(layer.shape[0], wanted));
  for (const { layers } of [...members, ...best === null ? [] : [best], { layers: current }]) {
    check("layers", layers.length, embedded + sizes.length);
    check("inputs", layers[0].shape[1], training.columns);
    if (layers.every(fits)) continue;
    const shapes = layers.map((layer) => {
      const blocks = layer.kind === "sparse" ? blockSizeOf(layer) : 1;
      return `${layer.kind} ${layer.shape.join(" × ")}${
        blocks > 1 ? ` in blocks of ${blocks}` : ""
      }`;
    });
    throw new RangeError(
      `Cannot resume the run: found layers ${shapes.join(", ")}, need ` +
        `${embedded === 1 ? "an embedding and " : ""}${kind} ones of ${sizes.join(", ")} neurons` +
        (wanted === 1 ? "" : ` in blocks of up to ${wanted}`),
    );
  }
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

/**
 * Returns `true` if all numbers of the networks and their optimisers are finite, including copies and
 * members ahead.
 */
export function isFiniteState({ ahead = [], copies = [], ...own }: SavedRun): boolean {
  return [own, ...copies].every(isFiniteNetwork) &&
    ahead.every(({ saved }) => isFiniteState(saved));
}

function isFiniteNetwork({ layers, state }: NetworkState): boolean {
  const arrays = [
    ...layers.flatMap((it) => [it.kind === "sparse" ? it.data : it.weights, it.bias]),
    ...state.flat().flatMap(({ weights, bias }) => [weights, bias]),
  ];
  return arrays.every((array) => array.every(Number.isFinite));
}
