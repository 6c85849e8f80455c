/** `deno task sweep-run`: carries out one run of a sweep, for `deno task sweep` and for schedulers. */
import process from "node:process";
import { attemptRun, HELD_STATUS, sweepTasks } from "../../lib/experiments/sweep/mod.ts";
import { completeConfig, namesData } from "../../lib/experiments/run/mod.ts";
import { runProgram, taskProgram, tell, userPath, warn } from "../terminal/command_line.ts";
import { STOP_SIGNALS } from "../terminal/interrupt.ts";
import { parseNumber } from "../terminal/parse.ts";

const program = taskProgram(
  "sweep-run",
  "Begins or goes on with one run of a sweep.",
  'runs/study \'{"file": "table.csv", "target": "species"}\'',
)
  .argument("<FOLDER>", "the sweep's folder; the run gets one in it, named by its configuration")
  .argument("<CONFIG>", "the run's configuration, as JSON")
  .option("--threads <count>", "threads that compute; changes no result", parseNumber, 1)
  .option("--checkpoint-every <seconds>", "training time between checkpoints", parseNumber, 30)
  .option("--until-input-ends", "stop when standard input ends")
  .action(async (folder, text, { threads, checkpointEvery, untilInputEnds }) => {
    const [task] = sweepTasks([completeConfig(parseConfig(text))], userPath(folder));
    const stopper = new AbortController();
    const stop = () => stopper.abort(new Error("Cannot go on: asked to stop"));
    for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, stop);
    if (untilInputEnds === true) void inputEnds().then(stop);
    const attempt = await attemptRun(task, { signal: stopper.signal, threads, checkpointEvery });
    const { status, message } = attempt;
    if (message !== null) warn(message);
    else tell(`${task.hash}: ${status}`);
    const codes = { finished: 0, failed: 1, unusable: 1, held: HELD_STATUS, stopped: 130 };
    process.exitCode = codes[status];
  });

function parseConfig(text: string): Record<string, unknown> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot use the configuration: ${(cause as Error).message}`, { cause });
  }
  if (typeof config === "object" && config !== null && !Array.isArray(config)) {
    const given = config as Record<string, unknown>;
    for (const key of ["file", "test"]) {
      const path = given[key];
      if (typeof path === "string" && !namesData(path)) given[key] = userPath(path);
    }
    return given;
  }
  throw new SyntaxError("Cannot use the configuration: found no JSON object, need one");
}

async function inputEnds(): Promise<void> {
  const buffer = new Uint8Array(256);
  while (await Deno.stdin.read(buffer) !== null);
}

await runProgram(program);
// Listeners of signals and standard input would keep the process alive.
Deno.exit();
