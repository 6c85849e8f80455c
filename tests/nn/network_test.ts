import assert from "node:assert/strict";
import { chooseKernels } from "../../lib/kernels/choose.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import {
  type InitialLayers,
  initialLayers,
  openNetwork,
  sizesOf,
  storeNetwork,
} from "../../lib/nn/network.ts";
import { forward } from "../../lib/nn/forward.ts";
import { openWorkspace } from "../../lib/nn/workspace.ts";
import type { StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import { validateCsr } from "../../lib/sparse/csr.ts";
import { overlap } from "../../lib/sparse/overlap.ts";
import { transposeIndex } from "../../lib/sparse/transpose_index.ts";
import { PLAIN_SGD, randomLayers } from "./example_networks.ts";

const RELU = { kind: "relu" } as const;

function layersOf(options: Partial<InitialLayers> = {}) {
  return initialLayers({
    sizes: [50, 200, 300, 5],
    epsilon: 10,
    initializer: "he-uniform",
    fan: "dense",
    seed: 1,
    ...options,
  });
}

Deno.test("initialLayers draws Erdős–Rényi layers with He's limits and biases of 0", () => {
  const layers = layersOf() as StoredSparseLayer[];
  assert.deepEqual(layers.map((layer) => layer.shape), [[200, 50], [300, 200], [5, 300]]);
  layers.forEach((layer) => {
    const [rows, columns] = layer.shape;
    validateCsr(layer);
    const p = Math.min(1, 10 * (rows + columns) / (rows * columns));
    const deviation = Math.sqrt(rows * columns * p * (1 - p));
    assert.ok(Math.abs(layer.data.length - rows * columns * p) <= 4.5 * deviation);
    const limit = Math.sqrt(6 / columns);
    const largest = layer.data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    assert.ok(largest <= Math.fround(limit) && largest > 0.99 * limit);
    assert.deepEqual(layer.bias, new Float32Array(rows));
  });
});

Deno.test("initialLayers can look at the sparse fan-in instead of the dense one", () => {
  const [, dense] = layersOf() as StoredSparseLayer[];
  const [, sparse] = layersOf({ fan: "sparse" }) as StoredSparseLayer[];
  assert.deepEqual(sparse.indices, dense.indices);
  const p = 10 * 500 / (300 * 200);
  sparse.data.forEach((w, k) => assert.ok(Math.abs(w * Math.sqrt(p) - dense.data[k]) < 1e-6));
});

Deno.test("initialLayers draws dense layers where there is no epsilon", () => {
  const layers = layersOf({ epsilon: null });
  for (const layer of layers) {
    assert.ok(layer.kind === "dense");
    assert.equal(layer.weights.length, layer.shape[0] * layer.shape[1]);
    assert.equal(new Set(layer.weights).size > 0.99 * layer.weights.length, true);
  }
});

Deno.test("initialLayers gives every seed and every replica its own network", () => {
  assert.deepEqual(layersOf(), layersOf());
  assert.deepEqual(layersOf(), layersOf({ replica: 0 }));
  const networks = [
    layersOf(),
    layersOf({ seed: 2 }),
    layersOf({ replica: 1 }),
  ] as StoredSparseLayer[][];
  for (let a = 0; a < networks.length; a++) {
    for (let b = 0; b < a; b++) {
      const [left, right] = [networks[a][1], networks[b][1]];
      const expected = left.data.length * right.data.length / (300 * 200);
      assert.ok(Math.abs(overlap(left, right) - expected) < 5 * Math.sqrt(expected));
      assert.notDeepEqual(left.data.slice(0, 9), right.data.slice(0, 9));
    }
  }
});

Deno.test("initialLayers refuses sizes that make no network", () => {
  for (const sizes of [[], [3], [3, 0], [3, 2.5], [3, -1, 2], [NaN, 3]]) {
    assert.throws(() => layersOf({ sizes }), {
      name: "RangeError",
      message: `Cannot lay out a network of sizes [${
        sizes.join(", ")
      }]: need at least two positive integers`,
    });
  }
});

Deno.test("openNetwork and storeNetwork are each other's inverse in every back end", () => {
  const layers = randomLayers([7, 12, 9, 4], ["sparse", "dense", "sparse"], 1);
  for (const kernels of [referenceKernels(), referenceKernels({ precision: 64 }), wasmKernels()]) {
    for (const optimizer of [null, PLAIN_SGD]) {
      using network = openNetwork(kernels, layers, RELU, optimizer);
      assert.deepEqual(storeNetwork(network), layers);
      assert.deepEqual(sizesOf(storeNetwork(network)), [7, 12, 9, 4]);
    }
  }
});

Deno.test("openNetwork keeps the reference's 64 bits, and 32 in WebAssembly", () => {
  const layers = randomLayers([7, 12, 4], ["sparse", "dense"], 1);
  const precise = openNetwork(referenceKernels({ precision: 64 }), layers, RELU, PLAIN_SGD);
  using short = openNetwork(wasmKernels(), layers, RELU, PLAIN_SGD);
  for (const [network, type] of [[precise, Float64Array], [short, Float32Array]] as const) {
    for (const { weights, bias, state, gradient } of network.layers) {
      const arrays = [weights, bias, state[0].weights, state[0].bias, gradient!.weights];
      assert.ok(arrays.every((array) => array instanceof type));
    }
  }
  precise.layers[0].weights[0] = 0.1;
  assert.equal(precise.layers[0].weights[0], 0.1);
});

Deno.test("openNetwork gives every layer the optimiser's state, its gradient and its transpose", () => {
  const layers = randomLayers([7, 12, 4], ["sparse", "dense"], 1);
  const adam = { ...PLAIN_SGD, kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
  for (const [optimizer, slots] of [[null, 0], [PLAIN_SGD, 1], [adam, 2]] as const) {
    using network = openNetwork(wasmKernels(), layers, RELU, optimizer);
    for (const layer of network.layers) {
      assert.equal(layer.state.length, slots);
      assert.equal(layer.gradient === null, slots === 0);
      for (const slot of layer.state) {
        assert.deepEqual(slot.weights, new Float32Array(layer.weights.length));
        assert.deepEqual(slot.bias, new Float32Array(layer.rows));
      }
    }
    const [first] = network.layers;
    assert.ok(first.kind === "sparse");
    const { shape, indptr, indices } = layers[0] as StoredSparseLayer;
    if (slots > 0) {
      const { weights, ...index } = first.transpose;
      assert.deepEqual(index, transposeIndex({ shape, indptr, indices }));
      assert.equal(weights.length, indices.length);
    }
  }
});

Deno.test("openNetwork refuses layers that do not fit", () => {
  const [first] = randomLayers([7, 12, 4], ["sparse", "sparse"], 1);
  const { used } = wasmMemory();
  assert.throws(() => openNetwork(wasmKernels(), [first, first], RELU, null), {
    name: "TypeError",
    message: "Cannot open a network: layer 1 takes 7 inputs, layer 0 has 12 neurons",
  });
  assert.equal(wasmMemory().used, used);
});

Deno.test("a network gives all of its memory back, once", () => {
  const layers = randomLayers([7, 12, 4], ["sparse", "dense"], 1);
  const { used } = wasmMemory();
  const network = openNetwork(wasmKernels(), layers, RELU, PLAIN_SGD);
  assert.ok(wasmMemory().used > used);
  network.dispose();
  assert.equal(wasmMemory().used, used);
  network.dispose();
  assert.equal(wasmMemory().used, used);
});

Deno.test("a dense layer that no memory can hold says what it would need", () => {
  assert.throws(() => layersOf({ sizes: [2 ** 20, 2 ** 20], epsilon: null }), {
    name: "RangeError",
    message:
      "Cannot lay out a dense layer of 1048576 inputs and 1048576 outputs: found too little " +
      "memory, need 4398.0 GB for its weights alone; a sparse layer needs less",
  });
});

Deno.test("a closed network is refused in a sentence, also where others have its memory", () => {
  for (const name of ["wasm", "auto"] as const) {
    const { kernels } = chooseKernels(name);
    const network = openNetwork(kernels, layersOf(), RELU, null);
    const workspace = openWorkspace(network, 16, false);
    network.dispose();
    network.dispose();
    using _other = openNetwork(kernels, layersOf({ seed: 2 }), RELU, null);
    const closed = { name: "Error", message: /^Cannot use the network: found it closed/ };
    assert.throws(() => forward(network, workspace, 16), closed);
    assert.throws(() => storeNetwork(network), closed);
    assert.throws(() => openWorkspace(network, 16, false), {
      message: /found (it closed|a closed)/,
    });
  }
});
