import { tell } from "./command_line.ts";

/** Ctrl-C as a signal, listened to until it is disposed of. */
export interface Interrupt extends Disposable {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Listens for Ctrl-C: the first one asks to stop, the second one stops at once with status 130.
 *
 * @param stopping What is told after the first, such as "Stopping after this batch". Left out: nothing.
 * @param tidy Called before the process ends.
 */
export function onInterrupt(stopping?: string, tidy: () => void = () => {}): Interrupt {
  const stopper = new AbortController();
  const listener = () => {
    if (stopper.signal.aborted) {
      tidy();
      Deno.exit(130);
    }
    if (stopping !== undefined) tell(`${stopping}; Ctrl-C again stops at once`);
    stopper.abort();
  };
  Deno.addSignalListener("SIGINT", listener);
  return {
    signal: stopper.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listener),
  };
}
