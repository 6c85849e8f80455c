import { node } from "../../node.ts";
import { type DiskWatch, lockRun, removeAbandonedFiles } from "../../files/mod.ts";
import { type Model, save } from "../../model/mod.ts";
import {
  type Checkpoint,
  type CheckpointContext,
  encodeCheckpoint,
  hasIndependentMembers,
  isFiniteState,
  keepWithin,
  type MembersAtATime,
  modelOf,
  openMembersAtATime,
  openRun,
  type PreparedProblem,
  preparePlanned,
  type SavedRun,
  saveRun,
  StrategyError,
  train,
  type TrainingEvent,
  type TrainingRun,
  trainSideBySide,
} from "../../ensemble/mod.ts";
import { type FlopMode, openMeters, processorSeconds } from "../../counters/mod.ts";
import type { Preprocessing, TargetScaling } from "../../data/preprocessing/mod.ts";
import { droppedColumns } from "../../data/preprocessing/mod.ts";
import { methodOf } from "../../methods/mod.ts";
import { completeSettings, type Settings, settingsForRows } from "../../settings/mod.ts";
import { type KernelChoice, type OpenKernels, openKernels } from "../../kernels/mod.ts";
import { type FlopMeter, openFlopMeter } from "./flop_meter.ts";
import { type RunConfig, settingsOf } from "./run_config.ts";
import { dataDigest, readRunData, type RunData } from "./run_data.ts";
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
import { withDistance } from "./member_distance.ts";
import { recordRun, type RunRecord } from "./run_record.ts";
import { forTheLog, type RunEvent } from "./run_event.ts";
import {
  type GivenStrategy,
  type OwnStrategy,
  strategyToBegin,
  strategyToResume,
} from "./run_strategy.ts";

export type { RunEvent };

/** The options of a run. */
export interface RunOptions {
  /** Hears every event. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Seconds of training between two checkpoints; 0 for none. Left out: 30. */
  readonly checkpointEvery?: number | undefined;
  /**
   * Threads that compute; their number changes no bit of the result. So many independent members are
   * trained at a time; of their batches only some are told. Left out: 1.
   */
  readonly threads?: number | undefined;
  /** The counts of operations to report beside the exact one. Left out: `"counted"`. */
  readonly flops?: FlopMode | undefined;
  /**
   * A topology strategy that replaces the method's, or the file with it. Left out: the configuration's.
   * Where a run is resumed with another content, its record says so.
   */
  readonly strategy?: GivenStrategy | undefined;
  /** Asks the run to stop after the batch it is at, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of every change of the run's files before it is made. For tests of what a cut power leaves. */
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
 * @param folder Created where it is missing. Must not hold a run.
 * @throws {Error} If the folder is taken, or anything about data, settings, strategy or disk is wrong. Where
 * the run did not get as far as its first batch, nothing of it stays in the folder.
 * @throws {StrategyError} If a strategy of one's own cannot be used, throws, or its answer is not valid.
 */
export async function startRun(
  config: RunConfig,
  folder: string,
  options: RunOptions = {},
): Promise<RunResult> {
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
      opened = await open(config, own, files, null, options, meter);
    } catch (error) {
      if (isStop(error, options)) return { status: "stopped", epoch: 0, files };
      discardRun(files);
      throw error;
    }
  } catch (error) {
    lock.release();
    if (!known) removeEmptyFolder(folder);
    throw error;
  }
  using _threads = opened.threads;
  using _members = opened.members;
  using _run = opened.run;
  return await carryOut(opened, options);
}

/**
 * Goes on with a run that was stopped or killed. It ends with the same bytes in its model as if it
 * had never stopped.
 *
 * @throws {Error} If there is no run in the folder, it is finished, or its data, settings or strategy have
 * changed.
 * @throws {StrategyError} If a strategy of one's own cannot be used, throws, or its answer is not valid.
 */
export async function resumeRun(folder: string, options: RunOptions = {}): Promise<RunResult> {
  checkOptions(options);
  const files = runFiles(folder, options.watch);
  const config = readConfig(files.config);
  using _lock = lockRun(folder);
  if (isFinished(files)) {
    throw new Error(
      `Cannot resume the run in "${folder}": it is finished, and its model is "${files.model}"`,
    );
  }
  const checkpoint = readCheckpoint(files);
  // Configurations of before they named strategies leave it to the checkpoint.
  const name = checkpoint?.saved.strategy?.name;
  const isOwn = name !== undefined && name !== methodOf(config).topology.name;
  const named = config.strategy ?? (isOwn ? { name } : null);
  const own = await strategyToResume(folder, named, options.strategy, options.signal);
  removeAbandonedFiles(folder, options.watch);
  const resumed = (checkpoint?.saved.progress.step ?? 0) > 0;
  using meter = openFlopMeter(options.flops ?? "counted", resumed);
  let opened: OpenedRun;
  try {
    opened = await open(config, own, files, checkpoint, options, meter);
  } catch (error) {
    if (!isStop(error, options)) throw error;
    return { status: "stopped", epoch: checkpoint?.saved.progress.epoch ?? 0, files };
  }
  using _threads = opened.threads;
  using _members = opened.members;
  using run = opened.run;
  if (own !== null) writeConfig(files, { ...config, strategy: own.origin });
  // A checkpoint after an epoch's last batch comes before the epoch's events, of the same step.
  const { step, batch, rollbacks } = run.progress;
  dropEventsAfter(files, step - batch, rollbacks.length);
  return await carryOut(opened, options);
}

/** Tells whether a run was asked to stop while it read its tables: there is nothing to save yet. */
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

/** A run before its next batch. */
interface OpenedRun {
  readonly run: TrainingRun;
  /** Its strategy, if that is not its method's. */
  readonly own: OwnStrategy | null;
  readonly data: RunData;
  readonly preprocessing: Preprocessing;
  readonly targetScaling: TargetScaling | null;
  readonly files: RunFiles;
  /** The back end with its threads, to be closed. */
  readonly threads: OpenKernels;
  /** The members that are trained at a time. */
  readonly members: MembersAtATime;
  /** Counts its operations. */
  readonly meter: FlopMeter;
  /** The part of a checkpoint that never changes. */
  readonly context: Omit<CheckpointContext, "seconds">;
  /** The `performance.now()` of its beginning, had it never been stopped. */
  readonly began: number;
  /** The `processorSeconds()` of its beginning, had it never been stopped. */
  readonly cpuBegan: number;
}

async function open(
  config: RunConfig,
  own: OwnStrategy | null,
  files: RunFiles,
  checkpoint: Checkpoint | null,
  options: RunOptions,
  meter: FlopMeter,
): Promise<OpenedRun> {
  const { onEvent, signal } = options;
  const began = performance.now() - 1000 * (checkpoint?.seconds.total ?? 0);
  const cpuBegan = processorSeconds() - (checkpoint?.seconds.cpu ?? 0);
  const data = await readRunData(config, (progress, file) => {
    onEvent?.({ type: "reading", file, progress });
    signal?.throwIfAborted();
  });
  const asked = settingsForRows(completeSettings(settingsOf(config)), data.training.rows);
  // A budget may have made the members more or fewer since.
  const settings = checkpoint === null || asked.budget === undefined
    ? asked
    : { ...asked, members: checkpoint.settings.members };
  const digest = dataDigest(data);
  if (checkpoint !== null) checkUnchanged(checkpoint, settings, digest, files);
  const count = options.threads ?? 1;
  // Independent members have a worker each; others share the arithmetic of one network.
  const isApart = own === null && hasIndependentMembers(settings);
  const threads = await openKernels(
    checkpoint === null ? settings.kernels : checkpoint.kernels as KernelChoice,
    isApart ? 1 : count,
    meter.workerCounter,
  );
  const { kernels, reason } = threads;
  let prepared: PreparedProblem;
  let run: TrainingRun;
  let members: MembersAtATime;
  try {
    // What a budget chose stands in the configuration, so that a resumed run chooses no more.
    const planning = checkpoint === null ? settings : { ...settings, budget: undefined };
    const plan = preparePlanned(data.training, planning, kernels, count);
    if (plan.settings !== planning) writeConfig(files, { ...config, ...plan.settings });
    prepared = plan.prepared;
    const meters = openMeters(meter.withWorkers(threads.counts), checkpoint?.seconds);
    const [strategy, saved] = [own?.strategy, checkpoint?.saved];
    const chosen = checkpoint === null ? plan.settings : settings;
    run = openRun(prepared.problem, chosen, kernels, { strategy, saved, meters });
    members = await openMembersAtATime(run, count, meter.workerCounter !== null);
    if (members.workers !== null) meter.withWorkers(members.workers.counts);
  } catch (error) {
    threads.close();
    throw error;
  }
  const { preprocessing, targetScaling } = prepared;
  onEvent?.({
    type: "ready",
    config,
    run,
    data,
    preprocessing,
    droppedColumns: droppedColumns(preprocessing),
    kernels: { description: kernels.description, reason },
    members,
  });
  return {
    run,
    own,
    data,
    preprocessing,
    targetScaling,
    files,
    threads,
    members,
    meter,
    context: { data: digest, kernels: kernels.name },
    began,
    cpuBegan,
  };
}

function checkUnchanged(
  checkpoint: Checkpoint,
  settings: Settings,
  data: string,
  files: RunFiles,
): void {
  const changed = checkpoint.data !== data
    ? "its data have changed"
    : JSON.stringify(checkpoint.settings) !== JSON.stringify(settings)
    ? "its settings have changed"
    : null;
  if (changed === null) return;
  throw new Error(
    `Cannot resume the run of "${files.config}": ${changed} since it began, need the same`,
  );
}

async function carryOut(opened: OpenedRun, options: RunOptions): Promise<RunResult> {
  const { run, own, data, files, members: { workers }, meter, context, began } = opened;
  const { onEvent, signal, checkpointEvery = 30 } = options;
  let peak = 0;
  const total = () => (performance.now() - began) / 1000;
  const cpu = () => processorSeconds() - opened.cpuBegan;
  const write = (state: SavedRun) => {
    // A network that an update has just broken tells so with the next batch's loss. Until then the
    // checkpoint before it is the one that can be read.
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
  const events = workers === null ? trainSaving(run, writeState) : trainSideBySide(run, workers);
  for await (const event of events) {
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
  // What a strategy left behind, such as a promise, is heard of before the run counts as finished.
  if (own !== null) await new Promise((resolve) => setTimeout(resolve, 0));
  const trained = modelOf(run, opened, data.training);
  const model = own === null ? trained : { ...trained, strategy: own.origin };
  save(model, files.model, files.watch);
  const { threads } = opened.threads;
  const scored = recordRun(run, model, data.test, { total, cpu }, meter, peak, threads);
  const record = await withDistance(scored, run.settings, model.members);
  finishRunFolder(files, record);
  return { status: "finished", record, model, files };
}

/** Trains, and saves what was trained if the strategy fails. */
function* trainSaving(run: TrainingRun, save: () => void): Generator<TrainingEvent> {
  try {
    yield* train(run);
  } catch (error) {
    if (!(error instanceof StrategyError)) throw error;
    try {
      save();
    } catch {
      // The strategy's memory may be what cannot be kept, and its error says so.
    }
    throw error;
  }
}
