import type { HardwareFlops, NoHardwareFlops } from "./hardware_flops.ts";

/** The counts to report: by formula, by hardware, or both. */
export type FlopMode = "counted" | "hardware" | "both";

/** The hardware's count of some work, or the reason why there is none. */
export interface HardwareCount {
  /** The number of operations, or `null`. */
  readonly hardware: number | null;
  /** The counted event, or `null`. */
  readonly event: string | null;
  /** The reason why there is no count, or `null`. */
  readonly reason: string | null;
}

/** A hardware counter, or the reason why there is none. */
export type HardwareCounter = Pick<HardwareFlops, "event" | "read"> | NoHardwareFlops;

/** The reason if no hardware count was asked for. */
export const NOT_ASKED: NoHardwareFlops = { unavailable: "not asked for (--flops hardware)" };

/** A missing count with its reason. */
export function noCount({ unavailable }: NoHardwareFlops): HardwareCount {
  return { hardware: null, event: null, reason: unavailable };
}

/**
 * Runs some work and counts its operations in hardware, in all threads of the counter.
 *
 * @param work The work. It runs once, also without a counter.
 *
 * @example Usage
 * ```ts
 * import { countHardware, openHardwareFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const counter = openHardwareFlops({ path: "/nowhere/libpapi.so" });
 * const { result, count } = countHardware(counter, () => 6 * 7);
 * assert.equal(result, 42);
 * assert.equal(count.hardware, null);
 * assert.match(count.reason!, /libpapi/);
 * ```
 */
export function countHardware<T>(
  counter: HardwareCounter,
  work: () => T,
): { result: T; count: HardwareCount } {
  if ("unavailable" in counter) return { result: work(), count: noCount(counter) };
  const before = counter.read();
  const result = work();
  const hardware = counter.read() - before;
  return { result, count: { hardware, event: counter.event, reason: null } };
}
