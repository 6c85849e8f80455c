import process from "node:process";
import cliProgress from "npm:cli-progress@3.12.0";
import { barLine } from "./screen/bar_line.ts";
import { widthOf } from "./screen/width.ts";

/** The texts beside a bar. */
export interface BarTexts {
  /** Stands before the bar. */
  readonly before: string;
  /** Stand behind it: the most important first. */
  readonly after: readonly string[];
}

/** A bar of progress on standard error. */
export interface Bar {
  /** Shows how far the work is. */
  update(value: number, texts: BarTexts): void;
  /** Sets the length of the work, which may become known on the way. */
  setTotal(total: number): void;
  /** Takes the bar away, and leaves a clean line. */
  stop(): void;
}

/** Starts a bar that is as long as the terminal has room beside its texts. */
export function startBar(total: number, texts: BarTexts): Bar {
  const bar = new cliProgress.SingleBar({
    hideCursor: true,
    clearOnComplete: true,
    format: (_options: unknown, { progress }: { progress: number }, { before, after }: BarTexts) =>
      barLine(before, progress, after, widthOf(Deno.stderr)),
  });
  // A terminal that was closed: nobody sees the bar, and the work must reach its checkpoint.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  bar.start(total, 0, texts);
  return bar;
}
