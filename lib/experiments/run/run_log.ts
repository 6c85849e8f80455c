import type { TrainingEvent } from "../../ensemble/mod.ts";

/** An event for `events.jsonl`: a member without its arrays; the log gives each line its step. */
export function forTheLog(event: TrainingEvent): object {
  if (event.type === "topology") {
    const { step: _step, ...change } = event;
    return change;
  }
  if (event.type !== "member") return event;
  const { layers: _layers, ...member } = event.member;
  return { type: "member", index: event.index, ...member };
}
