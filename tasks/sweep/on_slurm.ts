/** `deno task sweep --executor slurm`: submits a study as a job array, follows it, cancels it. */
import process from "node:process";
import type { RunConfig } from "../../mod.ts";
import {
  cancelOnSlurm,
  type SlurmResources,
  type SlurmRun,
  slurmStatus,
  submitToSlurm,
  waitForSlurm,
} from "../../lib/experiments/sweep/mod.ts";
import { shellWord } from "../../lib/messages.ts";
import { asTyped, PROJECT, say, tell } from "../terminal/command_line.ts";
import { runNamer } from "./display.ts";
import { runCommand, type RunOptions } from "./worker_command.ts";

/** The options of `deno task sweep` that concern Slurm. */
export interface SlurmRequest extends SlurmResources, RunOptions {
  readonly status?: true | undefined;
  readonly wait?: true | undefined;
  readonly cancel?: true | undefined;
  readonly json?: true | undefined;
}

/** Seconds between two looks at the queue. */
const LOOK = 5;

/** Carries the request out, and prints the result. */
export async function sweepOnSlurm(
  configs: readonly RunConfig[],
  folder: string,
  request: SlurmRequest,
): Promise<void> {
  const { status, wait, cancel, json = false } = request;
  if (cancel) {
    const jobs = await cancelOnSlurm(folder);
    if (json) say(JSON.stringify({ folder, cancelled: jobs }));
    else say(jobs.length === 0 ? "Nothing is in the queue" : `Cancelled: job ${jobs.join(", ")}`);
    return;
  }
  const submitted = status ? [] : await submit(configs, folder, request);
  const runs = wait
    ? await waitForSlurm(configs, folder, onChange(json), LOOK)
    : await slurmStatus(configs, folder);
  report(runs, folder, request, submitted);
}

async function submit(
  configs: readonly RunConfig[],
  folder: string,
  { threads, checkpointEvery, json, ...resources }: SlurmRequest,
): Promise<{ job: string; runs: number }[]> {
  const { cpus = threads, partition, time, mem, maxConcurrent, sbatch } = resources;
  const data = Deno.env.get("SPARSEMBLE_DATA");
  const submissions = await submitToSlurm(configs, folder, {
    command: runCommand({ threads, checkpointEvery }),
    directory: PROJECT,
    environment: data === undefined ? undefined : { SPARSEMBLE_DATA: data },
    resources: { cpus, partition, time, mem, maxConcurrent, sbatch },
  });
  for (const { job, script, tasks } of submissions) {
    (json ? tell : say)(`Submitted job ${job}: ${tasks.length} runs (${script})`);
  }
  if (submissions.length === 0) (json ? tell : say)("Nothing to submit");
  return submissions.map(({ job, tasks }) => ({ job, runs: tasks.length }));
}

/** Prints the counts whenever they have changed. */
function onChange(json: boolean): (runs: readonly SlurmRun[]) => void {
  let before = "";
  return (runs) => {
    const counts = countsLine(runs);
    if (counts !== before) (json ? tell : say)(counts);
    before = counts;
  };
}

function report(
  runs: readonly SlurmRun[],
  folder: string,
  { status, wait, json }: SlurmRequest,
  submitted: readonly { job: string; runs: number }[],
): void {
  const unfinished = runs.filter(({ state }) => state !== "finished");
  if (json) {
    const each = runs.map(({ task: { hash, config }, state, slurm, progress, message, log }) => ({
      hash,
      state,
      progress,
      message,
      log,
      config,
      slurm: slurm === null
        ? null
        : { task: `${slurm.job}_${slurm.index}`, state: slurm.state, reason: slurm.reason },
    }));
    say(JSON.stringify({ folder, counts: countsOf(runs), submitted, runs: each }));
  } else {
    if (!wait) say(countsLine(runs));
    const named = runNamer(runs.map(({ task }) => task));
    if (status || wait) { for (const run of unfinished) say(runLine(run, named(run.task))); }
    if (unfinished.length === 0) say(asTyped(`Next:   deno task results ${shellWord(folder)}`));
    else if (!status && !wait) say("Follow:  the same command with --status, or --status --wait");
    else if (unfinished.some(isOver)) say("Submit what is missing with the same command again");
  }
  // With `wait`, the exit status tells if all runs are finished.
  if (wait && unfinished.length > 0) process.exitCode = 1;
}

/** Returns `true` if no job works on the run. */
function isOver({ state }: SlurmRun): boolean {
  return state === "failed" || state === "interrupted" || state === "missing";
}

function countsOf(runs: readonly SlurmRun[]): Record<string, number> {
  const counts: Record<string, number> = { finished: 0 };
  for (const { state } of runs) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function countsLine(runs: readonly SlurmRun[]): string {
  const { finished, ...others } = countsOf(runs);
  const rest = Object.entries(others).map(([state, count]) => `, ${count} ${state}`);
  return `${finished} of ${runs.length} runs are finished${rest.join("")}`;
}

function runLine({ state, slurm, progress, message, log }: SlurmRun, name: string): string {
  const where = slurm === null ? "" : ` as task ${slurm.job}_${slurm.index}`;
  const epoch = progress === null ? "" : `, epoch ${progress.epoch} of ${progress.epochs}`;
  const why = message === null ? "" : `: ${message}`;
  const see = log === null || !isOver({ state } as SlurmRun) ? "" : `; see ${log}`;
  return `${name} ${state}${where}${epoch}${why}${see}`;
}
