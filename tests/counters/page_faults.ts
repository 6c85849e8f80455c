import { openPapi } from "../../lib/counters/papi.ts";

/** The kernel's own event, which virtual machines have too: first touches of memory, by thread. */
export const PAGE_FAULTS = "perf::PAGE-FAULTS";

/** Counts this thread's page faults, as worker threads count operations where they can. */
export function openHardwareFlops() {
  const papi = openPapi();
  const set = papi.eventSet([PAGE_FAULTS]);
  set.start();
  return { event: PAGE_FAULTS, read: () => set.read()[0], close: () => papi.close() };
}

/** Why page faults cannot be counted here, or `null`. */
export function pageFaultsMissing(): string | null {
  try {
    using papi = openPapi();
    return papi.refusal(PAGE_FAULTS);
  } catch (error) {
    return (error as Error).message;
  }
}
