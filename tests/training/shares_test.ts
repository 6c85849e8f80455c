import assert from "node:assert/strict";
import {
  batchesPerEpoch,
  shareBatches,
  shareOrder,
  shareSize,
  stepsPerEpoch,
  trainedRows,
  workerShares,
} from "../../lib/training/mod.ts";

Deno.test("the shares of workers cover all rows once, and differ by one row at most", () => {
  for (const rows of [1, 2, 7, 100, 101, 127]) {
    for (const workers of [1, 2, 3, 5].filter((workers) => workers <= rows)) {
      const shares = workerShares(rows, workers, 3, 0);
      assert.deepEqual(
        shares.flatMap((share) => [...share]).sort((a, b) => a - b),
        Array.from({ length: rows }, (_, row) => row),
      );
      const sizes = shares.map(({ length }) => length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      assert.deepEqual(sizes, shares.map((_, worker) => shareSize(rows, workers, worker)));
    }
  }
});

Deno.test("an epoch of a worker has every row of its share once, in an order of its own", () => {
  const [share] = workerShares(50, 2, 1, 0);
  const order = shareOrder(share, 1, 4, 0);
  assert.deepEqual(order, shareOrder(share, 1, 4, 0));
  assert.notDeepEqual(order, shareOrder(share, 1, 5, 0));
  assert.notDeepEqual(order, shareOrder(share, 1, 4, 1));
  assert.deepEqual([...order].sort(), [...share].sort());
});

Deno.test("steps are counted by the exchange", () => {
  const division = { batchSize: 10, dropLastBatch: false };
  assert.equal(stepsPerEpoch(101, { ...division, workers: 1 }), batchesPerEpoch(101, 10, false));
  // Shares of 51 and 50 rows: six batches and five.
  const two = { ...division, workers: 2 };
  assert.deepEqual([0, 1].map((worker) => shareBatches(101, two, worker)), [6, 5]);
  assert.equal(stepsPerEpoch(101, two), 6);
  assert.equal(stepsPerEpoch(101, { ...two, exchange: "asynchronous" }), 11);
  assert.equal(trainedRows(101, 6, two), 101);
  assert.equal(trainedRows(101, 11, { ...two, exchange: "asynchronous" }), 101);
  // Where incomplete batches are left out, all workers have as many.
  const dropping = { ...two, dropLastBatch: true };
  assert.deepEqual([0, 1].map((worker) => shareBatches(119, dropping, worker)), [5, 5]);
  assert.equal(trainedRows(119, 5, dropping), 100);
});
