import { endProcess, tellPart, warn } from "./command_line.ts";

/** Ctrl-C and similar events as an abort signal. It listens until it is disposed of. */
export interface Interrupt extends Disposable {
  /** Aborted by the first event. */
  readonly signal: AbortSignal;
}

/**
 * Listens for events that ask a process to stop: Ctrl-C, a scheduler's SIGTERM, a closed terminal. A second
 * Ctrl-C stops at once with status 130. A repetition of the other events has no effect, because they often
 * come twice.
 *
 * @param stopping The sentence to print after the first event, such as "Stopping after this batch". Left
 * out: nothing is printed.
 * @param tidy Clears the line that is overwritten again and again. Called before the sentence, and before
 * the process ends.
 */
export function onInterrupt(stopping?: string, tidy: () => void = () => {}): Interrupt {
  const stopper = new AbortController();
  const ask = () => {
    if (stopper.signal.aborted) return;
    stopper.abort();
    tidy();
    // The terminal has shown the keys as "^C".
    if (Deno.stderr.isTerminal()) tellPart("\r\x1b[K");
    if (stopping !== undefined) warn(`${stopping}; Ctrl-C again stops at once`);
  };
  const interrupt = () => {
    if (!stopper.signal.aborted) return ask();
    tidy();
    endProcess(130);
  };
  const listeners = STOP_SIGNALS.map((signal) =>
    [signal, signal === "SIGINT" ? interrupt : ask] as const
  );
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    signal: stopper.signal,
    [Symbol.dispose]: () => {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}

/** The signals that ask a process to stop. Deno heeds SIGHUP even under `nohup`, so that is no loss. */
export const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];
