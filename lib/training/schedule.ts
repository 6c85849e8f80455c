/**
 * The schedule of a run: which learning rate, pruning rate and evolution frequency hold at an
 * epoch, and after which epochs a member is complete. Pure data.
 *
 * @module
 */

/** A run of epochs in which nothing about the schedule changes. Epochs are counted from 0. */
export interface Phase {
  /** What the phase is for. */
  readonly name: "exploration" | "refinement 1" | "refinement 2" | "training";
  /** The member that is being trained, counted from 0. */
  readonly member: number;
  /** The first epoch. */
  readonly from: number;
  /** The epoch after the last. */
  readonly to: number;
  /** η. */
  readonly learningRate: number;
  /** ζ: the share of a layer's connections that one topology update replaces; 0 for no updates. */
  readonly pruneRate: number;
  /** e: the topology is updated after every epoch that is a multiple of it. */
  readonly interval: number;
}

/** Phases in order, without gaps. */
export interface Schedule {
  /** How many epochs the run has. */
  readonly epochs: number;
  /** How many members it trains. */
  readonly members: number;
  /** From epoch 0 to the last. */
  readonly phases: readonly Phase[];
}

/** The numbers a schedule is made of. */
export interface ScheduleOptions {
  /** E: epochs in all (for independent members: of each). */
  readonly epochs: number;
  /** E₀: epochs of exploration before the first member's refinement. */
  readonly explore: number;
  /** M. */
  readonly members: number;
  /** η of exploration. */
  readonly learningRate: number;
  /** ζ of exploration. */
  readonly pruneRate: number;
  /** e of exploration. */
  readonly interval: number;
  /** Whether refinement also updates the topology less often (the paper's Section 3.2.3). */
  readonly refinement: "comprehensive" | "plain";
  /**
   * The share of an independent member's epochs after which its topology stays as it is, so that the
   * last connections to grow are trained too (RigL's T_end: Evci et al., 2020). Left out: 1.
   */
  readonly evolveUntil?: number;
}

/**
 * The paper's schedule (Section 3.2.3): exploration, then for every member two refinement phases of
 * equal length. The second halves learning rate and pruning rate. Comprehensive refinement also
 * halves the evolution frequency at each of the two.
 *
 * @throws {RangeError} If the epochs do not leave two for every member after exploration.
 *
 * @example Usage
 * ```ts
 * import { edstSchedule } from "@sparsemble/sparsemble/training";
 * import assert from "node:assert/strict";
 *
 * const { phases } = edstSchedule({
 *   epochs: 350,
 *   explore: 100,
 *   members: 5,
 *   learningRate: 0.1,
 *   pruneRate: 0.2,
 *   interval: 2,
 *   refinement: "comprehensive",
 * });
 * assert.equal(phases.length, 11);
 * assert.deepEqual(phases.slice(0, 3).map((phase) => phase.interval), [2, 4, 8]);
 * ```
 */
export function edstSchedule(options: ScheduleOptions): Schedule {
  const { epochs, explore, members, learningRate, pruneRate, interval } = options;
  if (epochs - explore < 2 * members) {
    throw new RangeError(
      `Cannot divide the run: ${epochs} epochs less ${explore} of exploration leave ` +
        `${Math.max(0, epochs - explore)} for ${members} members, need at least ${2 * members}`,
    );
  }
  const slower = options.refinement === "comprehensive" ? 2 : 1;
  const phases: Phase[] = [];
  if (explore > 0) {
    phases.push({
      name: "exploration",
      member: 0,
      from: 0,
      to: explore,
      learningRate,
      pruneRate,
      interval,
    });
  }
  for (let member = 0; member < members; member++) {
    const from = explore + Math.round(member * (epochs - explore) / members);
    const to = explore + Math.round((member + 1) * (epochs - explore) / members);
    const half = from + Math.ceil((to - from) / 2);
    phases.push({
      name: "refinement 1",
      member,
      from,
      to: half,
      learningRate,
      pruneRate,
      interval: interval * slower,
    }, {
      name: "refinement 2",
      member,
      from: half,
      to,
      learningRate: learningRate / 2,
      pruneRate: pruneRate / 2,
      interval: interval * slower * slower,
    });
  }
  return { epochs, members, phases };
}

/** The schedule of independent members, each trained alone for all its epochs; one is a baseline. */
export function independentSchedule(options: ScheduleOptions): Schedule {
  const { epochs, members, learningRate, pruneRate, interval, evolveUntil = 1 } = options;
  const evolving = Math.round(epochs * evolveUntil);
  const phases = Array.from({ length: members }, (_, member): Phase[] => {
    const [from, half, to] = [0, evolving, epochs].map((epoch) => member * epochs + epoch);
    const rest = { name: "training" as const, member, learningRate, interval };
    return [{ ...rest, from, to: half, pruneRate }, { ...rest, from: half, to, pruneRate: 0 }];
  }).flat().filter(({ from, to }) => to > from);
  return { epochs: epochs * members, members, phases };
}

/** The phase an epoch belongs to. */
export function phaseAt(schedule: Schedule, epoch: number): Phase {
  const phase = schedule.phases.find((phase) => epoch >= phase.from && epoch < phase.to);
  if (phase === undefined) {
    throw new RangeError(`Cannot find epoch ${epoch}: the run has ${schedule.epochs} epochs`);
  }
  return phase;
}

/** The epochs in which one member is trained; the first member's include exploration. */
export function memberSpan(schedule: Schedule, member: number): { from: number; to: number } {
  const own = schedule.phases.filter((phase) => phase.member === member);
  return { from: own[0].from, to: own[own.length - 1].to };
}

/** Whether a member is complete after this epoch. */
export function endsMember(schedule: Schedule, epoch: number): boolean {
  return memberSpan(schedule, phaseAt(schedule, epoch).member).to === epoch + 1;
}

/** Whether the topology is updated after this epoch: never where a member ends. */
export function updatesTopology(schedule: Schedule, epoch: number): boolean {
  const { pruneRate, interval } = phaseAt(schedule, epoch);
  return pruneRate > 0 && !endsMember(schedule, epoch) && epoch % interval === 0;
}
