/** The command that carries out one run of a sweep, with the permissions that deno.json gives it. */
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };

/** The folder of the project, in which its tasks start. */
export const PROJECT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(
  /[\\/]$/,
  "",
);

/** Program and arguments, to be started in the project's folder. */
export function runCommand(): string[] {
  return project.tasks["sweep-run"].command.split(" ");
}

/** The command for a sweep on this machine: it stops when the sweep does, however that ends. */
export function workerCommand(): string[] {
  return [...runCommand(), "--until-input-ends"];
}
