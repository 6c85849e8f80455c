/**
 * A sweep: many runs in one folder, each in a folder named by its configuration. These folders hold its
 * whole state, so that it can be stopped, killed, continued and shared between processes at any time.
 */
import { requireInteger } from "../../messages.ts";
import { ensureWritableFolder, isRunHeld } from "../../files/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import type { RunConfig, RunOptions } from "../run/mod.ts";
import type { Executor, ExecutorContext, SweepEvent } from "./executor.ts";
import { lastEpoch } from "./last_epoch.ts";
import { processExecutor } from "./process_executor.ts";
import { attemptRun, runState, type SweepTask, sweepTasks } from "./sweep_run.ts";

/** The options of a sweep. */
export interface SweepOptions extends Pick<RunOptions, "threads" | "checkpointEvery" | "signal"> {
  /** Processes that run at once. Left out: 1. */
  readonly workers?: number | undefined;
  /**
   * The command that carries out one run in a separate process: program and arguments. Its last two
   * arguments are the sweep's folder and the configuration as JSON, after `--threads` and
   * `--checkpoint-every`. It stops at a checkpoint when its standard input ends. Left out: runs are carried
   * out in this process, one after the other.
   */
  readonly command?: readonly string[] | undefined;
  /** Carries out the runs instead of processes on this machine. */
  readonly executor?: Executor | undefined;
  /** Called with every event. */
  readonly onEvent?: ((event: SweepEvent) => void) | undefined;
}

/** An unfinished run, and the reason. */
export interface Unfinished {
  /** The run. */
  readonly task: SweepTask;
  /** `failed` and `unusable` say why; the others were stopped or not begun. */
  readonly status: "missing" | "begun" | "failed" | "unusable";
  /** The error; `null` where there is none. */
  readonly message: string | null;
}

/** The result of a sweep. */
export interface SweepSummary {
  /** The sweep's folder. */
  readonly folder: string;
  /** Different configurations. */
  readonly total: number;
  /** Runs with a record now. */
  readonly finished: number;
  /** Runs that had a record before. */
  readonly before: number;
  /** All others. */
  readonly unfinished: readonly Unfinished[];
  /** `true` if it was asked to stop. */
  readonly stopped: boolean;
}

/** Milliseconds between two looks at runs that other processes hold. */
const LOOK_AGAIN = 250;

/**
 * Carries out the runs of a sweep that are not finished.
 *
 * @param configs Complete configurations, such as those of a study.
 * @param folder The folder of the runs: each has a folder in it, named by {@linkcode runHash}.
 * @throws {RangeError} If there is no configuration, or more workers are requested than possible.
 * @throws {Error} If the folder cannot be written. A failed run is not an error; the summary names it.
 *
 * @example Usage
 * ```ts
 * import { completeConfig, readResults, sweep } from "@sparsemble/sparsemble/experiments";
 * import assert from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const table = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${i % 7 > 3}`);
 * Deno.writeTextFileSync(`${folder}/table.csv`, ["a,b,large", ...table].join("\n"));
 * const configs = [1, 2].map((seed) =>
 *   completeConfig({
 *     file: `${folder}/table.csv`,
 *     target: "large",
 *     method: "set",
 *     hidden: [8],
 *     epochs: 2,
 *     batchSize: 8,
 *     epsilon: 2,
 *     seed,
 *   })
 * );
 * const { finished, unfinished } = await sweep(configs, `${folder}/runs`);
 * assert.equal(finished, 2);
 * assert.deepEqual(unfinished, []);
 * assert.equal(readResults(`${folder}/runs`).length, 2);
 * ```
 */
export async function sweep(
  configs: readonly RunConfig[],
  folder: string,
  options: SweepOptions = {},
): Promise<SweepSummary> {
  const { signal, onEvent = () => {} } = options;
  const executor = options.executor ?? localExecutor(options);
  if (configs.length === 0) {
    throw new RangeError("Cannot begin a sweep: found no configuration, need at least one");
  }
  const tasks = sweepTasks(configs, folder);
  ensureWritableFolder(folder, 1);
  const before = tasks.filter(isDone).length;
  // A folder that cannot be used is not tried. The summary gives the reason.
  let pending = tasks.filter((task) => !isDone(task) && runState(task).status !== "unusable");
  onEvent({ type: "plan", total: tasks.length, finished: before, tasks, pending });
  while (pending.length > 0 && !signal?.aborted) {
    const held = new Set<string>();
    await executor(pending, {
      folder,
      signal,
      onEvent(event) {
        if (event.type === "end" && event.attempt.status === "held") held.add(event.task.hash);
        onEvent(event);
      },
    });
    pending = pending.filter((task) => held.has(task.hash) && !isDone(task));
    if (pending.length > 0) onEvent({ type: "waiting", tasks: pending });
    while (pending.length > 0 && pending.every((task) => isRunHeld(task.folder))) {
      if (signal?.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
    pending = pending.filter((task) => !isDone(task));
  }
  const unfinished = unfinishedRuns(tasks);
  return {
    folder,
    total: tasks.length,
    finished: tasks.length - unfinished.length,
    before,
    unfinished,
    stopped: signal?.aborted === true,
  };
}

/** The runs without a record, with their states. */
export function unfinishedRuns(tasks: readonly SweepTask[]): Unfinished[] {
  return tasks.flatMap((task): Unfinished[] => {
    const { status, message } = runState(task);
    return status === "finished" ? [] : [{ task, status, message }];
  });
}

/** The number of all epochs of a run. Members that are trained independently each have their own. */
export function epochsOf(config: RunConfig): number {
  const { epochs, members, explore } = config;
  const { members: kind, lineage } = methodOf(config);
  if (lineage !== undefined) return explore + epochs * members * lineage.rounds(config);
  return kind === "sequential" ? epochs : epochs * members;
}

function isDone(task: SweepTask): boolean {
  return runState(task).status === "finished";
}

function localExecutor(options: SweepOptions): Executor {
  const { workers = 1, threads = 1, command, checkpointEvery = 30 } = options;
  for (const [name, count] of Object.entries({ workers, threads })) {
    requireInteger("begin a sweep", count, name, 1);
  }
  if (command !== undefined) return processExecutor(command, { workers, threads, checkpointEvery });
  if (workers === 1) return (tasks, context) => inThisProcess(tasks, context, options);
  throw new RangeError(
    `Cannot begin a sweep: found ${workers} workers, need the command that starts one`,
  );
}

async function inThisProcess(
  tasks: readonly SweepTask[],
  { signal, onEvent }: ExecutorContext,
  { threads, checkpointEvery }: SweepOptions,
): Promise<void> {
  for (const task of tasks) {
    if (signal?.aborted) return;
    onEvent({ type: "start", task, epoch: lastEpoch(task)?.epoch ?? 0 });
    const attempt = await attemptRun(task, {
      signal,
      threads,
      checkpointEvery,
      onEvent(event) {
        if (event.type !== "epoch") return;
        const { epoch, epochs } = event;
        onEvent({ type: "progress", task, epoch, epochs });
      },
    });
    onEvent({ type: "end", task, attempt });
  }
}
