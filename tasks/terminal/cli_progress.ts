import process from "node:process";
import cliProgress from "npm:cli-progress@3.12.0";

/** A bar of progress on standard error. */
export type Bar = InstanceType<typeof cliProgress.SingleBar>;

/** Starts a bar; `format` says what stands beside it, from the values of its updates. */
export function startBar(total: number, format: string, values: object): Bar {
  const options = { format, hideCursor: true };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  // A terminal that was closed: nobody sees the bar, and the work must reach its checkpoint.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  bar.start(total, 0, values);
  return bar;
}
