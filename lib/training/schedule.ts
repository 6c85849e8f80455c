/**
 * The schedule of a run: the learning rate, pruning rate and update interval of every epoch, and the
 * epochs after which a member is finished. A schedule is plain data.
 *
 * @module
 */

/**
 * The course of the learning rate:
 * - `"step"`: every phase of the schedule has its own rate (the paper's recipe);
 * - `"constant"`: the first phase's rate in all epochs;
 * - `"cosine"`: from the first phase's rate down to 0 over every member's epochs (I. Loshchilov and F.
 *   Hutter, "SGDR", 2017, https://arxiv.org/abs/1608.03983, with a restart at every member);
 * - `"one-cycle"`: over every member's epochs, from 1/25 of the first phase's rate up to that rate in the
 *   first 30 %, then down to 0, both along a cosine (after L. N. Smith and N. Topin, "Super-convergence",
 *   2018, https://arxiv.org/abs/1708.07120).
 */
export type LearningRateCurve = "step" | "constant" | "cosine" | "one-cycle";

/** Consecutive epochs with the same member and rates. Epochs are counted from 0. */
export interface Phase {
  /** The name of the phase. */
  readonly name: "exploration" | "refinement 1" | "refinement 2" | "training";
  /** The member in training, counted from 0. */
  readonly member: number;
  /** The first epoch. */
  readonly from: number;
  /** The epoch after the last. */
  readonly to: number;
  /** The learning rate η. */
  readonly learningRate: number;
  /** The pruning rate ζ: the share of connections that an update replaces; 0 for no updates. */
  readonly pruneRate: number;
  /** The interval e: the topology is updated after every epoch whose number is a multiple of e. */
  readonly interval: number;
  /** The learning-rate curve of this phase. Left out: that of the settings. */
  readonly learningRateCurve?: LearningRateCurve | undefined;
}

/** Phases in order, without gaps. */
export interface Schedule {
  /** The number of epochs. */
  readonly epochs: number;
  /** The number of members. */
  readonly members: number;
  /** From epoch 0 to the last. */
  readonly phases: readonly Phase[];
}

/** Options of {@linkcode edstSchedule} and {@linkcode independentSchedule}. */
export interface ScheduleOptions {
  /** E: epochs of the run; of every member, if members are independent. */
  readonly epochs: number;
  /** E₀: epochs of exploration before the first member's refinement. */
  readonly explore: number;
  /** M: the number of members. */
  readonly members: number;
  /** η of exploration. */
  readonly learningRate: number;
  /** ζ of exploration. */
  readonly pruneRate: number;
  /** e of exploration. */
  readonly interval: number;
  /** `comprehensive`: refinement also updates the topology less often. `plain`: it does not. */
  readonly refinement: "comprehensive" | "plain";
  /**
   * The share of an independent member's epochs after which its topology stays fixed, so that the last
   * grown connections are trained as well (RigL's T_end: Evci et al., 2020). Left out: 1.
   */
  readonly evolveUntil?: number;
  /**
   * The first members, such as trial members, and their epochs, which they take in turn. Left out: all
   * members have the same epochs.
   */
  readonly first?: { readonly members: number; readonly epochs: readonly number[] };
  /**
   * The epochs of the members after those. Members take these numbers in turn. Left out: all members have
   * the same epochs.
   */
  readonly turns?: readonly number[] | undefined;
}

/**
 * The paper's schedule (Section 3.2.3): exploration, then two refinement phases of equal length for
 * every member. The second phase halves learning rate and pruning rate. Comprehensive refinement also
 * doubles the update interval in each of the two phases.
 *
 * @throws {RangeError} If fewer than two epochs per member remain after exploration.
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
  const least = 2 * members;
  if (epochs - explore < least) {
    const shorter = epochs < least ? "" : `"explore" of at most ${epochs - least}, or `;
    const most = Math.floor((epochs - explore) / 2);
    const fewer = most < 1 ? "" : `, or "members" of at most ${most}`;
    throw new RangeError(
      `Cannot divide the run: ${epochs} epochs less ${explore} of exploration leave ` +
        `${Math.max(0, epochs - explore)} for ${members} members, need at least ${least}: ` +
        `${shorter}"epochs" of at least ${explore + least}${fewer}`,
    );
  }
  const slower = options.refinement === "comprehensive" ? 2 : 1;
  const full = { learningRate, pruneRate };
  const halved = { learningRate: learningRate / 2, pruneRate: pruneRate / 2 };
  const phases: Phase[] = [];
  if (explore > 0) {
    phases.push({ name: "exploration", member: 0, from: 0, to: explore, ...full, interval });
  }
  for (let member = 0; member < members; member++) {
    const from = explore + Math.round(member * (epochs - explore) / members);
    const to = explore + Math.round((member + 1) * (epochs - explore) / members);
    const half = from + Math.ceil((to - from) / 2);
    phases.push(
      { name: "refinement 1", member, from, to: half, ...full, interval: interval * slower },
      { name: "refinement 2", member, from: half, to, ...halved, interval: interval * slower ** 2 },
    );
  }
  return { epochs, members, phases };
}

/**
 * The schedule of independent members. Each is trained for all epochs, unless the options give some members
 * other epochs. With one member it is the schedule of a single network.
 */
export function independentSchedule(options: ScheduleOptions): Schedule {
  const { epochs, members, learningRate, pruneRate, interval, evolveUntil = 1 } = options;
  const first = options.first ?? { members: 0, epochs: [epochs] };
  const turns = options.turns ?? [epochs];
  const phases: Phase[] = [];
  let from = 0;
  for (let member = 0; member < members; member++) {
    const own = member < first.members
      ? first.epochs[member % first.epochs.length]
      : turns[(member - first.members) % turns.length];
    const [half, to] = [from + Math.round(own * evolveUntil), from + own];
    const rest = { name: "training" as const, member, learningRate, interval };
    if (half > from) phases.push({ ...rest, from, to: half, pruneRate });
    if (to > half) phases.push({ ...rest, from: half, to, pruneRate: 0 });
    from = to;
  }
  return { epochs: from, members, phases };
}

/**
 * The schedule of members that descend from one ancestor. The ancestor comes first and is trained for the
 * epochs of exploration. Then every network is trained for all epochs.
 *
 * @param options.members The number of networks after the ancestor.
 * @param curve The learning-rate curve of these networks. Left out: that of the settings.
 */
export function lineageSchedule(options: ScheduleOptions, curve?: LearningRateCurve): Schedule {
  const { explore, epochs, members, learningRate, pruneRate, interval } = options;
  const ancestor: Phase = {
    name: "exploration",
    member: 0,
    from: 0,
    to: explore,
    learningRate,
    pruneRate,
    interval,
  };
  const { phases } = independentSchedule(options);
  return {
    epochs: explore + epochs * members,
    members: members + 1,
    phases: [
      ancestor,
      ...phases.map((phase) => ({
        ...phase,
        member: phase.member + 1,
        from: phase.from + explore,
        to: phase.to + explore,
        learningRateCurve: curve,
      })),
    ],
  };
}

/**
 * The phase of an epoch.
 *
 * @throws {RangeError} If the schedule has no such epoch.
 */
export function phaseAt(schedule: Schedule, epoch: number): Phase {
  const phase = schedule.phases.find((phase) => epoch >= phase.from && epoch < phase.to);
  if (phase === undefined) {
    throw new RangeError(`Cannot find epoch ${epoch}: the run has ${schedule.epochs} epochs`);
  }
  return phase;
}

/** The first epoch of a member and the epoch after its last. The first member includes exploration. */
export function memberSpan(schedule: Schedule, member: number): { from: number; to: number } {
  const own = schedule.phases.filter((phase) => phase.member === member);
  return { from: own[0].from, to: own[own.length - 1].to };
}

/** Returns `true` if a member is finished after this epoch. */
export function endsMember(schedule: Schedule, epoch: number): boolean {
  return memberSpan(schedule, phaseAt(schedule, epoch).member).to === epoch + 1;
}

/** Returns `true` if the topology is updated after this epoch. Where a member ends, it is not. */
export function updatesTopology(schedule: Schedule, epoch: number): boolean {
  const { pruneRate, interval } = phaseAt(schedule, epoch);
  return pruneRate > 0 && !endsMember(schedule, epoch) && epoch % interval === 0;
}
