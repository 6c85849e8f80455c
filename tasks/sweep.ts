/** `deno task sweep`: carries out the missing runs of a study. */
import { join } from "node:path";
import process from "node:process";
import {
  readStudy,
  sweep,
  type SweepSummary,
  sweepTasks,
  unfinishedRuns,
} from "../lib/experiments/sweep/mod.ts";
import { unrecordedConfigs } from "../lib/experiments/side_by_side/mod.ts";
import {
  asTyped,
  giveUp,
  runProgram,
  sameCommand,
  say,
  taskProgram,
  tell,
  userPath,
  warn,
} from "./terminal/command_line.ts";
import { plural, shellWord } from "../lib/messages.ts";
import { parseNumber } from "./terminal/parse.ts";
import { Option } from "./terminal/commander.ts";
import { onInterrupt } from "./terminal/interrupt.ts";
import { sweepLines } from "./sweep/lines.ts";
import { sweepOnSlurm } from "./sweep/on_slurm.ts";
import { showSweep } from "./sweep/display.ts";
import { workerCommand } from "./sweep/worker_command.ts";

const program = taskProgram(
  "sweep",
  "Carries out the runs of a study that are not finished.",
  "study.json --workers 2",
)
  .argument("<STUDY>", "a JSON file with base settings, a grid of settings, or both")
  .option("--out <folder>", "where the runs are (default: runs/NAME)")
  .option("--recorded <folder>", "leave out what is in this folder's runs.jsonl")
  .option(
    "--workers <count>",
    "processes that run at once (default: one for every core)",
    parseNumber,
  )
  .option("--threads <count>", "threads of each; changes no result", parseNumber, 1)
  .option("--checkpoint-every <seconds>", "training time between checkpoints", parseNumber, 30)
  .addOption(
    new Option("--executor <where>", "this machine, or a cluster's Slurm (default: local)")
      .choices(["local", "slurm"] as const),
  )
  .option("--partition <name>", "Slurm: the partition")
  .option("--time <limit>", "Slurm: the time limit of a run, such as 2:00:00")
  .option("--cpus <count>", "Slurm: processors of a run (default: --threads)", parseNumber)
  .option("--mem <size>", "Slurm: the memory of a run, such as 4G")
  .option("--max-concurrent <count>", "Slurm: runs at once", parseNumber)
  .option(
    "--sbatch <option>",
    "Slurm: a further option of sbatch, such as --account=NAME; may be given again",
    (option: string, before: string[] | undefined) => [...before ?? [], option],
  )
  .option("--status", "Slurm: tell how far the runs are, and submit nothing")
  .option("--wait", "Slurm: stay until no run is in the queue")
  .option("--cancel", "Slurm: take the runs out of the queue, those that run at a checkpoint")
  .option("--list", "print the missing runs, one shell command a line, and run nothing")
  .option("--json", "print one JSON object; progress goes to standard error")
  .addHelpText(
    "after",
    `
A study: {"base": {"dataset": "gesture-phase"},
          "grid": {"method": ["fd", "set"], "seed": [1, 2, 3]}}
A topology strategy of your own is a setting too:
         {"strategy": ["mine.ts", "other.ts#name"]}`,
  )
  .action(async (path, options) => {
    if (options.list) giveUp("run", "write");
    const { study, configs: planned } = readStudy(userPath(path), { onNote: tell });
    const { recorded } = options;
    const configs = recorded === undefined
      ? planned
      : unrecordedConfigs(planned, userPath(recorded));
    if (recorded !== undefined) {
      const known = planned.length - configs.length;
      tell(`Left out: ${plural(known, "run")} of ${planned.length}, recorded in ${recorded}`);
      if (configs.length === 0) {
        if (options.json) {
          report({ ...NOTHING, folder: userPath(options.out ?? join("runs", study.name)) }, true);
        }
        return;
      }
    }
    const folder = userPath(options.out ?? join("runs", study.name));
    // Checked before the work, because the commands that are printed after it name the folder.
    shellWord(folder);
    const { threads, checkpointEvery, json = false } = options;
    if (options.list) {
      const unfinished = unfinishedRuns(sweepTasks(configs, folder));
      const missing = unfinished.filter(({ status }) => status !== "unusable");
      for (const { status, message } of unfinished) if (status === "unusable") warn(`${message}`);
      if (missing.length === 0) tell(`No run is missing in ${folder}`);
      for (const line of sweepLines(missing, folder, { threads, checkpointEvery })) say(line);
      return;
    }
    if (options.executor === "slurm") return await sweepOnSlurm(configs, folder, options);
    const needsSlurm = SLURM_OPTIONS.find((key) => options[key] !== undefined);
    if (needsSlurm !== undefined) {
      throw new TypeError(`Cannot use --${optionName(needsSlurm)} here: need --executor slurm`);
    }
    const workers = options.workers ??
      Math.max(1, Math.floor(navigator.hardwareConcurrency / threads));
    const display = showSweep();
    using interrupt = onInterrupt("Stopping every run at a checkpoint", display.stop);
    let summary: SweepSummary;
    try {
      summary = await sweep(configs, folder, {
        workers,
        threads,
        checkpointEvery,
        signal: interrupt.signal,
        command: workerCommand(),
        onEvent: display.onEvent,
      });
    } finally {
      display.stop();
    }
    report(summary, json);
  });

/** A sweep without a run. */
const NOTHING = { total: 0, finished: 0, before: 0, unfinished: [], stopped: false };

/** Options that only Slurm uses. */
const SLURM_OPTIONS = [
  "partition",
  "time",
  "cpus",
  "mem",
  "maxConcurrent",
  "sbatch",
  "status",
  "wait",
  "cancel",
] as const;

function optionName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function report(summary: SweepSummary, json: boolean): void {
  const { folder, total, finished, before, unfinished, stopped } = summary;
  if (json) {
    const runs = unfinished.map(({ task: { hash, config }, status, message }) => (
      { hash, status, message, config }
    ));
    say(JSON.stringify({ folder, total, finished, before, stopped, unfinished: runs }));
  }
  for (const { task, message } of unfinished) {
    if (message !== null) warn(`${task.hash}: ${message}`);
  }
  const failed = unfinished.filter(({ message }) => message !== null).length;
  const counts = `${finished} of ${total} runs are finished` +
    (failed === 0 ? "" : `, ${failed} failed`);
  if (stopped) {
    process.exitCode = 130;
    warn(`Stopped: ${counts}. Go on with: ${sameCommand("sweep")}`);
  } else if (unfinished.length > 0) {
    process.exitCode = 1;
    warn(`${counts}. Try those again with: ${sameCommand("sweep")}`);
  } else if (!json) {
    say(`${counts} in ${folder}`);
    say(asTyped(`Next:   deno task results ${shellWord(folder)}`));
  }
}

await runProgram(program);
