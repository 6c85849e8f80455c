import { completeSettings } from "../../settings/mod.ts";
import { type PlannedFlops, plannedFlops } from "../run/mod.ts";
import { TABLE1 } from "./published.ts";

/** The training FLOPs of the dense network in Table 1. */
export const PAPER_DENSE_FLOPS: number = TABLE1["gesture-phase"].denseFlops;

/** The training FLOPs of Table 1's sparse models (S = 0.98, 0.95, 0.93) over the dense one's, by ε. */
export const PAPER_FLOP_SHARES: Readonly<Record<number, number>> = Object.fromEntries(
  TABLE1["gesture-phase"].runs.filter(({ method }) => method === "edst")
    .map(({ epsilon, flops }) => [epsilon, flops]),
);

/** The training rows, features and classes of Gesture Phase Segmentation. */
const GESTURE_PHASE = { rows: 7898, columns: 50, classes: 5 };

/** One of the paper's networks, trained for all epochs on all training rows. */
export interface PaperFlops {
  /** The density control, or `null` for the dense network. */
  readonly epsilon: number | null;
  /** Our count. */
  readonly planned: PlannedFlops;
  /** Our count of all training steps, without the scores of finished members. */
  readonly steps: number;
  /** Our count over that of the dense network. */
  readonly share: number;
  /** The share that the paper gives; 1 for the dense network. */
  readonly paperShare: number;
}

/**
 * Counts the training of Table 1's networks on Gesture Phase: three hidden layers of 1,000 neurons, batches
 * of 128, 350 epochs. Training uses all training rows, including the last, smaller batch.
 *
 * @example Usage
 * ```ts
 * import { paperFlops } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const [dense] = paperFlops();
 * assert.equal(dense.planned.steps, 350 * 62);
 * assert.equal(dense.steps.toExponential(2), "3.42e+13");
 * ```
 */
export function paperFlops(): PaperFlops[] {
  const all = { validationFraction: 0, dropLastBatch: false, hidden: [1000, 1000, 1000] };
  const training = { ...all, epochs: 350, batchSize: 128 };
  const networks = [null, ...Object.keys(PAPER_FLOP_SHARES).map(Number)].map((epsilon) => {
    const method = epsilon === null ? { method: "dense" } : { method: "edst", epsilon };
    const settings = completeSettings({ ...training, ...method, memberSelection: "last" });
    const planned = plannedFlops(settings, GESTURE_PHASE);
    return { epsilon, planned, steps: planned.counted - planned.phases.validation };
  });
  const [dense] = networks;
  return networks.map(({ epsilon, planned, steps }) => ({
    epsilon,
    planned,
    steps,
    share: steps / dense.steps,
    paperShare: epsilon === null ? 1 : PAPER_FLOP_SHARES[epsilon],
  }));
}
