/// <reference lib="webworker" />
/**
 * A worker that trains independent members, one after the other.
 *
 * @module
 */
import { type HardwareCounter, openHardwareFlops, openMeters } from "../../counters/mod.ts";
import { chooseKernels, type Kernels } from "../../kernels/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import type { Plan } from "../stage.ts";
import { train } from "../train.ts";
import { copyState, saveRun } from "../training_run.ts";
import { openMemberRun, placeOf } from "./member_run.ts";
import {
  type MemberTask,
  Word,
  type WorkerBeginning,
  type WorkerReady,
  type WorkItem,
  type WorkMessage,
} from "./messages.ts";

/** A batch alone causes a message after this time, in milliseconds. */
const PATIENCE = 50;

self.onmessage = ({ data }: MessageEvent<WorkerBeginning>) => {
  const { problem, settings, schedule, kernels: name, words, counting } = data;
  const plan: Plan = { problem, settings, schedule, method: methodOf(settings) };
  const { kernels } = chooseKernels(name);
  const counter = counting ? openHardwareFlops() : undefined;
  const shared = new Int32Array(words);
  self.onmessage = ({ data }: MessageEvent<MemberTask>) => {
    trainMember(plan, data, kernels, counter, shared);
  };
  const ready: WorkerReady = counter === undefined
    ? null
    : "unavailable" in counter
    ? { unavailable: counter.unavailable }
    : { event: counter.event };
  self.postMessage(ready);
};

function trainMember(
  plan: Plan,
  task: MemberTask,
  kernels: Kernels,
  counter: HardwareCounter | undefined,
  words: Int32Array,
): void {
  const meters = openMeters(counter, task.seconds);
  let items: WorkItem[] = [];
  let sent = performance.now();
  let { round } = task;
  const send = () => {
    const message: WorkMessage = { member: task.member, items };
    self.postMessage(message);
    items = [];
    sent = performance.now();
  };
  try {
    using run = openMemberRun(plan, task.member, task.plan, kernels, meters, task.saved);
    for (const event of train(run)) {
      const at = placeOf(run.progress, meters);
      // A message contains only the last of the batches since the previous message.
      if (event.type !== "batch") {
        items.push({ kind: "event", event, at });
        continue;
      }
      const asked = Atomics.load(words, Word.ROUND);
      const isLate = performance.now() - sent > PATIENCE;
      if (asked === round && !isLate) continue;
      items.push({ kind: "event", event, at });
      if (asked !== round) {
        round = asked;
        const saved = saveRun(run);
        items.push({ kind: "state", saved, at: placeOf(saved.progress, meters), round });
        send();
        if (round === Atomics.load(words, Word.LAST_ROUND)) return;
      } else {
        send();
      }
    }
    const saved = copyState(run);
    items.push({ kind: "end", saved, at: placeOf(saved.progress, meters) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(`${error}`);
    items.push({ kind: "failure", name, message });
  }
  send();
}
