/**
 * The command line of every task: it parses, fails with one sentence, and exits with the right status.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";
import process from "node:process";
import { escaped } from "../../lib/messages.ts";
import { Command, CommanderError } from "./commander.ts";

/** A user's mistake, such as a wrong option, a broken file or a run that is finished. Nothing began. */
const MISTAKE = 2;
/** Anything else that went wrong. */
const FAILURE = 1;

/** A program whose usage line shows the task as it is called. */
export function taskProgram(name: string, description: string): Command {
  return new Command(`deno task ${name}`)
    .description(description)
    .option("--debug", "print a stack trace where something fails")
    .configureOutput({
      outputError: (text, write) => write(`${escaped(usageSentence(text))}\n`),
      // Commander would read the environment to find out, which no task has permission for.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
}

/** Parses the arguments, runs the program's action, and ends the process with the right status. */
export async function runProgram(
  program: { parseAsync(args: string[], options: { from: "user" }): Promise<unknown> },
): Promise<void> {
  for (const [event, listener] of SUDDEN_ENDS) globalThis.addEventListener(event, listener);
  try {
    await program.parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : MISTAKE;
      return;
    }
    // Whoever read our output has had enough of it, as in `deno task predict … | head`.
    if (error instanceof Deno.errors.BrokenPipe) {
      process.exitCode = FAILURE;
      return;
    }
    const debug = Deno.args.includes("--debug");
    tell(debug && error instanceof Error ? `${error.stack}` : sentence(error));
    process.exitCode = isMistake(error) ? MISTAKE : FAILURE;
  } finally {
    expectEnd();
  }
}

/** Ends the process at once, as somebody asked for. */
export function endProcess(code: number): never {
  expectEnd();
  Deno.exit(code);
}

/** The events at which a task ends that would go on: strategies in files are code that may do anything. */
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
  tell(
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

/** A complaint about the command line, in one line and in the style of all others. */
function usageSentence(text: string): string {
  const line = text.trim().replace(/^error: /, "").replace(/\.$/, "").replaceAll(/\s*\n\s*/g, " ");
  return `Cannot run the task: ${line}; --help lists the options`;
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`;
  if (error.name === "NotCapable") {
    return `Cannot run the task: permission is missing: ${error.message}`;
  }
  return isOurs(error) ? error.message : `${error.name}: ${error.message} (--debug shows where)`;
}

/** Tells whether the message is one of this library's sentences. */
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

/** Gives up permissions of the task that this call of it does not need, before it reads anything. */
export function giveUp(...names: ("write" | "run" | "net")[]): void {
  for (const name of names) Deno.permissions.revokeSync({ name });
}

/**
 * A path as the user meant it: `deno task` runs in the project's folder, and leaves the folder it
 * was called from in INIT_CWD.
 */
export function userPath(path: string): string {
  if (isAbsolute(path)) return path;
  return join(Deno.env.get("INIT_CWD") ?? ".", path);
}

/** Writes lines to standard output, where results go. Another program gets every byte of them. */
export function say(text: string): void {
  write(Deno.stdout, `${Deno.stdout.isTerminal() ? harmless(text) : text}\n`);
}

/** Writes lines to standard error, where progress and warnings go. */
export function tell(text: string): void {
  tellPart(`${harmless(text).split("\n").map(shortened).join("\n")}\n`);
}

/** Lines without what would steer the terminal: names in them come from files. */
function harmless(text: string): string {
  return text.replaceAll(/[^\n\t]+/g, escaped);
}

/** Bytes of a message's line that are shown: a file may have a name, or twenty of them, as long as it likes. */
const [HEAD, TAIL] = [1500, 400];

/** A line of a message, without its middle where it is very long. */
function shortened(line: string): string {
  const bytes = new TextEncoder().encode(line);
  if (bytes.length <= HEAD + TAIL) return line;
  const text = (part: Uint8Array) => new TextDecoder().decode(part).replaceAll("\ufffd", "");
  return `${text(bytes.subarray(0, HEAD))} … ${text(bytes.subarray(-TAIL))}`;
}

/** Writes a part of a line to standard error. */
export function tellPart(text: string): void {
  try {
    write(Deno.stderr, text);
  } catch {
    // A terminal that was closed: nobody hears it, and the work must reach its checkpoint.
  }
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length;) offset += stream.writeSync(bytes.subarray(offset));
}
