/**
 * Writes the file of inputs: all training rows, preprocessed, in a random order.
 *
 * @module
 */
import { inputCount, preprocess } from "../data/preprocessing/mod.ts";
import { randomStream, shuffle } from "../random.ts";
import { openBlocks, rowsOfBlock, type Targets, writeBlocks } from "./block_file.ts";
import { epochWindows } from "./block_order.ts";
import type { Fitted } from "./fit_rows.ts";
import { type Parts, rowSet } from "./held_out_rows.ts";
import type { WindowPlan } from "./memory_plan.ts";
import type { RawRows } from "./raw_rows.ts";
import type { StreamedLayout } from "./streamed_rows.ts";

/** The number of floats that are preprocessed at a time. */
const CHUNK_FLOATS = 2 ** 18;

/** The layout of the written rows. */
export interface WrittenInputs {
  readonly layout: StreamedLayout;
  /** The SHA-256 of the file. */
  readonly digest: string;
}

/** Reads all rows window by window, in a random order, and writes the training rows. */
export async function writeInputs(
  { layout, dataset, recode }: RawRows,
  raw: string,
  path: string,
  parts: Parts,
  { preprocessing, targetScaling }: Pick<Fitted, "preprocessing" | "targetScaling">,
  seed: number,
  windows: (columns: number) => WindowPlan,
  onWindow: () => Promise<void>,
): Promise<WrittenInputs> {
  const { rows, columns, blockRows } = layout;
  using reader = openBlocks(raw, layout);
  const width = inputCount(preprocessing);
  const { blockRows: height, windowBlocks } = windows(width);
  using writer = writeBlocks(
    path,
    width,
    height,
    (rows) => targetScaling === null ? new Int32Array(rows) : new Float32Array(rows),
  );
  // Epoch −1 comes before the first epoch. A block of the new file mixes rows of many old blocks.
  const order = epochWindows(layout, windows(columns).windowBlocks, { seed, epoch: -1 });
  const most = Math.min(rows, windows(columns).windowBlocks * blockRows);
  const features = new Float32Array(most * columns);
  const targets: Targets = targetScaling === null ? new Int32Array(most) : new Float32Array(most);
  const isHeld = rowSet(rows, parts.test, parts.validation);
  const chunkRows = Math.max(1, Math.floor(CHUNK_FLOATS / Math.max(columns, width)));
  const chunk = new Float32Array(chunkRows * columns);
  const { labels: classOf } = dataset;
  let largest = 0;
  const targetOf = (target: number) => {
    if (targetScaling === null) return classOf[target];
    const scaled = Math.fround((target - targetScaling.mean) / targetScaling.deviation);
    largest = Math.max(largest, scaled * scaled);
    return scaled;
  };
  for (let window = 0; window + 1 < order.firstBlock.length; window++) {
    const taken: number[] = [];
    let count = 0;
    for (let k = order.firstBlock[window]; k < order.firstBlock[window + 1]; k++) {
      const block = order.blocks[k];
      const own = features.subarray(count * columns);
      reader.read(block, own, targets.subarray(count));
      const [first, inBlock] = [block * blockRows, rowsOfBlock(layout, block)];
      recode(own, first, inBlock);
      for (let row = 0; row < inBlock; row++) if (!isHeld(first + row)) taken.push(count + row);
      count += inBlock;
    }
    const mixed = Int32Array.from(taken);
    shuffle(mixed, randomStream(seed, "window", -1, window));
    for (let from = 0; from < mixed.length; from += chunkRows) {
      const part = mixed.subarray(from, from + chunkRows);
      part.forEach((row, k) => {
        chunk.set(features.subarray(row * columns, (row + 1) * columns), k * columns);
      });
      const of = chunk.subarray(0, part.length * columns);
      const inputs = preprocess(preprocessing, of, part.length, columns);
      part.forEach((row, k) => {
        writer.block.set(inputs.subarray(k * width, (k + 1) * width), writer.offset);
        writer.add(targetOf(targets[row]));
      });
    }
    await onWindow();
  }
  const digest = writer.finish();
  const classes = targetScaling === null ? dataset.classes.length : 0;
  return {
    layout: {
      ...{ rows: writer.rows, columns: width, blockRows: height, windowBlocks },
      ...{ classes, largestSquare: largest },
    },
    digest,
  };
}
