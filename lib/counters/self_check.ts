import type { Kernels } from "../kernels/mod.ts";
import { predictionFlops } from "./flops.ts";
import type { Papi, PapiOptions } from "./papi.ts";
import { PapiError } from "./papi_library.ts";
import { publishSoftwareEvent } from "./software_event.ts";

/** The count of one event. */
export interface EventCount {
  /** The event. */
  readonly event: string;
  /** The count; `null` if the event cannot be counted. */
  readonly count: number | null;
  /** The reason why it cannot be counted, with advice; `null` if it can. */
  readonly refusal: string | null;
}

/** The counts of the same work in several ways. */
export interface SelfCheck {
  /** The floating-point operations of the work, by formula. */
  readonly counted: number;
  /** The same number, added to a software-defined event and read back through PAPI. */
  readonly published: EventCount;
  /** The counts of the given events. */
  readonly events: readonly EventCount[];
}

const NEURONS = 256;
const BATCH = 128;
const REPEATS = 20;

/** The largest relative difference allowed between hardware count and formula. */
export const SELF_CHECK_TOLERANCE = 0.05;

/**
 * Runs the forward pass of a dense layer once per event, and counts that event.
 *
 * @param kernels The kernels: compiled ones, because JavaScript computes in double precision.
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
  // Warms up: the first run compiles and fills the caches.
  work();
  return {
    counted,
    published: countAround(papi, "sde:::sparsemble::SELF_CHECK", () => {
      const published = publishSoftwareEvent({ ...options, counter: "SELF_CHECK" });
      return () => published.add(counted);
    }),
    events: events.map((event) => countAround(papi, event, () => work)),
  };
}

/** Counts an event during some work. `prepare` returns the work, and is called before the event is used. */
function countAround(papi: Papi, event: string, prepare: () => () => void): EventCount {
  try {
    const work = prepare();
    using set = papi.eventSet([event]);
    set.start();
    work();
    return { event, count: set.stop()[0], refusal: null };
  } catch (error) {
    if (!(error instanceof PapiError)) throw error;
    return { event, count: null, refusal: error.message };
  }
}
