import type { TrainingEvent } from "../../../lib/ensemble/mod.ts";
import { tell, tellPart } from "../command_line.ts";
import { barLine } from "./bar_line.ts";
import { duration, timeLeft } from "./duration.ts";
import { widthOf } from "./width.ts";

/** Shows a comparison's runs on standard error. */
export interface ComparisonDisplay {
  /** Receives the beginning (`null`) and the events of every run. */
  readonly onProgress: (
    dataset: string,
    name: string,
    seed: number,
    event: TrainingEvent | null,
  ) => void;
  /** Prints a sentence between them. */
  readonly say: (text: string) => void;
  /** Removes the line that is overwritten again and again. */
  readonly stop: () => void;
}

/** Milliseconds between two changes of the line; without a terminal, between two lines. */
const [TICK, PATIENCE] = [500, 10_000];

/** Shows the current run in one line, with its progress. For other libraries it shows the elapsed time. */
export function showComparison(): ComparisonDisplay {
  const terminal = Deno.stderr.isTerminal();
  let run: { began: number; done: number; epochs: number | null; left: string } | undefined;
  let left = timeLeft();
  const clear = () => {
    if (terminal) tellPart("\r\x1b[K");
  };
  const texts = () => {
    const { began, done, epochs, left } = run!;
    if (epochs !== null) return [`epoch ${Math.ceil(done)}/${epochs}`, left];
    return [`fitting for ${duration((performance.now() - began) / 1000)}`];
  };
  const show = () => {
    if (run === undefined) return;
    if (!terminal) return tell(`  ${texts().filter((text) => text !== "").join(", ")}`);
    const { done, epochs } = run;
    const after = texts();
    const line = epochs === null
      ? `  ${after.join(", ")}`
      : barLine(" ", done / epochs, after, widthOf(Deno.stderr));
    tellPart(`\r${line}\x1b[K`);
  };
  const timer = setInterval(show, terminal ? TICK : PATIENCE);
  const say = (text: string) => {
    clear();
    tell(text);
  };
  return {
    say,
    stop() {
      clearInterval(timer);
      run = undefined;
      clear();
    },
    onProgress(dataset, name, seed, event) {
      if (event === null) {
        run = { began: performance.now(), done: 0, epochs: null, left: "" };
        left = timeLeft();
        return say(`${dataset}, seed ${seed}: ${name} …`);
      }
      if (run === undefined) return;
      if (event.type === "epoch") {
        run.epochs = event.epochs;
        run.done = event.epoch;
      } else if (event.type === "batch") {
        run.done = event.epoch + event.batch / event.batches;
      } else return;
      if (run.epochs !== null) run.left = left(run.done / run.epochs);
    },
  };
}
