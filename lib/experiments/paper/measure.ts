import type { MeasureContext } from "./experiment.ts";

/** A measurement, and what it is called in the log and to the user. */
export interface Measurement {
  readonly name: string;
  readonly what: string;
  /** Gives `undefined` where it was asked to stop. */
  readonly measure: () => unknown;
}

/** Takes the measurements that the log does not hold, until it is asked to stop. */
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

/** Lets the process answer signals. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
