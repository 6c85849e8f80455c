import assert from "node:assert/strict";
import fc from "npm:fast-check@4.3.0";
import {
  addFlops,
  evaluationFlops,
  type FlopCount,
  noFlops,
  predictionFlops,
  topologyFlops,
  totalFlops,
  trainingStepFlops,
} from "../../lib/counters/flops.ts";
import { activationIndex, type Kernels, strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import { indexTranspose } from "../../lib/nn/layer.ts";
import { initialLayers, type Network, openNetwork, storeNetwork } from "../../lib/nn/network.ts";
import { periodicEmbedding } from "../../lib/nn/periodic_embedding.ts";
import type { Optimizer } from "../../lib/nn/optimizer.ts";
import type { StoredLayer } from "../../lib/nn/stored_layer.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { openWorkspace, type Workspace } from "../../lib/nn/workspace.ts";
import { randomStream } from "../../lib/random.ts";
import { changeTopology } from "../../lib/topology/change.ts";
import { setTopology } from "../../lib/methods/sparse_to_sparse/set.ts";
import { addOutputs, evaluate } from "../../lib/training/evaluate.ts";
import { type CountingKernels, countingReference } from "./counting_reference.ts";

interface Case {
  sizes: number[];
  /** Per layer: its ε, or `null` for a dense layer. */
  epsilons: (number | null)[];
  batches: number[];
  /** Whether sines of the inputs come first. */
  embedded: boolean;
  optimizer: Optimizer;
  dropout: number;
  labelSmoothing: number;
  activation: { kind: "relu" } | { kind: "all-relu"; alpha: number };
  seed: number;
}

const decayStyle = fc.constantFrom("direct" as const, "decoupled" as const, "l2" as const);
const weightDecay = fc.constantFrom(0, 0.001);
const optimizer: fc.Arbitrary<Optimizer> = fc.oneof(
  fc.record({
    kind: fc.constant("sgd" as const),
    momentum: fc.constantFrom(0, 0.9),
    weightDecay,
    decayStyle,
  }),
  fc.record({
    kind: fc.constant("adam" as const),
    beta1: fc.constant(0.9),
    beta2: fc.constant(0.999),
    // Large, or a gradient of rounding errors alone would be blown up to steps of size η.
    epsilon: fc.constant(1e-3),
    weightDecay,
    decayStyle,
  }),
);
const aCase: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 4 }).chain((layers) =>
  fc.record({
    sizes: fc.tuple(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: layers, maxLength: layers }),
      fc.integer({ min: 2, max: 6 }),
    ).map(([inner, classes]) => [...inner, classes]),
    epsilons: fc.array(fc.option(fc.double({ min: 0.05, max: 4, noNaN: true })), {
      minLength: layers,
      maxLength: layers,
    }),
    batches: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
    embedded: fc.boolean(),
    optimizer,
    dropout: fc.constantFrom(0, 0.2, 0.5),
    labelSmoothing: fc.constantFrom(0, 0.1),
    activation: fc.constantFrom({ kind: "relu" as const }, {
      kind: "all-relu" as const,
      alpha: 0.6,
    }),
    seed: fc.nat(),
  })
);

/** Layers of both kinds, each drawn with its own ε; an embedding of the inputs where the case has one. */
function layersOf({ sizes: [columns, ...rest], epsilons, embedded, seed }: Case): StoredLayer[] {
  const units = { frequencies: 2, frequency: 0.2, frequencySpread: 3 };
  const embedding = periodicEmbedding(columns, units, randomStream(seed, "embedding"));
  const sizes = [embedded ? embedding.shape[0] : columns, ...rest];
  const layers = epsilons.map((epsilon, l) =>
    initialLayers({
      sizes: [sizes[l], sizes[l + 1]],
      epsilon,
      initializer: "he-uniform",
      fan: "dense",
      seed,
      replica: l,
    })[0]
  );
  return embedded ? [embedding, ...layers] : layers;
}

function fillBatch(
  workspace: Workspace,
  columns: number,
  classes: number,
  batch: number,
  seed: number,
) {
  const random = randomStream(seed, "input");
  const stride = strideOf(batch);
  workspace.input.fill(0);
  for (let i = 0; i < columns; i++) {
    for (let b = 0; b < batch; b++) {
      workspace.input[activationIndex(columns, stride, i, b)] = 2 * random.float() - 1;
    }
  }
  for (let b = 0; b < batch; b++) workspace.labels[b] = random.below(classes);
}

/** Trains step after step with a topology update between, and adds up what the formula says. */
function trainSome(
  kernels: Kernels,
  c: Case,
): { network: Network; formula: FlopCount; loss: number } {
  const network = openNetwork(kernels, layersOf(c), c.activation, c.optimizer);
  const workspace = openWorkspace(network, Math.max(...c.batches), true);
  const formula = noFlops();
  let loss = 0;
  c.batches.forEach((batch, step) => {
    fillBatch(workspace, c.sizes[0], c.sizes.at(-1)!, batch, c.seed + step);
    if ("samples" in kernels) kernels.samples = batch;
    loss += trainStep(network, workspace, batch, {
      optimizer: c.optimizer,
      learningRate: 0.1,
      dropout: c.dropout,
      labelSmoothing: c.labelSmoothing,
      step: step + 1,
      dropKey: (layer) => c.seed + 31 * step + layer,
    }).loss;
    const sizes = sizesOf(network);
    addFlops(formula, trainingStepFlops(sizes, batch, c.optimizer, c.labelSmoothing > 0));
    evolve(network, c.seed + step);
  });
  return { network, formula, loss };
}

function sizesOf(network: Network) {
  return network.layers.map((layer) => ({
    rows: layer.rows,
    columns: layer.columns,
    nnz: layer.weights.length,
    activation: layer.kind === "sparse" ? layer.activation : undefined,
  }));
}

function evolve(network: Network, seed: number): void {
  network.layers.forEach((layer, l) => {
    if (layer.kind !== "sparse" || layer.activation !== undefined) return;
    const { rows, columns, indptr, indices, weights } = layer;
    const state = layer.state.map((slot) => slot.weights);
    changeTopology({
      layer: {
        layer: l,
        layers: network.layers.length,
        shape: [rows, columns],
        indptr,
        indices,
        weights,
        state,
      },
      change: setTopology().update!,
      fraction: 0.3,
      predecessors: [],
      random: randomStream(seed, "topology", l),
      draw: (values, random) => values.forEach((_, k) => values[k] = random.float() - 0.5),
    });
    indexTranspose(layer);
  });
}

const counts = (kernels: CountingKernels): FlopCount => ({ ...noFlops(), ...kernels.counted });

Deno.test("trainingStepFlops equals a count of every single operation, phase by phase", () => {
  fc.assert(
    fc.property(aCase, (c) => {
      const kernels = countingReference();
      const { formula } = trainSome(kernels, c);
      assert.deepEqual(formula, counts(kernels));
      assert.equal(totalFlops(formula), Object.values(kernels.counted).reduce((a, b) => a + b));
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("the counting kernels train as the reference kernels do", () => {
  fc.assert(
    fc.property(aCase, (several) => {
      // One step: after it, rounding may put a pre-activation on the other side of zero.
      const c = { ...several, batches: several.batches.slice(0, 1) };
      const counting = trainSome(countingReference(), c);
      const reference = trainSome(referenceKernels({ precision: 64 }), c);
      const near = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b)));
      near(counting.loss, reference.loss);
      const expected = storeNetwork(reference.network);
      storeNetwork(counting.network).forEach((layer, l) => {
        const other = expected[l];
        const [a, b] = [layer, other].map((it) => it.kind === "sparse" ? it.data : it.weights);
        a.forEach((value, k) => near(value, b[k]));
        layer.bias.forEach((value, j) => near(value, other.bias[j]));
      });
    }),
    { seed: 6, numRuns: 60 },
  );
});

Deno.test("predictionFlops and evaluationFlops equal a count of every single operation", () => {
  fc.assert(
    fc.property(aCase, fc.integer({ min: 1, max: 50 }), (c, count) => {
      const kernels = countingReference();
      const network = openNetwork(kernels, layersOf(c), c.activation, null);
      // A batch of one row at a time has no partial batch, so that `samples` stays true.
      const workspace = openWorkspace(network, 1, false);
      kernels.samples = 1;
      const features = new Float32Array(count * c.sizes[0]).fill(0.5);
      const classes = c.sizes.at(-1)!;
      addOutputs(network, workspace, features, count, 1, new Float32Array(count * classes));
      const predicted = counts(kernels);
      assert.deepEqual(predictionFlops(sizesOf(network), count), predicted);
      const labels = new Int32Array(count);
      evaluate(network, workspace, { rows: count, columns: c.sizes[0], features, labels });
      const both = predictionFlops(sizesOf(network), count);
      addFlops(both, evaluationFlops(sizesOf(network), count));
      assert.deepEqual(both, counts(kernels));
    }),
    { seed: 7, numRuns: 60 },
  );
});

Deno.test("trainingStepFlops counts by hand for a layer small enough to check by eye", () => {
  const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "l2" } as const;
  assert.deepEqual(trainingStepFlops([{ rows: 2, columns: 3, nnz: 4 }], 10, sgd, true), {
    forward: 2 * 4 * 10,
    activation: 2 * 10,
    softmax: (4 * 2 + 7 + 3 * 2) * 10,
    inputGradient: 0,
    weightGradient: 2 * 4 * 10 + 2 * 10 + 4 + 2,
    update: 8 * 6,
    topology: 0,
    validation: 0,
  });
});

Deno.test("topologyFlops counts drawn weights, and the distances of candidates", () => {
  assert.equal(totalFlops(topologyFlops(7, "xavier-uniform")), 21);
  assert.equal(totalFlops(topologyFlops(7, "he-normal")), 7);
  assert.equal(topologyFlops(7, "he-uniform", 110).topology, 110 * 7 * 5 + 14);
  assert.equal(topologyFlops(0, "he-uniform", 110).topology, 0);
});
