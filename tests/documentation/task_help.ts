/**
 * What the tasks say of their own options.
 *
 * @module
 */
import { runTask } from "../tasks/run_task.ts";

const helps = new Map<string, Promise<ReadonlySet<string>>>();

/** The long options of a task, or of its command, as its help lists them; asked for once. */
export function optionsOf(task: string, command?: string): Promise<ReadonlySet<string>> {
  const key = `${task} ${command ?? ""}`;
  const known = helps.get(key) ?? readOptions(task, command);
  helps.set(key, known);
  return known;
}

async function readOptions(task: string, command?: string): Promise<ReadonlySet<string>> {
  const args = command === undefined ? ["--help"] : [command, "--help"];
  const { code, stdout, stderr } = await runTask(task, args);
  if (code !== 0) throw new Error(stderr);
  // An option begins its line; what it says of others does not.
  return new Set(Array.from(stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm), ([, name]) => name));
}
