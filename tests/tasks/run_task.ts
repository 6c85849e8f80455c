/**
 * Runs the project's tasks as `deno task` would: the command line is taken from deno.json, so that a
 * test cannot have a permission that a user has not.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** A task of deno.json that runs a program of `tasks/`. */
export interface TaskCommand {
  /** The task's name. */
  readonly name: string;
  /** What comes between `deno run` and the program. */
  readonly flags: readonly string[];
  /** The program. */
  readonly program: string;
}

/** Every task of deno.json by its name. */
export function denoTasks(): Record<string, { description: string; command: string }> {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).tasks;
}

/** The tasks that are programs; not those that call `deno test`, `deno check` and the like. */
export function taskCommands(): TaskCommand[] {
  return Object.entries(denoTasks()).flatMap(([name, { command }]) => {
    const words = command.split(" ");
    const program = words.at(-1)!;
    return command.startsWith("deno run ") && program.startsWith("tasks/")
      ? [{ name, flags: words.slice(2, -1), program }]
      : [];
  });
}

/** A task by its name. */
export function taskCommand(name: string): TaskCommand {
  const found = taskCommands().find((task) => task.name === name);
  if (found === undefined) throw new Error(`Cannot find the task "${name}" in deno.json`);
  return found;
}

/** How a task ended. */
export interface TaskOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a task runs. */
export interface TaskOptions {
  /** The folder the user is in; relative paths begin there. */
  readonly from?: string | undefined;
  /** A flag of deno.json to leave out. */
  readonly without?: string | undefined;
  /** The Deno that runs it: a path, or a name that PATH knows. Left out: the one that runs this. */
  readonly deno?: string | undefined;
  /** Another copy of the repository, ending in a slash. */
  readonly root?: string | undefined;
  /** Standard input. */
  readonly input?: string | undefined;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** The process of a task, not yet started. */
export function taskProcess(
  name: string,
  args: readonly string[],
  { from = ROOT, without, root = ROOT, deno = Deno.execPath(), input, env = {} }: TaskOptions = {},
): Deno.Command {
  const { flags, program } = taskCommand(name);
  if (without !== undefined && !flags.includes(without)) {
    throw new Error(`Cannot leave out "${without}": the task "${name}" has no such flag`);
  }
  return new Deno.Command(deno, {
    args: ["run", ...flags.filter((flag) => flag !== without), program, ...args],
    cwd: root,
    // Colours would be seen even where the tests themselves run without.
    env: { INIT_CWD: from, NO_COLOR: "", ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

async function outputOf(command: Deno.Command, input: string | undefined) {
  if (input === undefined) return await command.output();
  const child = command.spawn();
  const written = new Response(input).body!.pipeTo(child.stdin).catch(() => {});
  const [output] = await Promise.all([child.output(), written]);
  return output;
}

/** Runs a task to its end. */
export async function runTask(
  name: string,
  args: readonly string[],
  options: TaskOptions = {},
): Promise<TaskOutput> {
  const { code, stdout, stderr } = await outputOf(taskProcess(name, args, options), options.input);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
