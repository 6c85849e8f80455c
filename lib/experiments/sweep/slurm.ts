/**
 * Sweeps on a cluster with Slurm. The missing runs of a sweep are submitted as a job array, with one run
 * per task, on a folder that all machines share. The state of a run is in its folder. Slurm is asked only
 * for the runs in its queue, so that none is submitted twice.
 *
 * Every submission has a folder `slurm/N` in the sweep's folder. It holds the script, its configurations,
 * the number of the job, and the output of the tasks.
 */
import { node } from "../../node.ts";
import {
  fileErrorReason,
  isRunHeld,
  lockRun,
  readTextFile,
  writeFileAtomically,
} from "../../files/mod.ts";
import { completeConfig, type RunConfig, runHash } from "../run/mod.ts";
import { lastEpoch } from "./last_epoch.ts";
import {
  parseAccounts,
  parseJob,
  parseQueue,
  phaseOf,
  type QueuedTask,
  sacctArguments,
  type SlurmTask,
  SQUEUE_ARGUMENTS,
} from "./slurm_queue.ts";
import { type SlurmResources, type SlurmScript, slurmScript } from "./slurm_script.ts";
import { runState, type SweepTask, sweepTasks } from "./sweep_run.ts";

/** Runs a program to its end. */
export type ProgramRunner = (program: string, args: readonly string[]) => Promise<{
  /** Its exit status. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}>;

/** The options of a submission. */
export interface SlurmOptions extends Pick<SlurmScript, "command" | "directory"> {
  /** Environment variables that a run needs, in addition to those that Slurm passes on. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The resources of every run. */
  readonly resources?: SlurmResources | undefined;
  /** The largest number of tasks of one array. Clusters allow 1000 by default. */
  readonly arraySize?: number | undefined;
  /** Runs Slurm's programs. Left out: processes of this machine. */
  readonly run?: ProgramRunner | undefined;
}

/** A job array that was submitted. */
export interface SlurmSubmission {
  /** Its number in Slurm. */
  readonly job: string;
  /** Its script. */
  readonly script: string;
  /** Its runs, in the order of its tasks. */
  readonly tasks: readonly SweepTask[];
}

/** The state of a run on Slurm. */
export interface SlurmRun {
  /** The run. */
  readonly task: SweepTask;
  /**
   * `running` and `pending`: the run is in Slurm's queue. `elsewhere`: a process outside the queue holds
   * it. `interrupted`: it was begun and is in no queue. `missing`: its folder is empty or missing.
   */
  readonly state:
    | "finished"
    | "running"
    | "pending"
    | "elsewhere"
    | "interrupted"
    | "failed"
    | "missing"
    | "unusable";
  /** Its last task, if Slurm still knows it. */
  readonly slurm: SlurmTask | null;
  /** The last epoch in its events, and the number of all epochs. */
  readonly progress: { readonly epoch: number; readonly epochs: number } | null;
  /** The error; `null` where there is none. */
  readonly message: string | null;
  /** The output file of its last task; `null` where there is none. */
  readonly log: string | null;
}

/** Tasks of an array where the cluster sets no other limit (`MaxArraySize` is 1001). */
const ARRAY_SIZE = 1000;

/**
 * Submits the runs of a sweep that are neither finished, nor in Slurm's queue, nor held by another process.
 * Another call submits the runs that have failed or were stopped since.
 *
 * @param configs Complete configurations, such as those of a study.
 * @param folder The sweep's folder, which all machines of the cluster share.
 * @returns One submission per array. Empty if there is no run to submit.
 * @throws {Error} If Slurm is not installed, or refuses; the message contains its answer.
 * @throws {TypeError | RangeError} What {@linkcode slurmScript} throws.
 *
 * @example Usage (on a cluster)
 * ```ts ignore
 * import { readStudy, submitToSlurm } from "@sparsemble/sparsemble/experiments";
 *
 * const { configs } = readStudy("study.json");
 * await submitToSlurm(configs, "/shared/runs/study", {
 *   command: ["deno", "task", "sweep-run"],
 *   directory: "/shared/sparsemble",
 *   resources: { partition: "long", maxConcurrent: 20 },
 * });
 * ```
 */
export async function submitToSlurm(
  configs: readonly RunConfig[],
  folder: string,
  options: SlurmOptions,
): Promise<SlurmSubmission[]> {
  const { run = runProgram, arraySize = ARRAY_SIZE } = options;
  if (configs.length === 0) {
    throw new RangeError("Cannot submit a sweep: found no configuration, need at least one");
  }
  const root = node.path.resolve(folder);
  // A lock, because two simultaneous submissions would both find an empty queue.
  using _lock = lockRun(node.path.join(root, "slurm"));
  const open = (await slurmStatus(configs, root, run)).filter(({ state }) =>
    ["missing", "interrupted", "failed"].includes(state)
  );
  const submissions: SlurmSubmission[] = [];
  for (let from = 0; from < open.length; from += arraySize) {
    const tasks = open.slice(from, from + arraySize).map(({ task }) => task);
    submissions.push(await submit(tasks, root, options, run));
  }
  return submissions;
}

/**
 * Finds the states of a sweep's runs in their folders and in Slurm's queue. If the cluster keeps accounts,
 * they tell how tasks ended.
 *
 * @throws {Error} If Slurm is not installed or does not answer.
 */
export async function slurmStatus(
  configs: readonly RunConfig[],
  folder: string,
  run: ProgramRunner = runProgram,
): Promise<SlurmRun[]> {
  const root = node.path.resolve(folder);
  const submissions = readSubmissions(root);
  // The queue is read before the folders, so that a run that ends in between counts as finished.
  const queue = await readQueue(root, run);
  const accounts = await readAccounts(submissions, run);
  const tasks = sweepTasks(configs, root);
  const queued = new Map<string, SlurmTask>();
  for (const task of queue) {
    const hash = submissions.find(({ name }) => name === task.name)?.hashes[task.index];
    if (hash !== undefined && phaseOf(task) !== "ended") queued.set(hash, task);
  }
  return tasks.map((task) => {
    const last = submissions.findLast(({ hashes }) => hashes.includes(task.hash));
    const index = last?.hashes.indexOf(task.hash) ?? -1;
    const log = last === undefined ? null : existing(node.path.join(last.folder, `${index}.log`));
    const ended = accounts.find((it) => it.job === last?.job && it.index === index) ?? null;
    return statusOf(task, queued.get(task.hash) ?? null, ended, log);
  });
}

/**
 * Waits until no run of a sweep is in Slurm's queue.
 *
 * @param onStatus Called with the states of all runs, at every look.
 * @param seconds Between two looks.
 */
export async function waitForSlurm(
  configs: readonly RunConfig[],
  folder: string,
  onStatus: (runs: readonly SlurmRun[]) => void,
  seconds: number,
  run: ProgramRunner = runProgram,
): Promise<SlurmRun[]> {
  for (;;) {
    const runs = await slurmStatus(configs, folder, run);
    onStatus(runs);
    if (!runs.some(({ state }) => state === "running" || state === "pending")) return runs;
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  }
}

/**
 * Removes a sweep's tasks from Slurm's queue. Running tasks are asked to stop at a checkpoint.
 *
 * @returns The numbers of the jobs.
 */
export async function cancelOnSlurm(
  folder: string,
  run: ProgramRunner = runProgram,
): Promise<string[]> {
  const queue = await readQueue(node.path.resolve(folder), run);
  const jobs = [...new Set(queue.map(({ job }) => job))];
  // Batch steps get the signal only if they are named.
  if (jobs.length > 0) await ask(run, "scancel", ["--full", ...jobs], "cancel the sweep");
  return jobs;
}

/** A submission, read from its folder. */
interface Submission {
  readonly folder: string;
  /** The name of the job. */
  readonly name: string;
  /** The number of the job; `null` if the process ended before it wrote the number. */
  readonly job: string | null;
  /** The runs by task. */
  readonly hashes: readonly string[];
}

async function submit(
  tasks: readonly SweepTask[],
  root: string,
  { command, directory, environment = {}, resources = {} }: SlurmOptions,
  run: ProgramRunner,
): Promise<SlurmSubmission> {
  const folder = newSubmission(root);
  let submitted = false;
  try {
    const configs = node.path.join(folder, "configs.jsonl");
    const script = node.path.join(folder, "job.sh");
    const text = slurmScript({
      name: jobName(root, folder),
      configs,
      tasks: tasks.length,
      folder: root,
      logs: folder,
      command,
      directory,
      environment,
      resources,
    });
    writeFileAtomically(configs, tasks.map(({ config }) => `${JSON.stringify(config)}\n`).join(""));
    writeFileAtomically(script, text);
    const output = await ask(run, "sbatch", ["--parsable", script], "submit the sweep");
    submitted = true;
    const job = parseJob(output);
    if (job === null) {
      throw new Error(`Cannot submit the sweep: sbatch answers ${JSON.stringify(output)}`);
    }
    writeFileAtomically(node.path.join(folder, "job"), `${job}\n`);
    return { job, script, tasks };
  } catch (error) {
    // A job that is in the queue is found by its name, and its runs by this folder.
    if (!submitted) node.fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A folder for one more submission. */
function newSubmission(root: string): string {
  for (let number = submissionFolders(root).length + 1;; number++) {
    const folder = node.path.join(root, "slurm", `${number}`);
    try {
      node.fs.mkdirSync(folder);
      return folder;
    } catch (cause) {
      if ((cause as { code?: string }).code === "EEXIST") continue;
      throw new Error(`Cannot make the folder "${folder}": ${fileErrorReason(cause)}`, { cause });
    }
  }
}

/** The folders of submissions, the oldest first. */
function submissionFolders(root: string): string[] {
  const folder = node.path.join(root, "slurm");
  if (!node.fs.existsSync(folder)) return [];
  return node.fs.readdirSync(folder).filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b)).map((name) => node.path.join(folder, name));
}

function readSubmissions(root: string): Submission[] {
  return submissionFolders(root).flatMap((folder): Submission[] => {
    const configs = existing(node.path.join(folder, "configs.jsonl"));
    // Another process is still writing it, or was killed meanwhile. It was not submitted.
    if (configs === null) return [];
    const lines = readTextFile(configs).trimEnd().split("\n");
    const job = existing(node.path.join(folder, "job"));
    return [{
      folder,
      name: jobName(root, folder),
      job: job === null ? null : readTextFile(job).trim(),
      hashes: lines.map((line) => runHash(completeConfig(JSON.parse(line)))),
    }];
  });
}

/**
 * The name of a submission's job. It is known before the job's number, so a job is found in the queue even
 * if its number was lost.
 */
function jobName(root: string, submission: string): string {
  const digest = node.crypto.createHash("sha256").update(root).digest("hex").slice(0, 12);
  return `sparsemble-${digest}-${submission.split(/[\\/]/).at(-1)}`;
}

/** The tasks of this sweep in the queue. */
async function readQueue(root: string, run: ProgramRunner): Promise<QueuedTask[]> {
  const prefix = jobName(root, "");
  const output = await ask(run, "squeue", SQUEUE_ARGUMENTS, "see the queue");
  return parseQueue(output).filter(({ name }) => name.startsWith(prefix));
}

/** The ends of tasks. Empty if the cluster keeps no accounts. */
async function readAccounts(
  submissions: readonly Submission[],
  run: ProgramRunner,
): Promise<SlurmTask[]> {
  const jobs = submissions.flatMap(({ job }) => job === null ? [] : [job]);
  if (jobs.length === 0) return [];
  try {
    const { code, stdout } = await run("sacct", sacctArguments(jobs));
    return code === 0 ? parseAccounts(stdout) : [];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function statusOf(
  task: SweepTask,
  queued: SlurmTask | null,
  ended: SlurmTask | null,
  log: string | null,
): SlurmRun {
  const { status, message } = runState(task);
  const told = { task, slurm: queued ?? ended, progress: lastEpoch(task), log };
  if (status === "finished" || status === "unusable") return { ...told, state: status, message };
  if (queued !== null) {
    const phase = phaseOf(queued) === "running" ? "running" : "pending";
    return { ...told, state: phase, message: phase === "pending" ? queued.reason : null };
  }
  if (isRunHeld(task.folder)) return { ...told, state: "elsewhere", message: null };
  if (status === "failed") return { ...told, state: status, message };
  const end = endOf(ended, log);
  const state = status === "begun" ? "interrupted" : end === null ? "missing" : "failed";
  return { ...told, state, message: end };
}

/** The end of a task that left no message in its run's folder. */
function endOf(ended: SlurmTask | null, log: string | null): string | null {
  const last = log === null ? undefined : lastLine(log);
  if (ended === null) return last ?? null;
  const { state, reason } = ended;
  const how = reason === null ? state : `${state}, ${reason}`;
  return last === undefined ? how : `${how} (${last})`;
}

function lastLine(path: string): string | undefined {
  return readTextFile(path).split("\n").map((line) => line.trim()).findLast((line) => line !== "");
}

function existing(path: string): string | null {
  return node.fs.existsSync(path) ? path : null;
}

/** The output of one of Slurm's programs, which must succeed. */
async function ask(
  run: ProgramRunner,
  program: string,
  args: readonly string[],
  intent: string,
): Promise<string> {
  let result: Awaited<ReturnType<ProgramRunner>>;
  try {
    result = await run(program, args);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    const message = `Cannot ${intent}: found no "${program}", need Slurm on this machine`;
    throw new Error(message, { cause });
  }
  const { code, stdout, stderr } = result;
  if (code === 0) return stdout;
  const said = stderr.trim() || stdout.trim() || `status ${code}`;
  throw new Error(`Cannot ${intent}: ${program} says "${said.replaceAll(/\s*\n\s*/g, "; ")}"`);
}

async function runProgram(program: string, args: readonly string[]) {
  const command = new Deno.Command(program, { args: [...args], stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
