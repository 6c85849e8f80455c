/**
 * Schedules: a number that changes with the progress of training, such as a pruning rate or a density.
 *
 * @module
 */

/** The course of a schedule. */
export interface ScheduleOptions {
  /** The value at progress 0. */
  readonly from: number;
  /** The value from progress `until` on. Left out: 0. */
  readonly to?: number;
  /** The progress at which the course ends, more than 0, at most 1. Left out: 1. */
  readonly until?: number;
}

/**
 * Half a cosine wave. RigL and SNFS lower their pruning rates along it. U. Evci et al., "Rigging the
 * lottery: making all tickets winners", ICML 2020, https://arxiv.org/abs/1911.11134.
 *
 * @example Usage
 * ```ts
 * import { cosineSchedule } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const rate = cosineSchedule({ from: 0.3, until: 0.75 });
 * assert.deepEqual([rate(0), rate(0.375).toFixed(9), rate(0.9)], [0.3, "0.150000000", 0]);
 * ```
 */
export function cosineSchedule(options: ScheduleOptions): (progress: number) => number {
  return schedule(options, (left) => (1 - Math.cos(Math.PI * left)) / 2);
}

/**
 * A cubic that is steep at first. Gradual magnitude pruning lowers the density along it. M. Zhu and S.
 * Gupta, "To prune, or not to prune", 2017, https://arxiv.org/abs/1710.01878.
 *
 * @example Usage
 * ```ts
 * import { cubicSchedule } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const density = cubicSchedule({ from: 1, to: 0.5, until: 0.5 });
 * assert.deepEqual([density(0), density(0.25), density(1)], [1, 0.5625, 0.5]);
 * ```
 */
export function cubicSchedule(options: ScheduleOptions): (progress: number) => number {
  return schedule(options, (left) => left ** 3);
}

/**
 * A line from one value to another.
 *
 * @example Usage
 * ```ts
 * import { linearSchedule } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const rate = linearSchedule({ from: 0.5 });
 * assert.deepEqual([rate(0), rate(0.5), rate(1)], [0.5, 0.25, 0]);
 * ```
 */
export function linearSchedule(options: ScheduleOptions): (progress: number) => number {
  return schedule(options, (left) => left);
}

/** @param shape Maps the remaining share of the course to the remaining share of the change. */
function schedule(
  { from, to = 0, until = 1 }: ScheduleOptions,
  shape: (left: number) => number,
): (progress: number) => number {
  return (progress) => to + (from - to) * shape(Math.max(0, 1 - progress / until));
}
