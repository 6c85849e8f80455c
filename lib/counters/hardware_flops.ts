/**
 * The hardware's count of floating-point operations, for a training run.
 *
 * @module
 */
import { openPapi, type Papi, type PapiOptions } from "./papi.ts";
import { PapiError } from "./papi_library.ts";

/**
 * The presets that count floating-point operations, the best first. `PAPI_SP_OPS` counts every
 * single-precision operation, a vector instruction as many times as it has lanes: what the kernels
 * do. `PAPI_VEC_SP` leaves out what is not vectorised. `PAPI_FP_OPS` mixes single and double
 * precision, and on some processors counts instructions.
 */
export const FLOP_EVENTS: readonly string[] = ["PAPI_SP_OPS", "PAPI_VEC_SP", "PAPI_FP_OPS"];

/** The address of this module: worker threads import it to count their own operations. */
export const WORKER_COUNTER: string = import.meta.url;

/** A running count of the operations of the thread that opened it. */
export interface HardwareFlops extends Disposable {
  /** The event that is counted. */
  readonly event: string;
  /** Operations since it was opened: take differences around what is to be measured. */
  read(): number;
  /** Ends the count. Safe to call twice. */
  close(): void;
}

/** No count, and why. */
export interface NoHardwareFlops {
  /** The reason, and what to do about it. */
  readonly unavailable: string;
}

/**
 * Starts to count this thread's floating-point operations with the first of {@linkcode FLOP_EVENTS}
 * that the machine has. Never throws for lack of a counter, a library or a permission, and never
 * asks for one.
 *
 * @example Usage
 * ```ts
 * import { openHardwareFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const flops = openHardwareFlops({ path: "/nowhere/libpapi.so" });
 * assert.ok("unavailable" in flops && flops.unavailable.startsWith("Cannot"));
 * ```
 */
export function openHardwareFlops(options: PapiOptions = {}): HardwareFlops | NoHardwareFlops {
  let papi: Papi;
  try {
    papi = openPapi(options);
  } catch (error) {
    if (error instanceof PapiError) return { unavailable: error.message };
    throw error;
  }
  const refusals: string[] = [];
  for (const event of FLOP_EVENTS) {
    try {
      const set = papi.eventSet([event]);
      set.start();
      const close = () => papi.close();
      return { event, read: () => set.read()[0], close, [Symbol.dispose]: close };
    } catch (error) {
      if (!(error instanceof PapiError)) throw error;
      refusals.push(error.message);
    }
  }
  papi.close();
  // All are refused for the same reason more often than not: the first one's tells it.
  const others = FLOP_EVENTS.slice(1).join(" or ");
  return { unavailable: `${refusals[0]} (nor ${others})` };
}
