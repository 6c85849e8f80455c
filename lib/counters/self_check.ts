/**
 * Work of known size, counted by every means that a machine has, and compared.
 *
 * @module
 */
import type { Kernels } from "../kernels/mod.ts";
import { predictionFlops } from "./flops.ts";
import { type Papi, type PapiOptions } from "./papi.ts";
import { PapiError } from "./papi_library.ts";
import { publishSoftwareEvent } from "./software_event.ts";

/** One event's count of the work. */
export interface EventCount {
  /** The event. */
  readonly event: string;
  /** What it counted; `null` if it cannot be counted. */
  readonly count: number | null;
  /** Why not, and what to do about it. */
  readonly refusal: string | null;
}

/** What counting the same work in several ways gave. */
export interface SelfCheck {
  /** The software count: floating-point operations that the work consists of. */
  readonly counted: number;
  /** The same number, added to a software-defined event and read back through PAPI. */
  readonly published: EventCount;
  /** The events that were asked for. */
  readonly events: readonly EventCount[];
}

const NEURONS = 256;
const BATCH = 128;
const REPEATS = 20;

/** How far a hardware count may lie from the software count. */
export const SELF_CHECK_TOLERANCE = 0.05;

/**
 * Multiplies a dense layer, counting every event around it one at a time.
 *
 * @param kernels What does the multiplication: compiled kernels, as JavaScript computes in double
 * precision.
 * @param events The events to count.
 *
 * @example Usage (on a machine with libpapi)
 * ```ts ignore
 * import { chooseKernels } from "@sparsemble/sparsemble";
 * import { openPapi, selfCheck } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * using papi = openPapi();
 * const check = selfCheck(papi, chooseKernels("wasm").kernels, ["PAPI_SP_OPS"]);
 * assert.equal(check.published.count, check.counted);
 * ```
 */
export function selfCheck(
  papi: Papi,
  kernels: Kernels,
  events: readonly string[],
  options: PapiOptions = {},
): SelfCheck {
  const size = { rows: NEURONS, columns: NEURONS, nnz: NEURONS * NEURONS };
  const { forward, activation } = predictionFlops([size], BATCH);
  const counted = (forward + activation) * REPEATS;
  using arena = kernels.openArena();
  const layer = {
    rows: NEURONS,
    columns: NEURONS,
    weights: arena.floats(NEURONS * NEURONS).fill(0.01),
    bias: arena.floats(NEURONS),
  };
  const x = arena.floats(NEURONS * BATCH).fill(1);
  const out = arena.floats(NEURONS * BATCH);
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const work = () => {
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      kernels.denseForward(layer, x, out, null, gate, BATCH);
    }
  };
  // Compiled and in the caches before anything is counted.
  work();
  return {
    counted,
    published: countPublished(papi, counted, options),
    events: events.map((event) => countAround(papi, event, work)),
  };
}

function countPublished(papi: Papi, counted: number, options: PapiOptions): EventCount {
  try {
    const published = publishSoftwareEvent({ ...options, counter: "SELF_CHECK" });
    return countAround(papi, published.name, () => published.add(counted));
  } catch (error) {
    if (!(error instanceof PapiError)) throw error;
    return { event: "sde:::sparsemble::SELF_CHECK", count: null, refusal: error.message };
  }
}

function countAround(papi: Papi, event: string, work: () => void): EventCount {
  try {
    using set = papi.eventSet([event]);
    set.start();
    work();
    return { event, count: set.stop()[0], refusal: null };
  } catch (error) {
    if (!(error instanceof PapiError)) throw error;
    return { event, count: null, refusal: error.message };
  }
}
