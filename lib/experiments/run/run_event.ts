import type { Preprocessing } from "../../data/preprocessing/mod.ts";
import type { ReadProgress } from "../../data/table/mod.ts";
import type { MembersAtATime, TrainingEvent, TrainingRun } from "../../ensemble/mod.ts";
import type { RunConfig } from "./run_config.ts";
import type { RunData } from "./run_data.ts";

/** An event of a run. */
export type RunEvent =
  | { readonly type: "reading"; readonly file: string; readonly progress: ReadProgress }
  | {
    readonly type: "ready";
    /** Its configuration as it was given. The run's settings may have been adapted to the rows. */
    readonly config: RunConfig;
    /** The run, before its first batch. */
    readonly run: TrainingRun;
    /** Its rows. */
    readonly data: RunData;
    /** The preprocessing of its columns to the networks' inputs. */
    readonly preprocessing: Preprocessing;
    /** Columns that are constant in the training rows and are not used. */
    readonly droppedColumns: readonly string[];
    /** The back end, and the reason for its choice. */
    readonly kernels: { readonly description: string; readonly reason: string };
    /** The number of members that are trained at the same time, and the memory of each. */
    readonly members: Pick<MembersAtATime, "count" | "bytes" | "reason">;
  }
  /** The teacher of a run that distils begins, or continues. Its events follow. */
  | { readonly type: "teacher" }
  | { readonly type: "checkpoint"; readonly epoch: number }
  | TrainingEvent;

/** An event in the form for `events.jsonl`: a member has no arrays. The log adds the step to each line. */
export function forTheLog(event: TrainingEvent): object {
  if (event.type === "topology") {
    const { step: _step, ...change } = event;
    return change;
  }
  if (event.type !== "member") return event;
  const { layers: _layers, ...member } = event.member;
  return { type: "member", index: event.index, ...member };
}
