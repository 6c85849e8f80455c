import { endProcess, tellPart, warn } from "./command_line.ts";

/** Ctrl-C and its like as a signal, listened to until it is disposed of. */
export interface Interrupt extends Disposable {
  /** Aborted by the first one. */
  readonly signal: AbortSignal;
}

/**
 * Listens for what asks a process to stop: Ctrl-C, a scheduler's SIGTERM, a terminal that closes. A
 * second Ctrl-C stops at once with status 130. The others often come twice, and mean no more then.
 *
 * @param stopping The sentence after the first, such as "Stopping after this batch". Left out: nothing.
 * @param tidy Clears the line that is written over and over. Called before the sentence, and before the
 * process ends.
 */
export function onInterrupt(stopping?: string, tidy: () => void = () => {}): Interrupt {
  const stopper = new AbortController();
  const ask = () => {
    if (stopper.signal.aborted) return;
    stopper.abort();
    if (stopping === undefined) return;
    tidy();
    // The terminal has shown the keys as "^C".
    if (Deno.stderr.isTerminal()) tellPart("\r\x1b[K");
    warn(`${stopping}; Ctrl-C again stops at once`);
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
