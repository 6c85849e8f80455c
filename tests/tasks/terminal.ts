/**
 * Tasks on a real terminal of 80 × 24: tmux keeps the screen, and tells what a person would see.
 *
 * @module
 */
import assert from "node:assert/strict";
import { newFolder } from "../files.ts";
import { ROOT, taskCommand } from "./run_task.ts";

/** Tells whether tmux is here. */
export const HAS_TMUX: boolean = sh("command -v tmux").code === 0;

function sh(script: string): { code: number; text: string } {
  try {
    const command = new Deno.Command("sh", { args: ["-c", script], stdin: "null" });
    const { code, stdout, stderr } = command.outputSync();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { code, text };
  } catch {
    return { code: 1, text: "" };
  }
}

/** A task on a terminal. */
export interface Terminal extends Disposable {
  /** The lines of the screen, without blanks at their ends. */
  screen(): string[];
  /** All lines since the beginning: those that have left the screen too. */
  history(): string[];
  /** Waits until the screen's text matches, and returns its lines. */
  until(pattern: RegExp): Promise<string[]>;
  /** Presses a key, by tmux's name for it. */
  press(key: string): void;
}

/** Starts a task of deno.json on a terminal of 80 × 24, in a folder. */
export function onTerminal(task: string, args: readonly string[], from: string): Terminal {
  const { flags, program } = taskCommand(task);
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  const words = [Deno.execPath(), "run", ...flags, program, ...args].map(quoted).join(" ");
  const command = `cd ${quoted(ROOT)} && INIT_CWD=${quoted(from)} NO_COLOR=1 exec ${words}`;
  const tmux = `tmux -f /dev/null -S ${quoted(`${newFolder()}/socket`)}`;
  const started = sh(
    `${tmux} new-session -d -x 80 -y 24 cat \\; set -g remain-on-exit on \\; ` +
      `respawn-pane -k ${quoted(command)}`,
  );
  assert.equal(started.code, 0, started.text);
  // Once the task has ended, tmux says so in the lowest line.
  const capture = (options: string) =>
    sh(`${tmux} capture-pane -p ${options}`).text.split("\n")
      .map((line) => line.startsWith("Pane is dead") ? "" : line.trimEnd());
  const screen = () => capture("");
  return {
    screen,
    history: () => capture("-S -"),
    press: (key) => void sh(`${tmux} send-keys ${key}`),
    async until(pattern) {
      const end = performance.now() + 60_000;
      for (;;) {
        const lines = screen();
        if (pattern.test(lines.join("\n"))) return lines;
        assert.ok(performance.now() < end, `nothing like ${pattern} on\n${lines.join("\n")}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    [Symbol.dispose]: () => void sh(`${tmux} kill-server`),
  };
}

/** Asserts that no row of a table was broken by the terminal's edge. */
export function assertWhole(lines: readonly string[]): void {
  for (const line of lines) {
    if (/^[│┌├└]/.test(line)) assert.match(line, /[│┐┤┘]$/, line);
    else assert.doesNotMatch(line, /[│┐┤┘]$/, line);
  }
}
