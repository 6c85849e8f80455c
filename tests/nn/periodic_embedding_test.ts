import assert from "node:assert/strict";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { initialLayers, openNetwork, storeNetwork } from "../../lib/nn/network.ts";
import type { Optimizer } from "../../lib/nn/optimizer.ts";
import { periodicEmbedding } from "../../lib/nn/periodic_embedding.ts";
import type { StoredLayer } from "../../lib/nn/stored_layer.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { randomStream } from "../../lib/random.ts";
import { backEnds } from "../kernels/back_ends.ts";
import { assertClose } from "../kernels/problem.ts";
import { PLAIN_SGD, randomBatch } from "./example_networks.ts";

const UNITS = { frequencies: 3, frequency: 0.2, frequencySpread: 10 };

/** An embedding of 5 features, two sparse hidden layers, 4 classes. */
function embedded(seed: number): StoredLayer[] {
  const embedding = periodicEmbedding(5, UNITS, randomStream(seed, "embedding"));
  const sizes = [embedding.shape[0], 9, 8, 4];
  const options = { sizes, epsilon: 3, initializer: "he-normal", fan: "dense", seed } as const;
  return [embedding, ...initialLayers(options)];
}

Deno.test("periodicEmbedding has a slow unit and log-uniform frequencies for every feature", () => {
  const units = { frequencies: 400, frequency: 0.5, frequencySpread: 20 };
  const layer = periodicEmbedding(3, units, randomStream(1, "embedding"));
  assert.deepEqual(layer.shape, [1203, 3]);
  assert.equal(layer.activation, "sine");
  const logs: number[] = [];
  layer.data.forEach((w, row) => {
    assert.equal(layer.indptr[row], row);
    assert.equal(layer.indices[row], Math.floor(row / 401));
    if (row % 401 === 0) {
      assert.deepEqual([w, layer.bias[row]], [Math.fround(0.3), 0]);
      return;
    }
    assert.ok(layer.bias[row] >= 0 && layer.bias[row] <= Math.fround(2 * Math.PI));
    logs.push(Math.log(w / (2 * Math.PI) / 0.5) / Math.log(20));
  });
  // Uniform on [−1, 1]: mean 0, variance 1/3.
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const square = logs.reduce((a, b) => a + b * b) / logs.length;
  assert.ok(logs.every((x) => Math.abs(x) < 1.001));
  assert.ok(Math.abs(mean) < 0.06 && Math.abs(square - 1 / 3) < 0.04, `${mean} ${square}`);
});

Deno.test("the gradient through an embedding equals finite differences of the loss", () => {
  const kernels = referenceKernels({ precision: 64 });
  const options = {
    optimizer: PLAIN_SGD,
    learningRate: 0,
    dropout: 0.2,
    labelSmoothing: 0.1,
    step: 1,
    dropKey: (layer: number) => 77 + layer,
  };
  using network = openNetwork(
    kernels,
    embedded(1),
    { kind: "all-relu", alpha: 0.5 },
    PLAIN_SGD,
  );
  const workspace = randomBatch(network, 21, 1);
  const loss = () => trainStep(network, workspace, 21, options).loss / 21;
  // At rate 1 and without momentum the velocity is the negative gradient; it is taken back at once.
  const before = network.layers.map((layer) => [layer.weights.slice(), layer.bias.slice()]);
  trainStep(network, workspace, 21, { ...options, learningRate: 1 });
  const gradients = network.layers.map((layer) => [
    layer.state[0].weights.map((v) => -v),
    layer.state[0].bias.map((v) => -v),
  ]);
  network.layers.forEach((layer, l) => {
    layer.weights.set(before[l][0]);
    layer.bias.set(before[l][1]);
  });
  const h = 1e-6;
  network.layers.forEach((layer, l) =>
    [layer.weights, layer.bias].forEach((values, part) => {
      const differences = values.map((value, k) => {
        values[k] = value + h;
        const above = loss();
        values[k] = value - h;
        const below = loss();
        values[k] = value;
        return (above - below) / (2 * h);
      });
      assertClose(differences, gradients[l][part], () => 2e-8, `part ${part} of layer ${l}`);
    })
  );
  assert.ok(gradients[0][0].some((g) => Math.abs(g) > 1e-3));
});

Deno.test("every back end trains an embedded network as the 64-bit reference does", () => {
  const adam: Optimizer = {
    kind: "adam",
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-3,
    weightDecay: 0,
    decayStyle: "decoupled",
  };
  for (const optimizer of [PLAIN_SGD, adam]) {
    const train = (kernels: ReturnType<typeof referenceKernels>) => {
      using network = openNetwork(kernels, embedded(2), { kind: "relu" }, optimizer);
      const workspace = randomBatch(network, 40, 3);
      const losses = Array.from({ length: 3 }, (_, step) =>
        trainStep(network, workspace, 40, {
          optimizer,
          learningRate: 0.01,
          dropout: 0.1,
          labelSmoothing: 0,
          step: step + 1,
          dropKey: (layer) => 5 + layer,
        }).loss);
      return { losses, layers: storeNetwork(network) };
    };
    const judge = train(referenceKernels({ precision: 64 }));
    for (const kernels of [referenceKernels(), ...backEnds()]) {
      const { losses, layers } = train(kernels);
      assertClose(losses, judge.losses, (i) => 1e-5 * judge.losses[i], kernels.description);
      assert.equal(layers[0].kind === "sparse" && layers[0].activation, "sine");
      layers.forEach((layer, l) => {
        const other = judge.layers[l];
        assert.ok(layer.kind === "sparse" && other.kind === "sparse");
        assertClose(layer.data, other.data, () => 2e-5, `weights of layer ${l}`);
        assertClose(layer.bias, other.bias, () => 2e-5, `biases of layer ${l}`);
      });
    }
  }
});
