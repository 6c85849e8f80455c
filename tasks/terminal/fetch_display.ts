import type { FetchEvent } from "../../lib/data/catalogue/mod.ts";
import { type Bar, startBar } from "./cli_progress.ts";
import { tell } from "./command_line.ts";
import { timeLeft } from "./screen/duration.ts";

/** Milliseconds between two lines of progress. */
const PATIENCE = 2000;

/** Shows the progress of a data set on standard error: a bar on a terminal, otherwise lines. */
export function fetchDisplay(name: string): { onEvent(event: FetchEvent): void; stop(): void } {
  let bar: Bar | undefined;
  let told = performance.now();
  const left = timeLeft();
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
        const done = `${megabytes(what.bytes)} of ${megabytes(what.bytesTotal)}`;
        const texts = { before: name, after: [done, left(what.bytes / what.bytesTotal)] };
        bar ??= startBar(what.bytesTotal, texts);
        bar.update(what.bytes, texts);
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
