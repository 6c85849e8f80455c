/** The missing runs of a sweep as shell commands, for any scheduler that runs lines of text. */
import type { Unfinished } from "../../lib/experiments/sweep/mod.ts";
import { shellWord } from "../../lib/messages.ts";
import { PROJECT } from "../terminal/command_line.ts";
import { runCommand, type RunOptions } from "./worker_command.ts";

/** One self-contained command per run, for a POSIX shell. */
export function sweepLines(
  runs: readonly Unfinished[],
  folder: string,
  options: RunOptions,
): string[] {
  const data = Deno.env.get("SPARSEMBLE_DATA");
  const setting = data === undefined ? "" : `SPARSEMBLE_DATA=${shellWord(data)} `;
  return runs.map(({ task }) => {
    const words = [...runCommand(options), folder, JSON.stringify(task.config)];
    return `cd ${shellWord(PROJECT)} && ${setting}${words.map(shellWord).join(" ")}`;
  });
}
