/** The command that carries out one run of a sweep, with the permissions that deno.json gives it. */
import project from "../../deno.json" with { type: "json" };

/** The options of every run. */
export interface RunOptions {
  /** The number of threads that compute. */
  readonly threads: number;
  /** Seconds of training between two checkpoints. */
  readonly checkpointEvery: number;
}

/** Program and arguments. They are started in the project's folder. */
export function runCommand(options?: RunOptions): string[] {
  const command = project.tasks["sweep-run"].command.split(" ");
  if (options === undefined) return command;
  const { threads, checkpointEvery } = options;
  return [...command, "--threads", `${threads}`, "--checkpoint-every", `${checkpointEvery}`];
}

/** The command for a sweep on this machine. It stops when the sweep ends in any way. */
export function workerCommand(): string[] {
  return [...runCommand(), "--until-input-ends"];
}
