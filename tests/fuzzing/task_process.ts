/**
 * A process that runs the project's tasks, and is ended where one of them goes beyond its limits.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { ROOT } from "../tasks/run_task.ts";

/** A task and its arguments. */
export interface Call {
  readonly task: string;
  readonly args: readonly string[];
  /** The task comes to its end, however long it trains. Left out: it is asked to stop after a while. */
  readonly isWhole?: boolean | undefined;
}

/** How a call ended: the task came to its end, or the process did. */
export type Outcome =
  | { readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly limit: "memory" | "time"; readonly bytes: number; readonly seconds: number }
  | { readonly crash: string };

/** A process for calls. */
export interface TaskProcess {
  /** The system's number of the process. */
  readonly pid: number;
  /** The process has ended: it takes no more calls. */
  readonly isOver: boolean;
  /** Makes a call and waits for its end. */
  call(call: Call): Promise<Outcome>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** Milliseconds without an answer: far more than 20 seconds of the processor take on a loaded machine. */
const SILENCE = 600_000;

/**
 * Starts a process that may read anything, and write nothing but what is in a folder.
 *
 * @param deno The Deno to start: a path, or a name that PATH knows.
 */
export function startTaskProcess(folder: string, deno: string): TaskProcess {
  const child = new Deno.Command(deno, {
    args: [
      ...["run", "--no-prompt", "--quiet", "--allow-read", `--allow-write=${folder}`],
      ...["--allow-env=INIT_CWD,SPARSEMBLE_DATA", "--allow-ffi=.cache/native"],
      fileURLToPath(new URL("task_server.ts", import.meta.url)),
    ],
    cwd: ROOT,
    env: { INIT_CWD: folder, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let isOver = false;

  async function answer(): Promise<Outcome> {
    for (;;) {
      const end = rest.indexOf("\n");
      if (end >= 0) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 1);
        // What a library writes itself is nobody's answer.
        if (line.startsWith("@")) return JSON.parse(line.slice(1));
        continue;
      }
      const { done, value } = await reader.read();
      if (done) {
        isOver = true;
        const { code, signal } = await child.status;
        return { crash: `${signal ?? `exit ${code}`}: ${(await errors).slice(-2000)}` };
      }
      rest += value;
    }
  }

  async function close(): Promise<void> {
    if (!isOver) {
      isOver = true;
      try {
        child.kill("SIGKILL");
      } catch { /* It has just ended. */ }
    }
    await Promise.allSettled([reader.cancel(), writer.abort(), errors, child.status]);
  }

  return {
    pid: child.pid,
    get isOver() {
      return isOver;
    },
    async call(call) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<Outcome>((resolve) => {
        timer = setTimeout(
          () => resolve({ limit: "time", bytes: 0, seconds: SILENCE / 1000 }),
          SILENCE,
        );
      });
      await writer.write(new TextEncoder().encode(`${JSON.stringify(call)}\n`)).catch(() => {});
      const outcome = await Promise.race([answer(), silence]);
      clearTimeout(timer);
      if ("limit" in outcome) await close();
      return outcome;
    },
    close,
  };
}
