/**
 * A worker of a sweep that dies in the middle of one run, the first time it is tried. The last arguments
 * are those of every worker; before them stand how it dies and the seed of the run.
 */
import { existsSync, writeFileSync } from "node:fs";
import { attemptRun, sweepTasks } from "../../../lib/experiments/sweep/sweep_run.ts";

const [how, seed] = Deno.args;
const [folder, text] = Deno.args.slice(-2);
const [task] = sweepTasks([JSON.parse(text)], folder);
const mark = `${folder}/died`;
await attemptRun(task, {
  checkpointEvery: 0.01,
  onEvent(event) {
    if (event.type !== "checkpoint" || `${task.config.seed}` !== seed || existsSync(mark)) return;
    writeFileSync(mark, "");
    if (how === "kill") Deno.kill(Deno.pid, "SIGKILL");
    Deno.stderr.writeSync(new TextEncoder().encode("out of cheese\n"));
    Deno.exit(9);
  },
});
