/**
 * Gives training the rows of a file of blocks. One window of rows is in memory at a time.
 *
 * @module
 */
import { quotedPath } from "../messages.ts";
import type { Rows, RowStream, RowWindow, StreamOrder } from "../training/mod.ts";
import { type BlockLayout, openBlocks, rowsOfBlock, type Targets } from "./block_file.ts";
import { type EpochWindows, epochWindows, orderRows, windowAt } from "./block_order.ts";

/** The rows of a file of blocks. */
export interface StreamedLayout extends BlockLayout {
  /** The largest number of blocks in memory at a time. */
  readonly windowBlocks: number;
  /** The number of classes; 0 if numbers are predicted. */
  readonly classes: number;
  /** The largest square of a number to predict; 0 for classes. */
  readonly largestSquare: number;
}

/** Rows that come from an open file. */
export interface StreamedRows extends Rows, Disposable {
  /** The file, block after block. */
  readonly stream: RowStream;
  /** Closes the file. Safe to call twice. */
  dispose(): void;
}

/**
 * Opens the rows of a file of blocks.
 *
 * @throws {Error} If the file cannot be opened, or its size does not fit the layout.
 */
export function openStreamedRows(path: string, layout: StreamedLayout): StreamedRows {
  const { rows, columns, blockRows, windowBlocks, classes, largestSquare } = layout;
  const reader = openBlocks(path, layout);
  const most = Math.min(rows, windowBlocks * blockRows);
  const features = new Float32Array(most * columns);
  const targets: Targets = classes === 0 ? new Float32Array(most) : new Int32Array(most);
  const order = new Int32Array(most);
  let epoch: { readonly of: StreamOrder | null; readonly windows: EpochWindows } | null = null;
  let current: (RowWindow & { readonly of: StreamOrder | null }) | null = null;

  function isSame(one: StreamOrder | null, other: StreamOrder | null): boolean {
    return one?.epoch === other?.epoch && one?.seed === other?.seed;
  }

  function load(
    of: StreamOrder | null,
    window: number,
    { blocks, firstBlock, firstRow }: EpochWindows,
  ) {
    let count = 0;
    for (let k = firstBlock[window]; k < firstBlock[window + 1]; k++) {
      reader.read(blocks[k], features.subarray(count * columns), targets.subarray(count));
      count += rowsOfBlock(layout, blocks[k]);
    }
    const own = targets.subarray(0, count);
    checkTargets(own, classes, path);
    const numbers = order.subarray(0, count);
    orderRows(numbers, of, window);
    const isNumber = own instanceof Float32Array;
    return {
      of,
      rows: {
        rows: count,
        columns,
        features: features.subarray(0, count * columns),
        labels: isNumber ? new Int32Array(count) : own,
        targets: isNumber ? own : undefined,
      },
      order: numbers,
      start: firstRow[window],
      end: firstRow[window + 1],
    };
  }

  const stream: RowStream = {
    largestSquare,
    window(of, place) {
      if (
        current !== null && place >= current.start && place < current.end && isSame(current.of, of)
      ) return current;
      if (epoch === null || !isSame(epoch.of, of)) {
        epoch = { of, windows: epochWindows(layout, windowBlocks, of) };
      }
      current = null;
      return current = load(of, windowAt(epoch.windows, place), epoch.windows);
    },
  };
  return {
    rows,
    columns,
    features: new Float32Array(0),
    labels: new Int32Array(0),
    targets: classes === 0 ? new Float32Array(0) : undefined,
    stream,
    dispose: () => reader.dispose(),
    [Symbol.dispose]: () => reader.dispose(),
  };
}

/** Refuses invalid targets. The kernels do not check targets, and would write beyond an array. */
function checkTargets(targets: Targets, classes: number, path: string): void {
  const wrong = targets instanceof Float32Array
    ? targets.find((target) => !Number.isFinite(target))
    : targets.find((label) => label < 0 || label >= classes);
  if (wrong === undefined) return;
  throw new Error(
    `Cannot train on ${quotedPath(path)}: found the target ${wrong}, need ` +
      (classes === 0 ? "a finite number" : `a class from 0 to ${classes - 1}`),
  );
}
