import cliProgress from "npm:cli-progress@3.12.0";

/** A bar of progress on standard error. */
export type Bar = InstanceType<typeof cliProgress.SingleBar>;

/** Starts a bar; `format` says what stands beside it, from the values of its updates. */
export function startBar(total: number, format: string, values: object): Bar {
  const options = { format, hideCursor: true };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  bar.start(total, 0, values);
  return bar;
}
