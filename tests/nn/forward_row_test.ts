import assert from "node:assert/strict";
import { activationIndex, strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { forward } from "../../lib/nn/forward.ts";
import { forwardRow } from "../../lib/nn/forward_row.ts";
import { openNetwork } from "../../lib/nn/network.ts";
import { periodicEmbedding } from "../../lib/nn/periodic_embedding.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import { randomStream } from "../../lib/random.ts";
import { backEnds } from "../kernels/back_ends.ts";
import { assertClose, normals } from "../kernels/problem.ts";
import { randomLayers } from "./example_networks.ts";

const BATCH = 40;

for (const kernels of [referenceKernels({ precision: 64 }), ...backEnds()]) {
  Deno.test(`forwardRow (${kernels.description}) gives a row the logits it has in a batch`, () => {
    const precision = kernels.name === "reference" ? 1e-13 : 1e-5;
    const units = { frequencies: 4, frequency: 0.2, frequencySpread: 10 };
    const embedding = periodicEmbedding(5, units, randomStream(1, "embedding"));
    const networks = [
      randomLayers([5, 17, 33, 4], ["sparse", "dense", "sparse"], 1),
      randomLayers([5, 16, 33, 1], ["dense", "sparse", "dense"], 2),
      [embedding, ...randomLayers([25, 18, 3], ["sparse", "sparse"], 3)],
    ];
    for (const layers of networks) {
      for (const activation of [{ kind: "relu" }, { kind: "all-relu", alpha: 0.25 }] as const) {
        using network = openNetwork(kernels, layers, activation, null);
        const workspace = openWorkspace(network, BATCH, false);
        const rows = normals(BATCH * 5, randomStream(1, "rows"));
        const stride = strideOf(BATCH);
        rows.forEach((value, i) => {
          const [row, column] = [Math.floor(i / 5), i % 5];
          workspace.input[activationIndex(5, stride, column, row)] = value;
        });
        const logits = forward(network, workspace, BATCH).slice();
        const outputs = layers[layers.length - 1].shape[0];
        for (let row = 0; row < BATCH; row++) {
          const alone = forwardRow(network, workspace, rows.subarray(5 * row, 5 * row + 5));
          const among = Array.from(
            { length: outputs },
            (_, j) => logits[activationIndex(outputs, stride, j, row)],
          );
          const found = alone.subarray(0, outputs);
          assertClose(found, among, () => precision, `row ${row}`);
          assert.ok(found.some((value) => value !== 0));
        }
      }
    }
  });
}
