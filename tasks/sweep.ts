/** `deno task sweep`: carries out what is missing of a study. */
import { basename, join } from "node:path";
import process from "node:process";
import { readStudy, sweep, type SweepSummary, sweepTasks, unfinishedRuns } from "../mod.ts";
import { parseNumber, runProgram, say, taskProgram, tell, userPath } from "./command_line.ts";
import { sweepLines } from "./sweep_lines.ts";
import { showSweep } from "./sweep_display.ts";
import { workerCommand } from "./worker_command.ts";

const program = taskProgram("sweep", "Carries out the runs of a study that are not finished.")
  .argument("<STUDY>", "a JSON file with base settings, a grid of settings, or both")
  .option("--out <folder>", "where the runs are (default: runs/NAME)")
  .option(
    "--workers <count>",
    "processes that run at once (default: one for every core)",
    parseNumber,
  )
  .option("--threads <count>", "threads of each; changes no result", parseNumber, 1)
  .option("--checkpoint-every <seconds>", "training time between checkpoints", parseNumber, 30)
  .option("--list", "print the missing runs, one shell command a line, and run nothing")
  .option("--json", "print one JSON object; progress goes to standard error")
  .addHelpText(
    "after",
    `
A study: {"base": {"dataset": "gesture-phase"}, "grid": {"method": ["fd", "set"], "seed": [1, 2, 3]}}
`,
  )
  .action(async (path, options) => {
    const { study, configs } = readStudy(userPath(path));
    const name = study.name ?? basename(path).replace(/\.json$/, "");
    const folder = userPath(options.out ?? join("runs", name));
    const { threads, checkpointEvery, json = false } = options;
    if (options.list) {
      const unfinished = unfinishedRuns(sweepTasks(configs, folder));
      const missing = unfinished.filter(({ status }) => status !== "unusable");
      for (const { status, message } of unfinished) if (status === "unusable") tell(`${message}`);
      for (const line of sweepLines(missing, folder, { threads, checkpointEvery })) say(line);
      return;
    }
    const workers = options.workers ??
      Math.max(1, Math.floor(navigator.hardwareConcurrency / threads));
    const stopper = new AbortController();
    const display = showSweep();
    const listener = () => {
      if (stopper.signal.aborted) {
        display.stop();
        Deno.exit(130);
      }
      tell("Stopping every run at a checkpoint; Ctrl-C again stops at once");
      stopper.abort();
    };
    Deno.addSignalListener("SIGINT", listener);
    let summary: SweepSummary;
    try {
      summary = await sweep(configs, folder, {
        ...{ workers, threads, checkpointEvery, signal: stopper.signal },
        command: workerCommand(),
        onEvent: display.onEvent,
      });
    } finally {
      display.stop();
      Deno.removeSignalListener("SIGINT", listener);
    }
    report(summary, json);
  });

function report(summary: SweepSummary, json: boolean): void {
  const { folder, total, finished, before, unfinished, stopped } = summary;
  if (json) {
    const runs = unfinished.map(({ task: { hash, config }, status, message }) => ({
      ...{ hash, status, message, config },
    }));
    say(JSON.stringify({ folder, total, finished, before, stopped, unfinished: runs }));
  }
  for (const { task, message } of unfinished) {
    if (message !== null) tell(`${task.hash}: ${message}`);
  }
  const failed = unfinished.filter(({ message }) => message !== null).length;
  const counts = `${finished} of ${total} runs are finished` +
    (failed === 0 ? "" : `, ${failed} failed`);
  if (stopped) {
    process.exitCode = 130;
    tell(`Stopped: ${counts}. Go on with the same command`);
  } else if (unfinished.length > 0) {
    process.exitCode = 1;
    tell(`${counts}. Try those again with the same command`);
  } else if (!json) {
    say(`${counts} in ${folder}`);
    say(`Next:   deno task results ${folder}`);
  }
}

await runProgram(program);
