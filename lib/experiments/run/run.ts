import { requireKind, requireText } from "../../arguments.ts";
import { node } from "../../node.ts";
import { type DiskWatch, lockRun, removeAbandonedFiles } from "../../files/mod.ts";
import { type Model, save } from "../../model/mod.ts";
import {
  encodeCheckpoint,
  isFiniteState,
  keepWithin,
  modelOf,
  type OpenTeam,
  type SavedRun,
  saveRun,
  StrategyError,
  studentModel,
  train,
  type TrainingEvent,
  type TrainingRun,
  trainSideBySide,
  trainTogether,
} from "../../ensemble/mod.ts";
import { type FlopMode, processorSeconds } from "../../counters/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import { openFlopMeter } from "./flop_meter.ts";
import type { RunConfig } from "./run_config.ts";
import type { RunData } from "./run_data.ts";
import {
  appendEvents,
  createRunFolder,
  discardRun,
  dropEventsAfter,
  finishRunFolder,
  isFinished,
  readCheckpoint,
  readConfig,
  removeEmptyFolder,
  type RunFiles,
  runFiles,
  writeCheckpoint,
  writeConfig,
} from "./run_folder.ts";
import { removeStream } from "../../streams/mod.ts";
import { withDistance } from "./member_distance.ts";
import { type OpenedRun, openedRun } from "./opened_run.ts";
import { recordRun, type RunRecord } from "./run_record.ts";
import { forTheLog, type RunEvent } from "./run_event.ts";
import { type GivenStrategy, strategyToBegin, strategyToResume } from "./run_strategy.ts";
import { hasTeacher, type Teach } from "./teacher.ts";

export type { RunEvent };

/** The options of a run. */
export interface RunOptions {
  /** Called with every event. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Seconds of training between two checkpoints; 0 for none. Left out: 30. */
  readonly checkpointEvery?: number | undefined;
  /**
   * The number of threads that compute. It changes no bit of the result. Up to this many independent
   * members are trained at the same time; only some of their batches are reported as events. Left out: 1.
   */
  readonly threads?: number | undefined;
  /** The folder that the run shares with workers in other processes. Left out: none. */
  readonly workerFolder?: string | undefined;
  /** The counts of operations to report: by formula, by hardware, or both. Left out: `"counted"`. */
  readonly flops?: FlopMode | undefined;
  /**
   * A topology strategy, or its file. It replaces the method's strategy. Left out: the configuration's
   * strategy. If a run is resumed with another version of the file, its record says so.
   */
  readonly strategy?: GivenStrategy | undefined;
  /** Asks the run to stop after the current batch, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** The rows. Left out: they are read from the configuration's files. */
  readonly data?: RunData | undefined;
  /** Called before every change of the run's files. For tests of power failures. */
  readonly watch?: DiskWatch | undefined;
}

/** The end of a run. */
export type RunResult =
  | {
    readonly status: "finished";
    readonly record: RunRecord;
    readonly model: Model;
    readonly files: RunFiles;
  }
  | { readonly status: "stopped"; readonly epoch: number; readonly files: RunFiles };

/** Milliseconds for which training holds up the event loop. */
const BREATH = 50;

/** Free bytes per weight that the disk must have before a run begins. */
const BYTES_PER_WEIGHT = 60;

/**
 * Begins a run in a folder.
 *
 * @param folder The folder; created if it is missing. It must not hold a run.
 * @throws {Error} If the folder holds a run, or there is an error in data, settings, strategy or disk. If
 * the run fails before its first batch, it leaves nothing in the folder.
 * @throws {StrategyError} If a custom strategy cannot be used, throws, or its answer is not valid.
 */
export async function startRun(
  config: RunConfig,
  folder: string,
  options: RunOptions = {},
): Promise<RunResult> {
  requireKind("begin a run", config, {
    name: "a run's configuration",
    has: ["file", "target", "method", "hidden", "epsilon"],
    makers: ["experiments.completeConfig"],
  });
  requireText("begin a run", folder, "the path of its folder");
  checkOptions(options);
  const own = await strategyToBegin(config.strategy ?? null, options.strategy, options.signal);
  const known = node.fs.existsSync(folder);
  using lock = lockRun(folder);
  using meter = openFlopMeter(options.flops ?? "counted", false);
  const weights = config.hidden.reduce((sum, size) => sum + 2 * size, 0) * config.epsilon;
  const room = Math.min(Math.ceil(weights * BYTES_PER_WEIGHT), 2 ** 26);
  let opened: OpenedRun;
  try {
    const complete = { ...config, strategy: own?.origin ?? null };
    const files = createRunFolder(folder, complete, room, options.watch);
    try {
      opened = await openedRun(config, own, files, null, options, meter, teaching(options));
    } catch (error) {
      if (isStop(error, options)) return { status: "stopped", epoch: 0, files };
      if (!hasTeacher(files)) discardRun(files);
      throw error;
    }
  } catch (error) {
    lock.release();
    if (!known) removeEmptyFolder(folder);
    throw error;
  }
  using _threads = opened.threads;
  using _rows = opened.rows;
  using _members = opened.members;
  using _team = opened.team;
  using _run = opened.run;
  return await carryOut(opened, options);
}

/**
 * Continues a run that was stopped or killed. Its model has the same bytes as that of an uninterrupted run.
 *
 * @throws {Error} If there is no run in the folder, it is finished, or its data, settings or strategy have
 * changed.
 * @throws {StrategyError} If a custom strategy cannot be used, throws, or its answer is not valid.
 */
export async function resumeRun(folder: string, options: RunOptions = {}): Promise<RunResult> {
  requireText("resume a run", folder, "the path of its folder");
  checkOptions(options);
  const files = runFiles(folder, options.watch);
  const config = readConfig(files.config);
  using _lock = lockRun(folder);
  if (isFinished(files)) {
    // A run that was killed after its record and before this step has left these files.
    removeStream(files.rows);
    throw new Error(
      `Cannot resume the run in "${folder}": it is finished, and its model is "${files.model}"`,
    );
  }
  const checkpoint = readCheckpoint(files);
  // Older configurations do not name strategies; then the checkpoint does.
  const name = checkpoint?.saved.strategy?.name;
  const isOwn = name !== undefined && name !== methodOf(config).topology.name;
  const named = config.strategy ?? (isOwn ? { name } : null);
  const own = await strategyToResume(folder, named, options.strategy, options.signal);
  removeAbandonedFiles(folder, options.watch);
  const resumed = (checkpoint?.saved.progress.step ?? 0) > 0;
  using meter = openFlopMeter(options.flops ?? "counted", resumed);
  let opened: OpenedRun;
  try {
    opened = await openedRun(config, own, files, checkpoint, options, meter, teaching(options));
  } catch (error) {
    if (!isStop(error, options)) throw error;
    return { status: "stopped", epoch: checkpoint?.saved.progress.epoch ?? 0, files };
  }
  using _threads = opened.threads;
  using _rows = opened.rows;
  using _members = opened.members;
  using _team = opened.team;
  using run = opened.run;
  if (own !== null) writeConfig(files, { ...config, strategy: own.origin });
  // A checkpoint after an epoch's last batch precedes the epoch's events, which have the same step.
  const { step, batch, rollbacks } = run.progress;
  dropEventsAfter(files, step - batch, rollbacks.length);
  return await carryOut(opened, options);
}

/** Makes the function that trains the teacher of a run: as a separate run, with the same options. */
function teaching(options: RunOptions): Teach {
  return async (config, folder, data) => {
    const own = { ...options, data };
    options.onEvent?.({ type: "teacher" });
    const result = node.fs.existsSync(runFiles(folder).config)
      ? await resumeRun(folder, own)
      : await startRun(config, folder, own);
    if (result.status === "finished") return;
    throw options.signal!.reason;
  };
}

/** Returns `true` if a run was asked to stop while it read its tables. There is nothing to save yet. */
function isStop(error: unknown, { signal }: RunOptions): boolean {
  return signal?.aborted === true && error === signal.reason;
}

function checkOptions({ checkpointEvery = 0 }: RunOptions): void {
  if (!(checkpointEvery >= 0 && checkpointEvery < Infinity)) {
    throw new RangeError(
      `Cannot write checkpoints every ${checkpointEvery} seconds: need 0 (for none) or more`,
    );
  }
}

async function carryOut(opened: OpenedRun, options: RunOptions): Promise<RunResult> {
  const { run, own, data, files, members: { workers }, meter, context, began } = opened;
  const { onEvent, signal, checkpointEvery = 30 } = options;
  let peak = 0;
  const total = () => (performance.now() - began) / 1000;
  const cpu = () => processorSeconds() - opened.cpuBegan;
  const write = (state: SavedRun) => {
    // If an update has just broken the network, the next batch's loss will show it. Until then the previous
    // checkpoint stays, because it can be read.
    if (!isFiniteState(state)) return;
    const seconds = { ...run.meters.seconds, total: total(), cpu: cpu() };
    writeCheckpoint(files, encodeCheckpoint(state, run.settings, { ...context, seconds }));
    peak = Math.max(peak, Deno.memoryUsage().rss);
    onEvent?.({ type: "checkpoint", epoch: run.progress.epoch });
  };
  const writeState = () => write(saveRun(run));
  let breathed = performance.now();
  let saved = performance.now();
  let memberDone = false;
  let stopping = false;
  const events = workers === null
    ? trainSaving(run, opened.team, writeState)
    : trainSideBySide(run, workers);
  const heard = stoppable(events, options);
  for await (const event of heard) {
    if (event === STOPPED) return { status: "stopped", epoch: run.progress.epoch, files };
    if (event.type === "state") {
      write(event.saved);
      if (stopping) return { status: "stopped", epoch: run.progress.epoch, files };
      continue;
    }
    onEvent?.(event);
    meter.follow(run, event);
    // There may be thousands of updates by steps.
    if (event.type === "topology" && event.step !== undefined) continue;
    if (event.type !== "batch") {
      peak = Math.max(peak, Deno.memoryUsage().rss);
      appendEvents(files, run.progress.step, [forTheLog(event)]);
      memberDone ||= event.type === "member";
      continue;
    }
    keepWithin(run, total(), opened.members.count);
    const now = performance.now();
    if (checkpointEvery > 0 && (memberDone || now - saved > checkpointEvery * 1000)) {
      if (workers === null) writeState();
      else workers.askForState(false);
      memberDone = false;
      saved = performance.now();
    }
    if (now - breathed > BREATH) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      breathed = performance.now();
      if (!signal?.aborted || stopping) continue;
      stopping = true;
      if (workers === null) {
        writeState();
        return { status: "stopped", epoch: run.progress.epoch, files };
      }
      workers.askForState(true);
    }
  }
  // Errors of promises that a strategy left behind arrive before the run counts as finished.
  if (own !== null) await new Promise((resolve) => setTimeout(resolve, 0));
  const trained = modelOf(run, opened, data.training);
  const taught = opened.teacher === null ? trained : studentModel(trained, opened.teacher);
  const model = own === null ? taught : { ...taught, strategy: own.origin };
  save(model, files.model, files.watch);
  const threads = opened.team?.team.threads ?? opened.threads.threads;
  const scored = recordRun(run, model, data.test, { total, cpu }, meter, peak, threads);
  const record = await withDistance(scored, run.settings, model.members);
  finishRunFolder(files, record);
  return { status: "finished", record, model, files };
}

/** Marks the end of a run that was asked to stop while it waited for workers. Its last checkpoint is kept. */
const STOPPED = Symbol("stopped");

/** Yields the events of a run, until it ends or is asked to stop during a wait. */
async function* stoppable<Event>(
  events: AsyncIterable<Event>,
  options: RunOptions,
): AsyncGenerator<Event | typeof STOPPED> {
  try {
    yield* events;
  } catch (error) {
    if (!isStop(error, options)) throw error;
    yield STOPPED;
  }
}

/** Trains. If the strategy fails, it saves the training so far. */
async function* trainSaving(
  run: TrainingRun,
  team: OpenTeam | null,
  save: () => void,
): AsyncGenerator<TrainingEvent> {
  try {
    yield* team === null ? train(run) : trainTogether(run, team);
  } catch (error) {
    if (!(error instanceof StrategyError)) throw error;
    try {
      save();
    } catch {
      // The strategy's memory may be the part that cannot be saved. The strategy's own error is reported
      // instead.
    }
    throw error;
  }
}
