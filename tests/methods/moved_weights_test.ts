/** Methods that move weights between layers, whose blocks may differ in size. */
import assert from "node:assert/strict";
import { openRun, type TrainingRun } from "../../lib/ensemble/training_run.ts";
import { wasmKernels } from "../../lib/kernels/wasm/wasm.ts";
import type { SparseLayer } from "../../lib/nn/layer.ts";
import { density } from "../../lib/sparse/mod.ts";
import { type LayerView, pruneTogether } from "../../lib/topology/mod.ts";
import { finish, PROBLEM, tinySettings } from "../ensemble/tiny_runs.ts";

/** Widths in which 16 has room, and which 2 and 1 alone divide. */
const HIDDEN = [32, 30, 33];

const hiddenLayers = (run: TrainingRun) => run.stage.network.layers.slice(0, -1) as SparseLayer[];
const weightsIn = (run: TrainingRun) =>
  hiddenLayers(run).reduce((sum, { weights }) => sum + weights.length, 0);

for (const method of ["dsr", "snfs", "granet", "snip", "synflow"] as const) {
  for (const blockSize of [1, 8, 16]) {
    Deno.test(`${method} ends with the weights it is given, in layers of blocks of ${blockSize} and less`, () => {
      const settings = tinySettings(method, { hidden: HIDDEN, blockSize, epochs: 8 });
      using run = openRun(PROBLEM, settings, wasmKernels());
      const first = weightsIn(run);
      finish(run);
      const asked = hiddenLayers(run).reduce(
        (sum, { rows, columns }) =>
          sum + density(settings.epsilon!, rows, columns) * rows * columns,
        0,
      );
      const limit = method === "dsr" || method === "snfs" ? first : asked;
      assert.ok(weightsIn(run) <= limit, `${weightsIn(run)} of ${limit}`);
      assert.ok(weightsIn(run) > limit - 16, `${weightsIn(run)} of ${limit}`);
    });
  }
}

Deno.test("SNFS prunes no more than can grow where layers are nearly full", () => {
  for (const blockSize of [1, 8]) {
    for (const epsilon of [5, 200]) {
      const settings = tinySettings("snfs", { hidden: [16], blockSize, epsilon, epochs: 4 });
      using run = openRun(PROBLEM, settings, wasmKernels());
      const first = weightsIn(run);
      finish(run);
      assert.equal(weightsIn(run), first, `G = ${blockSize}, ε = ${epsilon}`);
    }
  }
});

Deno.test("pruneTogether counts weights where layers have blocks of different sizes", () => {
  const layers = [
    { layer: 0, shape: [1, 3], blockSize: 4, density: 0.5 },
    { layer: 1, shape: [4, 1], blockSize: 1, density: 0.5 },
  ] as unknown as LayerView[];
  // 8 weights of 16 are asked for. In order, blocks of 4, 1, 1 and 4 go; the next would be too many.
  const scores = [Float64Array.of(1, 9, 4), Float64Array.of(2, 3, 8, 7)];
  assert.deepEqual(pruneTogether(layers, scores).map((own) => [...own]), [[0, 2], [0, 1]]);
  const ties = [Float64Array.of(5, NaN, 5), Float64Array.of(5, 5, 5, 5)];
  assert.deepEqual(pruneTogether(layers, ties).map((own) => [...own]), [[0, 2], []]);
});
