import { addOutputs, endsMember, phaseAt, type Rows } from "../training/mod.ts";
import { train } from "./train.ts";
import type { TrainingEvent } from "./training_event.ts";
import type { TrainingRun } from "./training_run.ts";

/** The outputs of the network in training at one moment. */
export interface RecordedOutputs {
  /** The member in training, counted from 0. */
  readonly member: number;
  /** Finished epochs. */
  readonly epoch: number;
  /** `true` at the beginning of a member: after exploration, or after re-initialisation. */
  readonly start: boolean;
  /** The softmax outputs: length rows × classes, row by row. */
  readonly outputs: Float32Array;
}

/** A training event, or a point of the trajectory. */
export type RecordingEvent =
  | TrainingEvent
  | ({ readonly type: "outputs" } & RecordedOutputs);

/**
 * Trains as {@linkcode train} does, and records the network's outputs for some rows: at the beginning of
 * every member (of the first one after exploration), and after each of its epochs before the topology
 * changes. An epoch that is repeated after a divergence is recorded again.
 *
 * @param run The run, before its first batch.
 * @param rows The rows. Their labels are not used.
 *
 * @example Usage
 * ```ts
 * import { completeSettings } from "@sparsemble/sparsemble";
 * import { openRun, trainRecording } from "@sparsemble/sparsemble/ensemble";
 * import { wasmKernels } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * const rows = {
 *   rows: 40,
 *   columns: 2,
 *   features: Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
 *   labels: Int32Array.from({ length: 40 }, (_, row) => row % 2),
 * };
 * const settings = completeSettings({
 *   method: "fd",
 *   hidden: [8],
 *   epsilon: 3,
 *   epochs: 6,
 *   explore: 2,
 *   members: 2,
 *   batchSize: 8,
 *   memberSelection: "last",
 *   validationFraction: 0,
 * });
 * const problem = { training: rows, validation: null, classes: 2 };
 * using run = openRun(problem, settings, wasmKernels());
 * const points = [...trainRecording(run, rows)].filter((event) => event.type === "outputs");
 * assert.deepEqual(points.map((point) => point.epoch), [2, 3, 4, 4, 5, 6]);
 * ```
 */
export function* trainRecording(run: TrainingRun, rows: Rows): Generator<RecordingEvent> {
  const { schedule } = run;
  const point = (member: number, epoch: number, start: boolean) => {
    const { network, workspace } = run.stage;
    const { layers } = network;
    const outputs = new Float32Array(rows.rows * layers[layers.length - 1].rows);
    addOutputs(network, workspace, rows.features, rows.rows, 1, outputs);
    return { type: "outputs", member, epoch, start, outputs } as const;
  };
  if (run.progress.step === 0 && phaseAt(schedule, 0).name !== "exploration") {
    yield point(0, 0, true);
  }
  for (const event of train(run)) {
    // Outputs are recorded at the epoch's last batch, because the epoch's event comes after topology
    // changes.
    if (event.type === "batch" && event.batch === event.batches) {
      const { member, name } = phaseAt(schedule, event.epoch);
      if (name !== "exploration") yield point(member, event.epoch + 1, false);
      else if (event.epoch + 1 < schedule.epochs) {
        const next = phaseAt(schedule, event.epoch + 1);
        if (next.name !== "exploration") yield point(next.member, event.epoch + 1, true);
      }
    }
    yield event;
    if (event.type === "epoch" && event.epoch < schedule.epochs) {
      if (endsMember(schedule, event.epoch - 1)) yield point(event.member + 1, event.epoch, true);
    }
  }
}
