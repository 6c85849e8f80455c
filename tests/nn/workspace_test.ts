import assert from "node:assert/strict";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { openNetwork } from "../../lib/nn/network.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import { PLAIN_SGD, randomLayers } from "./example_networks.ts";

Deno.test("openWorkspace has room for what every layer reads and writes", () => {
  const layers = randomLayers([7, 40, 12, 4], ["sparse", "dense", "sparse"], 1);
  const { used } = wasmMemory();
  const network = openNetwork(wasmKernels(), layers, { kind: "relu" }, PLAIN_SGD);
  const lengths = (capacity: number, training: boolean) => {
    const w = openWorkspace(network, capacity, training);
    assert.equal(w.capacity, capacity);
    return {
      input: w.input.length,
      outputs: w.outputs.map((array) => array.length),
      factors: w.factors.map((array) => array.length),
      predictions: w.predictions.length,
      gradients: w.gradients.map((array) => array.length),
      labels: w.labels.length,
      transposed: w.transposed?.length ?? null,
    };
  };
  assert.deepEqual(lengths(17, true), {
    input: 7 * 32,
    outputs: [40 * 32, 12 * 32, 4 * 32],
    factors: [40 * 32, 12 * 32],
    predictions: 4 * 32,
    gradients: [40 * 32, 40 * 32],
    labels: 32,
    transposed: 48 * 32,
  });
  assert.deepEqual(lengths(16, false), {
    input: 7 * 16,
    outputs: [40 * 16, 12 * 16, 4 * 16],
    factors: [0, 0],
    predictions: 4 * 16,
    gradients: [0, 0],
    labels: 16,
    transposed: null,
  });
  network.dispose();
  assert.equal(wasmMemory().used, used, "the workspace goes with its network");
});
