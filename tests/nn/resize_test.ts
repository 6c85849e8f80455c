import assert from "node:assert/strict";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { initialLayers, openNetwork, storeNetwork } from "../../lib/nn/network.ts";
import type { SparseLayer } from "../../lib/nn/layer.ts";
import { replaceConnections, restoreConnections } from "../../lib/nn/resize.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";

const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "direct" } as const;
const drawn = (epsilon: number) =>
  initialLayers({
    sizes: [6, 20, 3],
    epsilon,
    initializer: "he-uniform",
    fan: "dense",
    seed: 1,
  }) as StoredSparseLayer[];

/** The bytes of a network after a step on a batch of ones. */
function stepped(network: ReturnType<typeof openNetwork>): unknown {
  const workspace = openWorkspace(network, 16, true);
  workspace.input.fill(1);
  trainStep(network, workspace, 16, {
    optimizer: sgd,
    learningRate: 0.1,
    dropout: 0,
    labelSmoothing: 0,
    step: 1,
    dropKey: () => 0,
  });
  return [storeNetwork(network), network.layers.map((layer) => layer.state)];
}

Deno.test("a network whose layers were resized trains as one that had those layers at first", () => {
  const [sparse, dense] = [drawn(2), drawn(4)];
  const relu = { kind: "relu" } as const;
  using fresh = openNetwork(wasmKernels(), dense, relu, sgd);
  using network = openNetwork(wasmKernels(), sparse, relu, sgd);
  const old = network.layers[0];
  dense.forEach((stored, l) => restoreConnections(network, l, stored));
  assert.notEqual(network.layers[0], old);
  assert.equal(network.layers[0].weights.length, dense[0].data.length);
  assert.deepEqual(stepped(network), stepped(fresh));
});

Deno.test("replaceConnections keeps biases and shows the old layer while the new one is filled", () => {
  using network = openNetwork(wasmKernels(), drawn(2), { kind: "relu" }, sgd);
  const old = network.layers[1] as SparseLayer;
  old.bias.fill(3);
  old.state[0].bias.fill(4);
  const weights = old.weights.slice();
  replaceConnections(network, 1, 2, (layer) => {
    assert.deepEqual(old.weights, weights);
    layer.indptr.set([0, 1, 1, 2]);
    layer.indices.set([5, 0]);
    layer.weights.set([1, 2]);
  });
  const layer = network.layers[1] as SparseLayer;
  assert.deepEqual([...layer.bias, ...layer.state[0].bias], [3, 3, 3, 4, 4, 4]);
  assert.deepEqual([layer.state[0].weights.length, layer.gradient!.weights.length], [2, 2]);
  assert.deepEqual([...layer.transpose.rows], [2, 0]);
});

Deno.test("a layer that becomes smaller and larger again takes no more memory than at first", () => {
  using network = openNetwork(wasmKernels(), drawn(4), { kind: "relu" }, sgd);
  const { used } = wasmMemory();
  const first = network.layers[0].weights.length;
  const starts = (network.layers[0] as SparseLayer).indptr.slice();
  replaceConnections(network, 0, 0, ({ indptr }) => indptr.fill(0));
  assert.ok(wasmMemory().used < used);
  replaceConnections(network, 0, first, ({ indptr }) => indptr.set(starts));
  assert.equal(wasmMemory().used, used);
});
