/**
 * Runs the project's tasks one after the other in one process, each as its own program would: takes lines
 * of JSON (`{"task": "inspect", "args": [...]}`), and answers each with a line of how the task ended.
 * Starting a process for each would take nearly all of the time.
 */
import process from "node:process";
import type { Call } from "./task_process.ts";

/** Microseconds of the processor after which a task that trains is asked to stop, as by SIGTERM. */
const PATIENCE = 1e6;

/** The most letters of a task's output that are told. */
const MOST_LETTERS = 2 ** 20;

const original = Deno.stdout.writeSync.bind(Deno.stdout);
const answer = (value: object) => {
  const bytes = new TextEncoder().encode(`@${JSON.stringify(value)}\n`);
  for (let offset = 0; offset < bytes.length;) offset += original(bytes.subarray(offset));
};

let written = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"] as const) {
  const decoder = new TextDecoder();
  Deno[name].writeSync = (bytes) => {
    const text = decoder.decode(bytes);
    written[name] += text.slice(0, MOST_LETTERS - written[name].length);
    return bytes.length;
  };
}
// What a terminal gets is what may not steer it.
Deno.stdout.isTerminal = () => true;
// A permission that one task gives up is another's.
Deno.permissions.revokeSync = () => ({ state: "prompt" }) as Deno.PermissionStatus;
const listeners = new Map<Deno.Signal, () => void>();
let begun = 0;
Deno.addSignalListener = (signal, listener) => {
  listeners.set(signal, listener);
  begun = processorTime();
};
Deno.removeSignalListener = (signal) => void listeners.delete(signal);

const limits = new Worker(new URL("task_limits.ts", import.meta.url), { type: "module" });

let count = 0;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function run({ task, args, isWhole }: Call): Promise<void> {
  written = { stdout: "", stderr: "" };
  process.exitCode = 0;
  Object.defineProperty(Deno, "args", { value: args, configurable: true });
  limits.postMessage("begin");
  const timer = setInterval(() => {
    if (!isWhole && processorTime() - begun > PATIENCE) listeners.get("SIGTERM")?.();
  }, 20);
  // With another query it is another module, which runs anew.
  await import(new URL(`../../tasks/${task}.ts?${count++}`, import.meta.url).href);
  clearInterval(timer);
  answer({ code: process.exitCode ?? 0, ...written });
}

// One call after the other: the next is sent when this one is answered.
limits.onmessage = ({ data }: MessageEvent<string>) => {
  void run(JSON.parse(data));
};
