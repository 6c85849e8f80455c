/**
 * The order of streamed rows in an epoch. The blocks of a file come in a random order. Some of them are in
 * memory at a time: a window. The rows of each window come in a random order. Seed and epoch alone
 * determine the order.
 *
 * @module
 */
import { randomStream, shuffle } from "../random.ts";
import type { StreamOrder } from "../training/mod.ts";
import { blockCount, type BlockLayout, rowsOfBlock } from "./block_file.ts";

/** The blocks of an epoch, window by window. */
export interface EpochWindows {
  /** All blocks, in their order. */
  readonly blocks: Int32Array;
  /** For every window, the place in `blocks` of its first block; then the number of blocks. */
  readonly firstBlock: readonly number[];
  /** For every window, the place in the epoch's order of its first row; then the number of rows. */
  readonly firstRow: readonly number[];
}

/**
 * Divides an epoch into windows of about equal length.
 *
 * @param windowBlocks The largest number of blocks of a window.
 * @param order Left out (`null`): the blocks in the file's order.
 */
export function epochWindows(
  layout: BlockLayout,
  windowBlocks: number,
  order: StreamOrder | null,
): EpochWindows {
  const count = blockCount(layout);
  const blocks = Int32Array.from({ length: count }, (_, block) => block);
  if (order !== null) shuffle(blocks, randomStream(order.seed, "blocks", order.epoch));
  const windows = Math.ceil(count / windowBlocks);
  const firstBlock = Array.from(
    { length: windows + 1 },
    (_, window) => Math.floor(window * count / windows),
  );
  const firstRow = [0];
  for (let window = 0; window < windows; window++) {
    let row = firstRow[window];
    for (let k = firstBlock[window]; k < firstBlock[window + 1]; k++) {
      row += rowsOfBlock(layout, blocks[k]);
    }
    firstRow.push(row);
  }
  return { blocks, firstBlock, firstRow };
}

/** The window that holds the row at a place in the epoch's order. */
export function windowAt({ firstRow }: EpochWindows, place: number): number {
  let window = 0;
  while (window + 2 < firstRow.length && firstRow[window + 1] <= place) window++;
  return window;
}

/**
 * Writes the order of a window's rows.
 *
 * @param rows Length rows of the window.
 */
export function orderRows(rows: Int32Array, order: StreamOrder | null, window: number): void {
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  if (order !== null) shuffle(rows, randomStream(order.seed, "window", order.epoch, window));
}
