/**
 * The command line of every task: it parses, fails with one sentence, and exits with the right status.
 *
 * @module
 */
import { isAbsolute, join, relative, resolve } from "node:path";
import process from "node:process";
import project from "../../deno.json" with { type: "json" };
import { escaped, quotedPath, shellWord } from "../../lib/messages.ts";
import { Command, CommanderError, type CommandUnknownOpts } from "./commander.ts";
import { helpItem } from "./help.ts";
import { widthOf } from "./screen/width.ts";
import { wrappedProse } from "./screen/wrapped_prose.ts";
import { usageSentence } from "./usage_sentence.ts";

/** The folder of the project, in which its tasks start. */
export const PROJECT: string = resolve(import.meta.dirname ?? ".", "../..");

/**
 * The exit status for a user's mistake, such as a wrong option, a broken file or a finished run. No work
 * began.
 */
const MISTAKE = 2;
/** The exit status for any other failure. */
const FAILURE = 1;

/**
 * Makes a program whose usage line shows the command of the task.
 *
 * @param examples The words after the task's name, one example per kind of command.
 */
export function taskProgram(name: string, description: string, ...examples: string[]): Command {
  const lines = examples.map((words) => `  ${`deno task ${name} ${words}`.trim()}`);
  const program: Command = new Command(`deno task ${name}`)
    .description(description)
    .configureHelp({ formatItem: helpItem })
    .addHelpText("after", `\n${lines.length === 1 ? "Example" : "Examples"}:\n${lines.join("\n")}`)
    .configureOutput({
      // If the reader closes the pipe, Node's streams would throw an error that nothing catches.
      writeOut: (text) => write(Deno.stdout, text),
      writeErr: tellAnyway,
      outputError: (text, write) => {
        const needed = program.registeredArguments.filter(({ required }) => required);
        const names = needed.map((argument) => argument.name());
        write(
          `${wrappedProse(usageSentence(text, program.name(), names), widthOf(Deno.stderr))}\n`,
        );
      },
      // Commander would read the environment, for which no task has permission.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  return program;
}

/** `true`: only mistakes and failures are printed. */
let isQuiet = false;

/** Adds the options that every task and each of its commands has. */
function addGeneralOptions(command: CommandUnknownOpts): void {
  command.optionsGroup("Every task has:")
    .option("--quiet", "say nothing but results, warnings and errors")
    .option("--debug", "print a stack trace where something fails")
    .version(project.version, "--version", "print the version")
    .helpOption("-h, --help", "print this")
    .hook("preAction", () => {
      isQuiet = command.opts().quiet === true;
    });
}

/** Parses the arguments, runs the program's action, and ends the process with the right status. */
export async function runProgram(program: CommandUnknownOpts): Promise<void> {
  for (const command of [program, ...program.commands]) addGeneralOptions(command);
  for (const [event, listener] of SUDDEN_ENDS) globalThis.addEventListener(event, listener);
  try {
    await program.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : MISTAKE;
      return;
    }
    // The reader of our output has closed the pipe, as in `deno task predict … | head`.
    if (error instanceof Deno.errors.BrokenPipe) {
      process.exitCode = FAILURE;
      return;
    }
    const debug = Deno.args.includes("--debug");
    warn(debug && error instanceof Error ? `${error.stack}` : sentence(error));
    process.exitCode = isMistake(error) ? MISTAKE : FAILURE;
  } finally {
    expectEnd();
  }
}

/** Ends the process at once, on request. */
export function endProcess(code: number): never {
  expectEnd();
  Deno.exit(code);
}

/** The events that must end a task. Strategies in files are code that may try to prevent it. */
const SUDDEN_ENDS = [
  ["unload", () => endSuddenly("it ended the process")],
  ["unhandledrejection", (event: Event) => {
    event.preventDefault();
    endSuddenly(`it rejected a promise, ${causeOf((event as PromiseRejectionEvent).reason)}`);
  }],
  ["error", (event: Event) => {
    event.preventDefault();
    endSuddenly(`it threw an error, ${causeOf((event as ErrorEvent).error)}`);
  }],
] as const;

function expectEnd(): void {
  for (const [event, listener] of SUDDEN_ENDS) globalThis.removeEventListener(event, listener);
}

function endSuddenly(what: string): never {
  warn(
    `Cannot go on: code that the task runs, such as a strategy in a file, is at fault: ${what}; ` +
      "a run that had begun goes on with: deno task train --resume RUN",
  );
  endProcess(FAILURE);
}

function causeOf(error: unknown): string {
  const debug = Deno.args.includes("--debug") && error instanceof Error;
  const lines = debug ? `${error.stack}` : `${error}`.split("\n")[0];
  return `which nothing handled: ${lines}`;
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`;
  if (error.name === "NotCapable") {
    return `Cannot run the task: permission is missing: ${error.message}`;
  }
  return isOurs(error) ? error.message : `${error.name}: ${error.message} (--debug shows where)`;
}

/** Returns `true` if the message is one of this library's sentences. */
function isOurs(error: Error): boolean {
  const engines =
    /^Cannot (read|set|add|define|redefine|delete|assign|access|destructure|convert|mix) [^"]*$/;
  return error.message.startsWith("Cannot ") && !engines.test(error.message);
}

function isMistake(error: unknown): boolean {
  if (!(error instanceof Error) || !isOurs(error)) return false;
  if ([TypeError, RangeError, SyntaxError].some((kind) => error instanceof kind)) return true;
  if (/^Cannot (read|use the strategy|begin a run|resume the run) /.test(error.message)) {
    return true;
  }
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return ["ENOENT", "EISDIR", "ENOTDIR", "EACCES"].includes(`${code}`);
}

/** The command that was typed, for a person who may type it again. */
export function sameCommand(task: string): string {
  // A command must stay one line, even if an argument has several.
  const isOneLine = Deno.args.every((word) => escaped(word) === word);
  return isOneLine
    ? ["deno", "task", task, ...Deno.args].map(shellWord).join(" ")
    : "the same command";
}

/** Gives up permissions that this call of the task does not need, before it reads anything. */
export function giveUp(...names: ("write" | "run" | "net")[]): void {
  for (const name of names) Deno.permissions.revokeSync({ name });
}

/**
 * Resolves a path as the user meant it. `deno task` runs in the project's folder; INIT_CWD names the folder
 * from which it was called.
 *
 * @throws {TypeError} If it is an address, or `-`. A task that accepts standard streams handles `-` before.
 */
export function userPath(path: string): string {
  if (path === "-") {
    throw new TypeError('Cannot use "-" here: need a path ("./-" is a file of this name)');
  }
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(path)) {
    throw new TypeError(
      `Cannot use ${quotedPath(path)} here: found an address, need the path of a file on this ` +
        "machine, such as a download of it",
    );
  }
  if (isAbsolute(path)) return path;
  // A run keeps the path of its table, and may go on from another folder.
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

/** Writes lines of results to standard output. Another program gets every byte of them. */
export function say(text: string): void {
  const shown = Deno.stdout.isTerminal()
    ? wrappedProse(harmless(text), widthOf(Deno.stdout))
    : text;
  write(Deno.stdout, `${shown}\n`);
}

/** Writes lines of progress to standard error, unless the user wants quiet. */
export function tell(text: string): void {
  if (!isQuiet) warn(text);
}

/** Writes lines to standard error, even if the user wants quiet. */
export function warn(text: string): void {
  const lines = harmless(asTyped(text)).split("\n").map(shortened).join("\n");
  tellAnyway(`${wrappedProse(lines, widthOf(Deno.stderr))}\n`);
}

/**
 * Adapts the commands in a text to the user's folder. Outside the project, each command names the project's
 * configuration.
 */
export function asTyped(text: string): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "INIT_CWD" });
  const folder = state === "granted" ? Deno.env.get("INIT_CWD") : undefined;
  const path = relative(PROJECT, folder ?? PROJECT);
  const isInside = !isAbsolute(path) && path.split(/[\\/]/, 1)[0] !== "..";
  if (isInside) return text;
  const config = `--config ${shellWord(join(PROJECT, "deno.json"))} `;
  return text.replaceAll(/\bdeno task (?=[a-z])/g, (start) => start + config);
}

/** Lines without control sequences of the terminal, because names in them come from files. */
function harmless(text: string): string {
  return text.replaceAll(/[^\n\t]+/g, escaped);
}

/**
 * The numbers of bytes at the beginning and end of a message's line that are shown. Names from files may
 * have any length.
 */
const [HEAD, TAIL] = [1500, 400];

/** A line of a message, without its middle if it is very long. */
function shortened(line: string): string {
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= HEAD + TAIL) return line;
  const text = (part: Uint8Array) => new TextDecoder().decode(part).replaceAll("\ufffd", "");
  return `${text(bytes.subarray(0, HEAD))} … ${text(bytes.subarray(-TAIL))}`;
}

/** Writes a part of a line of progress to standard error, unless the user wants quiet. */
export function tellPart(text: string): void {
  if (!isQuiet) tellAnyway(text);
}

function tellAnyway(text: string): void {
  try {
    write(Deno.stderr, text);
  } catch {
    // The terminal may be closed. The error is ignored, because the work must reach its checkpoint.
  }
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length;) offset += stream.writeSync(bytes.subarray(offset));
}
