/**
 * Experiments with tiny settings, in this process.
 *
 * @module
 */
import type { ExperimentName } from "../../../lib/experiments/paper/experiment.ts";
import {
  reproduce,
  type ReproduceEvent,
  type ReproduceOptions,
  type Reproduction,
} from "../../../lib/experiments/paper/reproduce.ts";

/** A reproduction, and what was done for it. */
export interface QuickRun {
  readonly reproduction: Reproduction;
  /** Runs that were trained. */
  readonly trained: number;
  /** Measurements that were made. */
  readonly measured: number;
}

/** Carries out one experiment with tiny settings below a folder. */
export async function quickRun(
  name: ExperimentName,
  folder: string,
  options: Partial<ReproduceOptions> = {},
): Promise<QuickRun> {
  let [trained, measured] = [0, 0];
  const [reproduction] = await reproduce(name, {
    runs: `${folder}/runs`,
    out: `${folder}/results`,
    quick: true,
    onEvent(event: ReproduceEvent) {
      if (event.type === "measure") measured++;
      if (event.type === "sweep" && event.event.type === "end") trained++;
    },
    ...options,
  });
  return { reproduction, trained, measured };
}
