/** Layers whose neighbouring output neurons share their inputs: they are the same networks. */
import assert from "node:assert/strict";
import { layerSizeOf, layerSizes } from "../../lib/counters/flops.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { forward } from "../../lib/nn/forward.ts";
import { inheritSecondMoments } from "../../lib/nn/second_moments.ts";
import { openLayer, type SparseLayer } from "../../lib/nn/layer.ts";
import { initialLayers, openNetwork, storeNetwork } from "../../lib/nn/network.ts";
import { restoreConnections } from "../../lib/nn/resize.ts";
import type { StoredLayer, StoredSparseLayer } from "../../lib/nn/stored_layer.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { density } from "../../lib/sparse/erdos_renyi.ts";
import { blockPattern, csrFromBlocks, validatePattern } from "../../lib/sparse/mod.ts";
import { backEnds } from "../kernels/back_ends.ts";
import { PLAIN_SGD, randomLayers, withNetwork } from "./example_networks.ts";

const BLOCKED = [2, 4, 8, 16] as const;
const SPARSE = ["sparse", "sparse", "sparse"] as const;

/** The same layers without blocks. */
function expanded(layers: readonly StoredLayer[]): StoredLayer[] {
  return layers.map((layer) =>
    layer.kind === "dense" ? layer : { kind: "sparse", ...csrFromBlocks(layer), bias: layer.bias }
  );
}

/** The sizes of blocks in layers. */
const blocksOf = (layers: readonly StoredLayer[]) =>
  layers.map((layer) => layer.kind === "sparse" ? layer.blockSize ?? 1 : 0);

Deno.test("layers are drawn in the largest blocks that divide their neurons", () => {
  const drawn = (blockSize?: number) =>
    initialLayers({
      ...{ sizes: [20, 160, 100, 30, 17, 4], epsilon: 3, initializer: "he-uniform", fan: "dense" },
      ...{ seed: 1, blockSize },
    });
  assert.deepEqual(blocksOf(drawn(16)), [16, 4, 2, 1, 4]);
  assert.deepEqual(blocksOf(drawn(2)), [2, 2, 2, 1, 2]);
  assert.deepEqual(drawn(1), drawn());
  assert.ok(drawn().every((layer) => !("blockSize" in layer)));
  for (const layer of drawn(8) as StoredSparseLayer[]) {
    const [rows] = layer.shape;
    const { blockSize = 1, indptr, indices, data } = layer;
    validatePattern(blockPattern(layer));
    assert.equal(indptr.length, rows / blockSize + 1);
    assert.equal(data.length, indices.length * blockSize);
  }
});

Deno.test("the expected number of weights does not depend on the size of blocks", () => {
  const [columns, rows, epsilon, times] = [40, 64, 3, 200];
  const share = density(epsilon, rows, columns);
  for (const blockSize of [1, ...BLOCKED]) {
    let weights = 0;
    for (let seed = 0; seed < times; seed++) {
      const sizes = [columns, rows, 2];
      const options = { sizes, epsilon, initializer: "normal", fan: "sparse", seed } as const;
      weights += (initialLayers({ ...options, blockSize })[0] as StoredSparseLayer).data.length;
    }
    // A count of blocks is binomial. Five of its deviations are exceeded once in two million.
    const blocks = times * rows * columns / blockSize;
    const deviation = blockSize * Math.sqrt(blocks * share * (1 - share));
    const expected = times * rows * columns * share;
    assert.ok(Math.abs(weights - expected) < 5 * deviation, `${blockSize}: ${weights}`);
  }
});

for (const kernels of backEnds()) {
  Deno.test(`a network in blocks predicts what the same one without them does: ${kernels.description}`, () => {
    for (const blockSize of BLOCKED) {
      for (const batch of [1, 5, 40]) {
        const layers = randomLayers([6, 48, 100, 17, 3], [...SPARSE, "sparse"], 2, blockSize);
        const logits = (stored: readonly StoredLayer[]) =>
          withNetwork(
            kernels,
            stored,
            { kind: "relu" },
            PLAIN_SGD,
            batch,
            (network, workspace) => Array.from(forward(network, workspace, batch)),
          );
        const [blocked, plain] = [logits(layers), logits(expanded(layers))];
        const size = Math.max(...plain.map(Math.abs));
        blocked.forEach((logit, i) => assert.ok(Math.abs(logit - plain[i]) < 1e-5 * size));
      }
    }
  });

  Deno.test(`a step of a network in blocks is that of the same one without: ${kernels.description}`, () => {
    const adam = { kind: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-2 } as const;
    const decay = { weightDecay: 0.01, decayStyle: "l2" } as const;
    const sgd = { kind: "sgd", momentum: 0.9 } as const;
    for (const optimizer of [{ ...sgd, ...decay }, { ...adam, ...decay }]) {
      for (const blockSize of BLOCKED) {
        const layers = randomLayers([6, 32, 24, 4], SPARSE, 5, blockSize);
        const after = (stored: readonly StoredLayer[]) =>
          withNetwork(kernels, stored, { kind: "relu" }, optimizer, 40, (network, workspace) => {
            for (let step = 1; step <= 3; step++) {
              trainStep(network, workspace, 40, {
                ...{ optimizer, learningRate: 0.1, dropout: 0.3, labelSmoothing: 0.1, step },
                dropKey: (layer: number) => 7 + layer,
              });
            }
            return expanded(storeNetwork(network)) as StoredSparseLayer[];
          });
        const [blocked, plain] = [after(layers), after(expanded(layers))];
        blocked.forEach(({ data, bias }, l) => {
          data.forEach((weight, k) => assert.ok(Math.abs(weight - plain[l].data[k]) < 1e-4));
          bias.forEach((value, j) => assert.ok(Math.abs(value - plain[l].bias[j]) < 1e-4));
        });
        assert.notDeepEqual(blocked[1].data, (expanded(layers)[1] as StoredSparseLayer).data);
      }
    }
  });
}

Deno.test("a layer in blocks has no transpose index, in training or not", () => {
  const stored = randomLayers([6, 16, 4], ["sparse", "sparse"], 1, 8);
  for (const optimizer of [PLAIN_SGD, null]) {
    using network = openNetwork(referenceKernels(), stored, { kind: "relu" }, optimizer);
    const [{ blockSize, transpose, indices, weights }] = network.layers as SparseLayer[];
    assert.equal(blockSize, 8);
    assert.equal(weights.length, 8 * indices.length);
    const { indptr, rows, entries, weights: scratch } = transpose;
    assert.deepEqual([indptr, rows, entries, scratch].map(({ length }) => length), [0, 0, 0, 0]);
    assert.deepEqual(storeNetwork(network), stored);
    assert.deepEqual(layerSizes(network), stored.map(layerSizeOf));
  }
});

Deno.test("a layer in blocks takes connections of another number", () => {
  const [few, many] = [2, 5].map((epsilon) =>
    initialLayers({
      ...{ sizes: [6, 16, 4], epsilon, blockSize: 4, initializer: "normal", fan: "dense" },
      seed: 3,
    }) as StoredSparseLayer[]
  );
  using network = openNetwork(referenceKernels(), few, { kind: "relu" }, PLAIN_SGD);
  restoreConnections(network, 0, many[0]);
  assert.deepEqual(storeNetwork(network)[0], many[0]);
  assert.notEqual(many[0].data.length, few[0].data.length);
});

Deno.test("a grown block gets the mean second moments of its neurons, each of its own", () => {
  const none = { bias: new Float32Array(4), kind: "sparse", blockSize: 2 } as const;
  const layer = openLayer(
    {
      ...none,
      shape: [4, 5],
      indptr: Int32Array.of(0, 3, 4),
      indices: Int32Array.of(0, 2, 3, 1),
      data: new Float32Array(8),
    },
    2,
    referenceKernels({ precision: 64 }).openArena(),
  ) as SparseLayer;
  const squares = layer.state[1].weights;
  // Neurons 0 and 1 keep two connections each, 2 and 3 none: their means, then that of the layer.
  squares.set([1, 10, 0, 0, 3, 20, 0, 0]);
  assert.equal(inheritSecondMoments(layer, Int32Array.of(1, 3)), 4 + 2 * 4);
  assert.deepEqual([...squares], [1, 10, 2, 15, 3, 20, 8.5, 8.5]);
});
