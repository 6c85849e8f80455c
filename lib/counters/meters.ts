import { type HardwareCounter, NOT_ASKED } from "./hardware_count.ts";

/** Seconds of a run by kind of work. */
export interface WorkSeconds {
  /** Training steps. */
  readonly train: number;
  /** Topology changes. */
  readonly topology: number;
  /** Scores of the network in training. */
  readonly evaluate: number;
}

/** The meters of a run. Only its functions move them. */
export interface Meters {
  /** Seconds so far. */
  readonly seconds: WorkSeconds;
  /** Operations that the hardware counted in the same work. */
  readonly hardwareFlops: number;
  /** Does some work, and adds its time and its operations, even if it throws. */
  measure<T>(kind: keyof WorkSeconds, work: () => T): T;
  /** Adds the time and the operations of work that another thread has measured. */
  add(seconds: WorkSeconds, hardwareFlops: number): void;
}

/**
 * Opens the meters of a run.
 *
 * @param counter The hardware counter to read. Left out: operations are not counted in hardware.
 * @param before Seconds of earlier processes. Left out: none.
 *
 * @example Usage
 * ```ts
 * import { openMeters } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const meters = openMeters(undefined, { train: 2, topology: 0, evaluate: 0 });
 * assert.equal(meters.measure("train", () => 6 * 7), 42);
 * assert.ok(meters.seconds.train >= 2);
 * ```
 */
export function openMeters(
  counter: HardwareCounter = NOT_ASKED,
  before: WorkSeconds = { train: 0, topology: 0, evaluate: 0 },
): Meters {
  const seconds = { train: before.train, topology: before.topology, evaluate: before.evaluate };
  const read = "unavailable" in counter ? () => 0 : () => counter.read();
  let hardwareFlops = 0;
  return {
    seconds,
    get hardwareFlops() {
      return hardwareFlops;
    },
    measure(kind, work) {
      const started = performance.now();
      const counted = read();
      try {
        return work();
      } finally {
        hardwareFlops += read() - counted;
        seconds[kind] += (performance.now() - started) / 1000;
      }
    },
    add(more, flops) {
      for (const kind of ["train", "topology", "evaluate"] as const) seconds[kind] += more[kind];
      hardwareFlops += flops;
    },
  };
}
