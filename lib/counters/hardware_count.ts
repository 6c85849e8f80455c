import type { HardwareFlops, NoHardwareFlops } from "./hardware_flops.ts";

/** Which operations are reported: the exact count alone, or the hardware's beside it. */
export type FlopMode = "counted" | "hardware" | "both";

/** The hardware's count of some work, or why there is none. */
export interface HardwareCount {
  /** Operations, or `null`. */
  readonly hardware: number | null;
  /** The event that was counted, or `null`. */
  readonly event: string | null;
  /** Why there is no count, or `null`. */
  readonly reason: string | null;
}

/** What counts, or why nothing does. */
export type HardwareCounter = Pick<HardwareFlops, "event" | "read"> | NoHardwareFlops;

/** The answer to those who do not ask for hardware counts. */
export const NOT_ASKED: NoHardwareFlops = { unavailable: "not asked for (--flops hardware)" };

/** No count, and why. */
export function noCount({ unavailable }: NoHardwareFlops): HardwareCount {
  return { hardware: null, event: null, reason: unavailable };
}

/**
 * Does some work and counts what it executes in hardware, in the threads that the counter covers.
 *
 * @param work It is done once, whether it can be counted or not.
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
