/** Trains or resumes, and kills itself before or after its n-th rename: run by rename_window_test.ts. */
import { readConfig } from "../../lib/experiments/run/run_folder.ts";
import { resumeRun, startRun } from "../../lib/experiments/run/run.ts";

const [kind, path, folder, number, moment] = Deno.args;
const rename = Deno.renameSync;
let renames = 0;
Deno.renameSync = (from, to) => {
  if (++renames < Number(number)) return rename(from, to);
  if (moment === "after") rename(from, to);
  Deno.kill(Deno.pid, "SIGKILL");
};
const options = { checkpointEvery: 1000 };
await (kind === "start" ? startRun(readConfig(path), folder, options) : resumeRun(folder, options));
