/** One task of a job array in the queue or the accounts. */
export interface SlurmTask {
  /** The job array. */
  readonly job: string;
  /** The task's number in it. */
  readonly index: number;
  /** Slurm's word, such as "RUNNING", "PENDING" or "TIMEOUT". */
  readonly state: string;
  /** The reason why it waits, or its end; `null` if Slurm gives neither. */
  readonly reason: string | null;
}

/** A task in the queue, with its job's name. */
export interface QueuedTask extends SlurmTask {
  /** The name of the job. */
  readonly name: string;
}

/** The arguments of `squeue` whose output {@linkcode parseQueue} reads. */
export const SQUEUE_ARGUMENTS: readonly string[] = [
  "--me",
  "--array",
  "--noheader",
  "--format=%F|%K|%T|%j|%r",
];

/** States in which a task has its processors; all others in the queue are waiting. */
const RUNNING = ["RUNNING", "COMPLETING", "CONFIGURING", "STAGE_OUT", "SIGNALING", "STOPPED"];

/** States of tasks that the queue still shows although they have ended. */
const ENDED = [
  "BOOT_FAIL",
  "CANCELLED",
  "COMPLETED",
  "DEADLINE",
  "FAILED",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
  "REVOKED",
  "SPECIAL_EXIT",
  "TIMEOUT",
];

/** The phase of a task in the queue. */
export function phaseOf({ state }: SlurmTask): "running" | "pending" | "ended" {
  if (RUNNING.includes(state)) return "running";
  return ENDED.includes(state) ? "ended" : "pending";
}

/**
 * Reads what `squeue` prints with {@linkcode SQUEUE_ARGUMENTS}; jobs that are not arrays are left out.
 */
export function parseQueue(output: string): QueuedTask[] {
  return linesOf(output).flatMap((line): QueuedTask[] => {
    const [job, tasks, state, name, ...rest] = line.split("|");
    const said = rest.join("|").trim();
    const reason = said === "" || said === "None" ? null : said;
    return indices(tasks).map((index) => ({ job: job.trim(), index, state, reason, name }));
  });
}

/** The arguments of `sacct` whose output {@linkcode parseAccounts} reads. */
export function sacctArguments(jobs: readonly string[]): string[] {
  return [
    "--noheader",
    "--parsable2",
    "--allocations",
    `--jobs=${jobs.join(",")}`,
    "--format=JobID,State,ExitCode",
  ];
}

/** Reads what `sacct` prints with {@linkcode sacctArguments}. */
export function parseAccounts(output: string): SlurmTask[] {
  return linesOf(output).flatMap((line): SlurmTask[] => {
    const [id, state, exitCode] = line.split("|");
    const found = /^(\d+)_(\d+|\[[^\]]*\])$/.exec(id);
    if (found === null) return [];
    // As in: CANCELLED by 1000
    const word = state.split(" ")[0];
    const reason = exitCode === undefined || exitCode === "0:0" ? null : exitReason(exitCode);
    return indices(found[2]).map((index) => ({ job: found[1], index, state: word, reason }));
  });
}

/** The number of the job that `sbatch --parsable` has made. */
export function parseJob(output: string): string | null {
  return /^(\d+)(;\S+)?\s*$/.exec(output.trim().split("\n").at(-1) ?? "")?.[1] ?? null;
}

function exitReason(text: string): string {
  const [code, signal] = text.split(":");
  return signal === undefined || signal === "0" ? `exit status ${code}` : `signal ${signal}`;
}

/** The numbers of tasks in "3", "0-2,5" or "[7-9%4]"; none in anything else. */
function indices(text: string): number[] {
  const list = text.trim().replace(/^\[(.*)\]$/, "$1").replace(/%\d+$/, "");
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) return [];
  return list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

function linesOf(output: string): string[] {
  return output.split("\n").filter((line) => line.trim() !== "");
}
