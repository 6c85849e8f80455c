import assert from "node:assert/strict";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { type Network, openNetwork } from "../../lib/nn/network.ts";
import type { StoredDenseLayer } from "../../lib/nn/stored_layer.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import { randomStream } from "../../lib/random.ts";
import { addOutputs, evaluate } from "../../lib/training/evaluate.ts";
import type { Rows } from "../../lib/training/rows.ts";
import { backEnds } from "../kernels/back_ends.ts";
import { assertClose, normals } from "../kernels/problem.ts";

/** A network without hidden layers, so that its logits can be computed here. */
const LAYER: StoredDenseLayer = {
  kind: "dense",
  shape: [3, 4],
  weights: normals(12, randomStream(1, "weights")),
  bias: Float32Array.of(0.1, -0.2, 0.3),
};

const ROWS: Rows = {
  rows: 45,
  columns: 4,
  features: normals(45 * 4, randomStream(1, "features")),
  labels: Int32Array.from({ length: 45 }, (_, row) => row % 3),
};

/** Softmax by its definition, in 64 bits. */
function expectedProbabilities(): number[][] {
  return Array.from({ length: ROWS.rows }, (_, row) => {
    const exps = Array.from(LAYER.bias, (bias, c) => {
      let z = bias;
      for (let i = 0; i < 4; i++) z += LAYER.weights[c * 4 + i] * ROWS.features[row * 4 + i];
      return Math.exp(z);
    });
    const total = exps.reduce((sum, e) => sum + e);
    return exps.map((e) => e / total);
  });
}

for (const kernels of [referenceKernels(), ...backEnds()]) {
  const open = (): Network => openNetwork(kernels, [LAYER], { kind: "relu" }, null);

  Deno.test(`evaluate (${kernels.description}) scores every row, whatever the batch`, () => {
    const p = expectedProbabilities();
    const loss = p.reduce((sum, row, r) => sum - Math.log(row[ROWS.labels[r]]), 0) / 45;
    const right = p.filter((row, r) => Math.max(...row) === row[ROWS.labels[r]]).length;
    assert.ok(right > 5 && right < 40);
    for (const capacity of [1, 7, 16, 44, 45, 46, 200]) {
      using network = open();
      const workspace = openWorkspace(network, capacity, false);
      for (let time = 0; time < 2; time++) {
        const found = evaluate(network, workspace, ROWS);
        assert.equal(found.accuracy, right / 45, `batches of ${capacity}`);
        assert.ok(Math.abs(found.loss - loss) < 1e-6, `batches of ${capacity}`);
      }
    }
  });

  Deno.test(`addOutputs (${kernels.description}) adds every row's share`, () => {
    const expected = expectedProbabilities().flat();
    for (const capacity of [1, 16, 44, 200]) {
      using network = open();
      const workspace = openWorkspace(network, capacity, false);
      const found = new Float32Array(45 * 3).fill(0.5);
      addOutputs(network, workspace, ROWS.features, 45, 0.25, found);
      addOutputs(network, workspace, ROWS.features, 45, 0.5, found);
      assertClose(found, expected.map((p) => 0.5 + 0.75 * p), () => 1e-6, `${capacity}`);
    }
  });
}
