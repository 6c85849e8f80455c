import {
  type FlopMode,
  type HardwareCount,
  type HardwareCounter,
  noCount,
  NOT_ASKED,
  openHardwareFlops,
  publishSoftwareEvent,
  type SoftwareEvent,
  totalFlops,
  WORKER_COUNTER,
} from "../../counters/mod.ts";
import { keptMembers, type TrainingEvent, type TrainingRun } from "../../ensemble/mod.ts";
import type { ThreadCounts } from "../../kernels/threads/mod.ts";

/** The hardware's count of a run's training: all of it, and by member. */
export interface TrainingHardwareCount extends HardwareCount {
  /** The count by member; the first includes exploration. `null` where there is no count. */
  readonly hardwareMembers: readonly number[] | null;
}

/** The hardware counter of a run. It also publishes the run's own count for others to read. */
export interface FlopMeter extends Disposable {
  /** The module with which worker threads count, or `null` if they do not count. */
  readonly workerCounter: string | null;
  /**
   * Returns the counter, joined with the counters of the worker threads; `null`: there are none. Call it
   * once.
   */
  withWorkers(workers: ThreadCounts | null): HardwareCounter;
  /** Takes every event of a run: updates the published count, and separates the members. */
  follow(run: TrainingRun, event: TrainingEvent): void;
  /** The counter, for work outside training. */
  counter(): HardwareCounter;
  /** The hardware's count of a run's training. */
  count(run: TrainingRun): TrainingHardwareCount;
}

/**
 * Opens the requested counters of a run in this thread. The worker threads open their own. A missing
 * counter is never an error; the reason is kept. Open it before the worker threads, because the first
 * thread that opens PAPI initialises it.
 *
 * @param resumed `true` if an earlier process did a part of the run, which this one cannot count.
 */
export function openFlopMeter(mode: FlopMode, resumed: boolean): FlopMeter {
  const published = mode === "counted" ? null : publishIfPossible();
  const own = mode === "counted"
    ? NOT_ASKED
    : resumed
    ? { unavailable: "a part of the run was trained by an earlier process" }
    : openHardwareFlops();
  let counter: HardwareCounter = own;
  let publishedFlops = 0;
  const members: number[] = [];
  return {
    workerCounter: "unavailable" in own ? null : WORKER_COUNTER,
    withWorkers: (workers) => counter = joined(own, workers),
    follow(run, event) {
      const total = totalFlops(run.progress.flops);
      published?.add(Math.max(0, total - publishedFlops));
      publishedFlops = total;
      if (event.type === "member") members.push(run.meters.hardwareFlops);
    },
    counter: () => counter,
    count({ settings, stage: { trialScores }, meters: { hardwareFlops: hardware } }) {
      if ("unavailable" in counter) return { ...noCount(counter), hardwareMembers: null };
      const kept = keptMembers(settings, members.length, trialScores[0]?.candidates ?? []);
      const hardwareMembers = kept.map((m) => members[m] - (members[m - 1] ?? 0));
      return { hardware, event: counter.event, reason: null, hardwareMembers };
    },
    [Symbol.dispose]() {
      if (!("unavailable" in own)) own.close();
    },
  };
}

/** Adds this thread's count and the workers' counts. */
function joined(own: HardwareCounter, workers: ThreadCounts | null): HardwareCounter {
  if ("unavailable" in own || workers === null) return own;
  if ("unavailable" in workers) {
    return { unavailable: `worker threads are not counted: ${workers.unavailable}` };
  }
  if (workers.event !== own.event) {
    return { unavailable: `threads count different events: ${own.event}, ${workers.event}` };
  }
  return { event: own.event, read: () => own.read() + workers.read() };
}

/** The event `sde:::sparsemble::FLOPS`, if libsde is installed and may be loaded. */
function publishIfPossible(): SoftwareEvent | null {
  try {
    return publishSoftwareEvent();
  } catch {
    // Only other tools need the published count, so a run continues without it.
    return null;
  }
}
