import type { FetchEvent } from "../../lib/data/catalogue/mod.ts";
import { type Bar, startBar } from "./cli_progress.ts";
import { tell } from "./command_line.ts";

/** Milliseconds between two lines of progress. */
const PATIENCE = 2000;

const BAR = "{bar} {done} of {all}, {eta_formatted} left";

/** Shows on standard error how far a data set is: a bar on a terminal, elsewhere lines. */
export function fetchDisplay(name: string): { onEvent(event: FetchEvent): void; stop(): void } {
  let bar: Bar | undefined;
  let told = performance.now();
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  const say = (text: string) => {
    stop();
    tell(`${name}: ${text}`);
  };
  return {
    stop,
    onEvent(event) {
      if (event.type === "convert") return say(`writing ${event.file}`);
      if (event.type === "ask") return say(`downloading ${event.address}`);
      const what = event.event;
      if (what.type === "resumed") say(`going on after ${megabytes(what.bytes)}`);
      else if (what.type === "restarted") say(`beginning anew: ${what.reason}`);
      else if (what.type === "retry") say(`${what.reason}; attempt ${what.attempt} to go on`);
      else if (Deno.stderr.isTerminal() && what.bytesTotal !== null) {
        bar ??= startBar(what.bytesTotal, BAR, { done: "", all: "" });
        bar.update(what.bytes, { done: megabytes(what.bytes), all: megabytes(what.bytesTotal) });
      } else if (performance.now() - told >= PATIENCE) {
        told = performance.now();
        const all = what.bytesTotal === null ? "" : ` of ${megabytes(what.bytesTotal)}`;
        say(`${megabytes(what.bytes)}${all}`);
      }
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
