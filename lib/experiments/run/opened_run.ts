/**
 * Opens a run: reads its rows, trains its teacher if it has one, and draws its networks or takes them from
 * a checkpoint.
 *
 * @module
 */
import {
  type Checkpoint,
  type CheckpointContext,
  hasIndependentMembers,
  type MembersAtATime,
  openMembersAtATime,
  openRun,
  type OpenTeam,
  openTeam,
  type PreparedProblem,
  preparePlanned,
  studentLesson,
  studentSettings,
  type Teacher,
  type TrainingRun,
} from "../../ensemble/mod.ts";
import { addFlops, openMeters, processorSeconds } from "../../counters/mod.ts";
import { type Preprocessing, type TargetScaling } from "../../data/preprocessing/mod.ts";
import { droppedColumns } from "../../data/preprocessing/mod.ts";
import {
  completeSettings,
  type Settings,
  settingsForRows,
  teamworkOf,
} from "../../settings/mod.ts";
import type { ReadProgress } from "../../data/table/mod.ts";
import { type StreamedProblem, streamedProblem } from "../../streams/mod.ts";
import { type KernelChoice, type OpenKernels, openKernels } from "../../kernels/mod.ts";
import type { FlopMeter } from "./flop_meter.ts";
import { type RunConfig, settingsOf } from "./run_config.ts";
import { dataDigest, readRunData, type RunData } from "./run_data.ts";
import type { RunEvent } from "./run_event.ts";
import { type RunFiles, writeConfig } from "./run_folder.ts";
import type { OwnStrategy } from "./run_strategy.ts";
import { readStreamData } from "./stream_data.ts";
import { type Teach, trainTeacher } from "./teacher.ts";

/** The options of a run that matter when it is opened. */
export interface OpeningOptions {
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  readonly threads?: number | undefined;
  readonly workerFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly data?: RunData | undefined;
}

/** A run before its next batch. */
export interface OpenedRun {
  readonly run: TrainingRun;
  /** Its custom strategy; `null` if it uses its method's strategy. */
  readonly own: OwnStrategy | null;
  readonly data: RunData;
  /** The ensemble from which its one member learns; `null` unless it distils. */
  readonly teacher: Teacher | null;
  readonly preprocessing: Preprocessing;
  readonly targetScaling: TargetScaling | null;
  readonly files: RunFiles;
  /** The back end with its threads. The caller closes it. */
  readonly threads: OpenKernels;
  /** The file of streamed rows, which the caller closes; `null` if rows are in memory. */
  readonly rows: Disposable | null;
  /** The members that are trained at the same time. */
  readonly members: MembersAtATime;
  /** The workers of one network; `null` if there are none. */
  readonly team: OpenTeam | null;
  /** Counts its operations. */
  readonly meter: FlopMeter;
  /** The part of a checkpoint that never changes. */
  readonly context: Omit<CheckpointContext, "seconds">;
  /** The `performance.now()` at which an uninterrupted run would have begun. */
  readonly began: number;
  /** The `processorSeconds()` at which an uninterrupted run would have begun. */
  readonly cpuBegan: number;
}

export async function openedRun(
  config: RunConfig,
  own: OwnStrategy | null,
  files: RunFiles,
  checkpoint: Checkpoint | null,
  options: OpeningOptions,
  meter: FlopMeter,
  teach: Teach,
): Promise<OpenedRun> {
  const { onEvent, signal } = options;
  let began = performance.now();
  let cpuBegan = processorSeconds();
  const onProgress = (progress: ReadProgress, file: string) => {
    onEvent?.({ type: "reading", file, progress });
    signal?.throwIfAborted();
  };
  const checkData = (data: RunData) => {
    if (checkpoint === null || checkpoint.data === dataDigest(data)) return;
    throw changedError("data", files);
  };
  const { memory } = config;
  const data = options.data ??
    (memory === undefined
      ? await readRunData(config, onProgress)
      : await readStreamData({ ...config, memory }, files, onProgress, checkData));
  const taught = config.distil ? await trainTeacher(config, files, data, teach) : null;
  // The seconds of a checkpoint include the teacher's.
  const before = checkpoint?.seconds ?? taught?.seconds;
  if (taught !== null) [began, cpuBegan] = [performance.now(), processorSeconds()];
  began -= 1000 * (before?.total ?? 0);
  cpuBegan -= before?.cpu ?? 0;
  const whole = settingsForRows(completeSettings(settingsOf(config)), data.training.rows);
  const asked = taught === null ? whole : studentSettings(whole, taught.teacher);
  // A budget may have changed the number of members since.
  const settings = checkpoint === null || asked.budget === undefined
    ? asked
    : { ...asked, members: checkpoint.settings.members };
  const digest = dataDigest(data);
  if (checkpoint !== null) checkUnchanged(checkpoint, settings, digest, files);
  const count = options.threads ?? 1;
  // Independent members have one worker each, and workers of one network have their own kernels. In all
  // other runs the threads share the arithmetic of one network.
  const isApart = own === null && data.stream === undefined && hasIndependentMembers(settings) ||
    teamworkOf(settings) !== null;
  const threads = await openKernels(
    checkpoint === null ? settings.kernels : checkpoint.kernels as KernelChoice,
    isApart ? 1 : count,
    meter.workerCounter,
  );
  const { kernels, reason } = threads;
  let prepared: PreparedProblem;
  let streamed: StreamedProblem | null = null;
  let chosen = settings;
  let run: TrainingRun;
  let members: MembersAtATime;
  let team: OpenTeam | null;
  try {
    // The configuration holds the budget's choice, so a resumed run does not choose again.
    const planning = checkpoint === null ? settings : { ...settings, budget: undefined };
    const lesson = taught && studentLesson(data.training, whole, taught.teacher, kernels);
    if (data.stream !== undefined) {
      streamed = streamedProblem(files.rows, data.stream, settings);
      prepared = streamed.prepared;
    } else if (lesson === null) {
      const plan = preparePlanned(data.training, planning, kernels, count);
      if (plan.settings !== planning) writeConfig(files, { ...config, ...plan.settings });
      prepared = plan.prepared;
      chosen = checkpoint === null ? plan.settings : settings;
    } else {
      prepared = lesson.prepared;
      addFlops(lesson.flops, taught!.flops);
    }
    const meters = openMeters(meter.withWorkers(threads.counts), before);
    const [strategy, saved, flops] = [own?.strategy, checkpoint?.saved, lesson?.flops];
    run = openRun(prepared.problem, chosen, kernels, { strategy, saved, meters, flops });
    members = await openMembersAtATime(run, count, meter.workerCounter !== null);
    const { workerFolder, signal } = options;
    team = await openTeam(run, count, meter.workerCounter !== null, workerFolder, signal);
    if (members.workers !== null) meter.withWorkers(members.workers.counts);
  } catch (error) {
    threads.close();
    streamed?.rows.dispose();
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
    members: team === null ? members : { ...members, reason: team.reason },
  });
  return {
    run,
    own,
    data,
    teacher: taught?.teacher ?? null,
    preprocessing,
    targetScaling,
    files,
    threads,
    rows: streamed?.rows ?? null,
    members,
    team,
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
  if (checkpoint.data !== data) throw changedError("data", files);
  if (JSON.stringify(checkpoint.settings) === JSON.stringify(settings)) return;
  throw changedError("settings", files);
}

function changedError(what: "data" | "settings", { config }: RunFiles): Error {
  return new Error(
    `Cannot resume the run of "${config}": its ${what} have changed since it began, need the same`,
  );
}
