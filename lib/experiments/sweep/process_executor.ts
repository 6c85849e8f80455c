import { fileErrorReason, isRunHeld } from "../../files/mod.ts";
import type { Executor, ExecutorContext } from "./executor.ts";
import { lastEpoch } from "./last_epoch.ts";
import { type Attempt, recordFailure, runState, type SweepTask } from "./sweep_run.ts";

/** The number of processes, and the options of each. */
export interface ProcessOptions {
  readonly workers: number;
  readonly threads: number;
  readonly checkpointEvery: number;
}

/** Milliseconds between two looks at the progress of a run. */
const LOOK = 500;

/**
 * An executor with processes on this machine.
 *
 * @param command Program and arguments of a process that carries out one run: see `SweepOptions`.
 */
export function processExecutor(command: readonly string[], options: ProcessOptions): Executor {
  return async (tasks, context) => {
    const queue = [...tasks];
    const work = async () => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
        if (context.signal?.aborted) return;
        await inOwnProcess(task, command, options, context);
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.workers, queue.length) }, work));
  };
}

async function inOwnProcess(
  task: SweepTask,
  command: readonly string[],
  { threads, checkpointEvery }: ProcessOptions,
  { folder, signal, onEvent }: ExecutorContext,
): Promise<void> {
  const end = (attempt: Attempt) => onEvent({ type: "end", task, attempt });
  // Another sweep on this folder may have begun the run first.
  if (runState(task).status === "finished") return end({ status: "finished", message: null });
  if (isRunHeld(task.folder)) return end({ status: "held", message: null });
  onEvent({ type: "start", task, epoch: lastEpoch(task)?.epoch ?? 0 });
  const began = performance.now();
  const options = ["--threads", `${threads}`, "--checkpoint-every", `${checkpointEvery}`];
  const child = startProcess([...command, ...options, folder, JSON.stringify(task.config)]);
  // The process stops when its input ends, because we end it or because this process has ended.
  const stop = () => void child.stdin.close().catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const look = setInterval(() => {
    const progress = lastEpoch(task);
    if (progress !== null) onEvent({ type: "progress", task, ...progress });
  }, LOOK);
  const [{ code, signal: endedBy }, complaint] = await Promise.all([
    child.status,
    lastLine(child.stderr),
  ]);
  clearInterval(look);
  signal?.removeEventListener("abort", stop);
  if (!signal?.aborted) stop();
  const seconds = (performance.now() - began) / 1000;
  const stopped = signal?.aborted === true;
  end(attemptOf(task, { code, endedBy, complaint, seconds, stopped }));
}

function startProcess([program, ...args]: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { args, stdin: "piped", stdout: "null", stderr: "piped" })
      .spawn();
  } catch (cause) {
    if ((cause as Error).name === "NotCapable") throw cause;
    const message = `Cannot start a worker with "${program}": ${fileErrorReason(cause)}`;
    throw new Error(message, { cause });
  }
}

/** The end of a process. */
interface ProcessEnd {
  readonly code: number;
  readonly endedBy: Deno.Signal | null;
  readonly complaint: string;
  readonly seconds: number;
  /** Set if it was asked to stop. */
  readonly stopped: boolean;
}

/** The exit status of a worker whose run is held by another process. */
export const HELD_STATUS = 75;

/** The end of an attempt. The folder holds it, unless the process ended too suddenly. */
function attemptOf(task: SweepTask, ended: ProcessEnd): Attempt {
  const { code, endedBy, complaint, seconds, stopped } = ended;
  const { status, message } = runState(task);
  if (status === "finished") return { status, message };
  if (code === HELD_STATUS) return { status: "held", message: complaint };
  if (status === "unusable" || status === "failed" && endedBy === null) return { status, message };
  if (stopped || code === 130 && endedBy === null) return { status: "stopped", message: null };
  const how = endedBy === null ? `with status ${code}` : `by ${endedBy}`;
  const said = complaint === "" ? "" : ` (${complaint})`;
  const failure = `Cannot finish the run: its process was ended ${how}${said}`;
  recordFailure(task.folder, failure, seconds);
  return { status: "failed", message: failure };
}

/** The last line that is not empty. */
async function lastLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of stream) {
    text = (text + decoder.decode(part, { stream: true })).slice(-4096);
  }
  return text.trimEnd().split("\n").at(-1)!.trim();
}
