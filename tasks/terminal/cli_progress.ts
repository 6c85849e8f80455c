import process from "node:process";
import cliProgress from "npm:cli-progress@3.12.0";
import { barLine } from "./screen/bar_line.ts";
import { widthOf } from "./screen/width.ts";

/** The texts beside a bar. */
export interface BarTexts {
  /** The text before the bar. */
  readonly before: string;
  /** The texts after the bar, the most important first. */
  readonly after: readonly string[];
}

/** A bar of progress on standard error. */
export interface Bar {
  /** Shows the progress of the work. */
  update(value: number, texts: BarTexts): void;
  /** Sets the length of the work, which may become known later. */
  setTotal(total: number): void;
  /** Removes the bar, and leaves a clean line. */
  stop(): void;
}

/** Starts a bar that fills the room beside its texts. */
export function startBar(total: number, texts: BarTexts): Bar {
  const bar = new cliProgress.SingleBar({
    hideCursor: true,
    clearOnComplete: true,
    format: (_options: unknown, { progress }: { progress: number }, { before, after }: BarTexts) =>
      barLine(before, progress, after, widthOf(Deno.stderr)),
  });
  // The terminal may be closed. Then errors are ignored, because the work must reach its checkpoint.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  bar.start(total, 0, texts);
  return bar;
}
