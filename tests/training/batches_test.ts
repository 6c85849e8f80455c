import assert from "node:assert/strict";
import { activationIndex, strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { openNetwork } from "../../lib/nn/network.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import { batchesPerEpoch, epochOrder, gatherBatch } from "../../lib/training/batches.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { PLAIN_SGD, randomLayers } from "../nn/example_networks.ts";
import { assertUniform } from "../sparse/chi_square.ts";

/** Row r has the features 10 r, 10 r + 1, 10 r + 2 and the class r mod 4. */
function numberedRows(rows: number): Rows {
  return {
    rows,
    columns: 3,
    features: Float32Array.from({ length: rows * 3 }, (_, i) => 10 * Math.floor(i / 3) + i % 3),
    labels: Int32Array.from({ length: rows }, (_, row) => row % 4),
  };
}

function workspaceFor(capacity: number) {
  const layers = randomLayers([3, 4], ["dense"], 1);
  const network = openNetwork(referenceKernels(), layers, { kind: "relu" }, PLAIN_SGD);
  return openWorkspace(network, capacity, true);
}

Deno.test("epochOrder visits every row once, in an order of its seed and epoch", () => {
  const orders = [[1, 0], [1, 1], [2, 0], [2, 1]].map(([seed, epoch]) =>
    epochOrder(50, seed, epoch)
  );
  const inOrder = Int32Array.from({ length: 50 }, (_, row) => row);
  for (const order of orders) {
    assert.notDeepEqual(order, inOrder);
    assert.deepEqual(order.toSorted(), inOrder);
  }
  assert.equal(new Set(orders.map((order) => order.join())).size, 4);
  assert.deepEqual(epochOrder(50, 1, 0), orders[0]);
});

Deno.test("epochOrder puts every row everywhere equally often over the epochs", () => {
  const counts = new Float64Array(25);
  for (let epoch = 0; epoch < 4000; epoch++) {
    epochOrder(5, 1, epoch).forEach((row, place) => counts[row * 5 + place]++);
  }
  assertUniform(counts, "rows and places");
});

Deno.test("batchesPerEpoch leaves the last incomplete batch out where asked, unless it is the only one", () => {
  assert.equal(batchesPerEpoch(256, 128, true), 2);
  assert.equal(batchesPerEpoch(256, 128, false), 2);
  assert.equal(batchesPerEpoch(257, 128, true), 2);
  assert.equal(batchesPerEpoch(257, 128, false), 3);
  assert.equal(batchesPerEpoch(383, 128, true), 2);
  assert.equal(batchesPerEpoch(100, 128, true), 1);
  assert.equal(batchesPerEpoch(100, 128, false), 1);
  assert.equal(batchesPerEpoch(1, 1, true), 1);
});

Deno.test("the batches of an epoch hold every row at most once, features beside their class", () => {
  const rows = numberedRows(50);
  for (
    const [batchSize, dropLast] of [[16, true], [16, false], [7, true], [50, true], [
      64,
      false,
    ]] as const
  ) {
    const workspace = workspaceFor(batchSize);
    const order = epochOrder(50, 1, 3);
    const batches = batchesPerEpoch(50, batchSize, dropLast);
    const seen: number[] = [];
    for (let number = 0; number < batches; number++) {
      const batch = gatherBatch(workspace, rows, order, number * batchSize, batchSize);
      assert.equal(batch, Math.min(batchSize, 50 - number * batchSize));
      const stride = strideOf(batch);
      for (let b = 0; b < batch; b++) {
        const features = [0, 1, 2].map((i) => workspace.input[activationIndex(3, stride, i, b)]);
        const row = features[0] / 10;
        assert.deepEqual(features, [10 * row, 10 * row + 1, 10 * row + 2]);
        assert.equal(workspace.labels[b], row % 4);
        seen.push(row);
      }
    }
    assert.deepEqual(seen, [...order].slice(0, seen.length));
    assert.equal(seen.length, dropLast ? Math.floor(50 / batchSize) * batchSize : 50);
  }
});

Deno.test("gatherBatch takes rows in order where no order is given", () => {
  const workspace = workspaceFor(16);
  assert.equal(gatherBatch(workspace, numberedRows(20), null, 16, 16), 4);
  assert.deepEqual([...workspace.input.subarray(0, 4)], [160, 170, 180, 190]);
  assert.deepEqual([...workspace.input.subarray(16, 20)], [161, 171, 181, 191]);
  assert.deepEqual([...workspace.labels.subarray(0, 4)], [0, 1, 2, 3]);
});

Deno.test("gatherBatch divides weights by their mean over the batch: the loss is PyTorch's weighted mean", () => {
  const workspace = workspaceFor(16);
  const weights = Float32Array.from(
    { length: 20 },
    (_, row) => row < 16 ? 0 : [1, 500, 2, 0][row - 16],
  );
  const losses = [0.25, 3, 1, 7];
  assert.equal(gatherBatch(workspace, numberedRows(20), null, 16, 16, weights), 4);
  const mean = losses.reduce((sum, loss, b) => sum + loss * workspace.weights[b], 0) / 4;
  // CrossEntropyLoss(weight, reduction="mean"): (1 × 0.25 + 500 × 3 + 2 × 1 + 0 × 7) / 503.
  assert.ok(Math.abs(mean - 1502.25 / 503) < 1e-6);
  assert.equal(gatherBatch(workspace, numberedRows(20), null, 0, 16, weights), 16);
  assert.ok(workspace.weights.subarray(0, 16).every((weight) => weight === 0));
});
