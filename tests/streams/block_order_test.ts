import assert from "node:assert/strict";
import { epochWindows, orderRows, windowAt } from "../../lib/streams/block_order.ts";

const LAYOUT = { rows: 103, columns: 2, blockRows: 10 };

Deno.test("an epoch has every block once, in windows of about the same length", () => {
  const { blocks, firstBlock, firstRow } = epochWindows(LAYOUT, 4, { seed: 1, epoch: 0 });
  assert.deepEqual([...blocks].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(firstBlock, [0, 3, 7, 11]);
  assert.equal(firstRow.at(-1), 103);
  const short = blocks.indexOf(10);
  firstRow.slice(0, -1).forEach((first, window) => {
    const [from, to] = [firstBlock[window], firstBlock[window + 1]];
    const rows = 10 * (to - from) - (short >= from && short < to ? 7 : 0);
    assert.equal(firstRow[window + 1] - first, rows);
  });
});

Deno.test("the order follows from seed and epoch", () => {
  const order = (seed: number, epoch: number) => {
    const rows = new Int32Array(30);
    orderRows(rows, { seed, epoch }, 1);
    return `${epochWindows(LAYOUT, 4, { seed, epoch }).blocks} ${rows}`;
  };
  assert.equal(order(1, 2), order(1, 2));
  assert.equal(new Set([order(1, 2), order(1, 3), order(2, 2)]).size, 3);
});

Deno.test("without an order rows come as they lie in the file", () => {
  const rows = new Int32Array(5);
  orderRows(rows, null, 0);
  assert.deepEqual([...rows], [0, 1, 2, 3, 4]);
  assert.deepEqual([...epochWindows(LAYOUT, 4, null).blocks], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("the window of a place is the one with its row", () => {
  const windows = epochWindows(LAYOUT, 4, { seed: 1, epoch: 5 });
  const [, second, third] = windows.firstRow;
  assert.deepEqual(
    [0, second - 1, second, third - 1, third, 102].map((place) => windowAt(windows, place)),
    [0, 0, 1, 1, 2, 2],
  );
});
