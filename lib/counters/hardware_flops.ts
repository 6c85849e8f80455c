import { openPapi, type Papi, type PapiOptions } from "./papi.ts";
import { PapiError } from "./papi_library.ts";

/**
 * The events that count floating-point operations, best first. `PAPI_SP_OPS` counts all single-precision
 * operations, and a vector instruction once per lane. This is the arithmetic of the kernels.
 * `PAPI_VEC_SP` counts only vector instructions. `PAPI_FP_OPS` mixes single and double precision, and
 * counts instructions on some processors.
 */
export const FLOP_EVENTS: readonly string[] = ["PAPI_SP_OPS", "PAPI_VEC_SP", "PAPI_FP_OPS"];

/** The address of this module, which worker threads import to count their own operations. */
export const WORKER_COUNTER: string = import.meta.url;

/** A running count of the operations of the thread that opened it. */
export interface HardwareFlops extends Disposable {
  /** The counted event. */
  readonly event: string;
  /** Returns the operations since the counter was opened. Subtract two readings to measure work. */
  read(): number;
  /** Ends the count. Safe to call twice. */
  close(): void;
}

/** The reason why there is no count. */
export interface NoHardwareFlops {
  /** The reason, with advice. */
  readonly unavailable: string;
}

/**
 * Starts to count this thread's floating-point operations, with the first of {@linkcode FLOP_EVENTS}
 * that the machine has. Without a counter, a library or a permission, it returns the reason. It never
 * asks for a permission.
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
  // The events are mostly refused for the same reason, so one reason is enough.
  const others = FLOP_EVENTS.slice(1).join(" or ");
  return { unavailable: `${refusals[0]} (nor ${others})` };
}
