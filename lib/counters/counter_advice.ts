/** A machine's access to its hardware counters. */
export interface CounterAccess {
  /** The vendor of the virtual machine; `null` on a real machine. */
  readonly virtualMachine: string | null;
  /** `/proc/sys/kernel/perf_event_paranoid`; `null` if it may not be read. */
  readonly paranoid: number | null;
  /** `true` if at least one event of the processor can be counted. */
  readonly anyEvent: boolean;
}

/** The highest `perf_event_paranoid` at which a process may count itself. */
const HIGHEST_PARANOID = 2;

/**
 * Returns advice for an event of the processor that cannot be counted.
 *
 * @example Usage
 * ```ts
 * import { counterAdvice } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const access = { virtualMachine: null, paranoid: 4, anyEvent: false };
 * assert.match(counterAdvice(access), /sysctl kernel.perf_event_paranoid=2/);
 * ```
 */
export function counterAdvice({ virtualMachine, paranoid, anyEvent }: CounterAccess): string {
  if (anyEvent) return "this processor counts other events: run papi_avail for their names";
  const permit = `sudo sysctl kernel.perf_event_paranoid=${HIGHEST_PARANOID}`;
  const steps: string[] = [];
  if (paranoid !== null && paranoid > HIGHEST_PARANOID) {
    steps.push(
      `perf_event_paranoid is ${paranoid}, need ${HIGHEST_PARANOID} or lower: ${permit}`,
    );
  }
  steps.push(
    virtualMachine === null
      ? "in a container, allow perf_event_open (Docker: --cap-add PERFMON)"
      : `this is a virtual machine (${virtualMachine}) that is not given the processor's counters ` +
        "(no PMU): run on the machine itself, or switch on a virtual PMU (QEMU: -cpu host,pmu=on)",
  );
  if (paranoid === null) {
    const file = "/proc/sys/kernel/perf_event_paranoid";
    steps.push(`${file} needs to be ${HIGHEST_PARANOID} or lower (${permit})`);
  }
  return steps.join("; ");
}
