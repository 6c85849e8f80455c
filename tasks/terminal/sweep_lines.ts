/** The missing runs of a sweep as shell commands, for any scheduler that runs lines of text. */
import { shellWord, type Unfinished } from "../../lib/experiments/sweep/mod.ts";
import { PROJECT, runCommand } from "./worker_command.ts";

/** The options of every run. */
export interface LineOptions {
  /** Threads that compute. */
  readonly threads: number;
  /** Seconds of training between two checkpoints. */
  readonly checkpointEvery: number;
}

/** One self-contained command a run, in the language of a POSIX shell. */
export function sweepLines(
  runs: readonly Unfinished[],
  folder: string,
  { threads, checkpointEvery }: LineOptions,
): string[] {
  const options = ["--threads", `${threads}`, "--checkpoint-every", `${checkpointEvery}`];
  const data = Deno.env.get("SPARSEMBLE_DATA");
  const setting = data === undefined ? "" : `SPARSEMBLE_DATA=${shellWord(data)} `;
  return runs.map(({ task }) => {
    const words = [...runCommand(), ...options, folder, JSON.stringify(task.config)];
    return `cd ${shellWord(PROJECT)} && ${setting}${words.map(shellWord).join(" ")}`;
  });
}
