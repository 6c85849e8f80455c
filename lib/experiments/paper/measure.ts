import type { MeasureContext } from "./experiment.ts";

/** A measurement, with its names in the log and for the user. */
export interface Measurement {
  readonly name: string;
  readonly what: string;
  /** Returns the result, or `undefined` if it was asked to stop. */
  readonly measure: () => unknown;
}

/** Makes the measurements that the log lacks, until it is asked to stop. */
export async function measureMissing(
  { log, onProgress, signal }: MeasureContext,
  measurements: Iterable<Measurement>,
): Promise<void> {
  for (const { name, what, measure } of measurements) {
    if (log.has(name)) continue;
    onProgress(what);
    await breathe();
    if (signal?.aborted) return;
    const value = await measure();
    if (value !== undefined) log.put(name, value);
  }
}

/** Waits for a turn of the event loop, so that the process can answer signals. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
