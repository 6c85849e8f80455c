import assert from "node:assert/strict";
import { strideOf } from "../../lib/kernels/kernels.ts";
import { referenceKernels } from "../../lib/kernels/reference.ts";
import type { Activation } from "../../lib/nn/activation.ts";
import type { OutputKind } from "../../lib/nn/output_kind.ts";
import { trainStep } from "../../lib/nn/training_step.ts";
import { PLAIN_SGD, randomLayers, withNetwork } from "./example_networks.ts";

/** Half the distance of the two points of a difference quotient. */
const H = 1e-5;
const BATCH = 5;

/** Probabilities of four classes, for each sample of a batch: 0.1, 0.2, 0.3 and 0.4 in turn. */
const SOFT = Float64Array.from(
  { length: 4 * strideOf(BATCH) },
  (_, i) => (1 + (Math.floor(i / strideOf(BATCH)) + i) % 4) / 10,
);

const ACTIVATIONS: Record<string, Activation> = {
  "ReLU": { kind: "relu" },
  "All-ReLU": { kind: "all-relu", alpha: 0.5 },
  "All-ReLU beyond the identity": { kind: "all-relu", alpha: 1.5 },
};

/** Hidden layers 1 and 2, then also 3: All-ReLU is another function in odd and in even ones. */
const NETWORKS: Record<string, readonly ("sparse" | "dense")[]> = {
  "3 sparse layers": ["sparse", "sparse", "sparse"],
  "3 dense layers": ["dense", "dense", "dense"],
  "4 layers of both kinds": ["sparse", "dense", "sparse", "dense"],
  "4 layers of both kinds, the other way": ["dense", "sparse", "dense", "sparse"],
};

for (const [networkName, kinds] of Object.entries(NETWORKS)) {
  for (const [activationName, activation] of Object.entries(ACTIVATIONS)) {
    Deno.test(`the gradient of ${networkName} with ${activationName} is the slope of the loss`, () => {
      for (const labelSmoothing of [0, 0.2]) {
        for (const dropout of [0, 0.3]) check(kinds, activation, labelSmoothing, dropout);
      }
    });
  }
}

for (const [networkName, kinds] of Object.entries(NETWORKS)) {
  Deno.test(`the gradient of ${networkName} that predict a number is the slope of the loss`, () => {
    for (const dropout of [0, 0.3]) {
      for (const weighted of [false, true]) {
        check(kinds, ACTIVATIONS["All-ReLU"], 0, dropout, { outputs: 1, weighted });
      }
    }
  });
}

for (const [networkName, kinds] of Object.entries(NETWORKS)) {
  Deno.test(`the gradient of ${networkName} that predict four numbers is four times the slope of the loss`, () => {
    for (const weighted of [false, true]) {
      check(kinds, ACTIVATIONS["All-ReLU"], 0, 0.3, { output: "numbers", weighted });
    }
  });
}

for (const [networkName, kinds] of Object.entries(NETWORKS)) {
  Deno.test(`the gradient of ${networkName} that learn probabilities is the slope of the loss`, () => {
    for (const weighted of [false, true]) {
      check(kinds, ACTIVATIONS["All-ReLU"], 0.2, 0.3, { soft: SOFT, weighted });
    }
  });
}

for (const blockSize of [2, 4, 8, 16]) {
  Deno.test(`the gradient of layers in blocks of up to ${blockSize} is the slope of the loss`, () => {
    for (const kinds of Object.values(NETWORKS)) {
      for (const dropout of [0, 0.3]) {
        // Neurons that G divides, and others: 16 in blocks of any size, 12 of 4, 7 of 1.
        const options = { blockSize, hidden: [16, 12, 7] };
        check(kinds, ACTIVATIONS["All-ReLU"], 0.2, dropout, options);
      }
    }
  });
}

interface CheckOptions {
  readonly soft?: Float64Array;
  readonly outputs?: number;
  readonly weighted?: boolean;
  readonly blockSize?: number;
  readonly hidden?: readonly number[];
  readonly output?: OutputKind;
}

function check(
  kinds: readonly ("sparse" | "dense")[],
  activation: Activation,
  labelSmoothing: number,
  dropout: number,
  { outputs = 4, weighted = false, blockSize = 1, hidden = [8, 7, 6], output, soft }: CheckOptions =
    {},
): void {
  // The loss of a sample is the mean of its numbers' errors, and the gradient that of their sum.
  const scale = output === "numbers" ? outputs : 1;
  const kernels = referenceKernels({ precision: 64 });
  const sizes = [5, ...hidden, outputs].toSpliced(kinds.length, 4 - kinds.length);
  const layers = randomLayers(sizes, kinds, 3, blockSize);
  const options = {
    optimizer: PLAIN_SGD,
    labelSmoothing,
    weighted,
    dropout,
    step: 1,
    dropKey: (layer: number) => 55 + layer,
    soft,
  };
  withNetwork(kernels, layers, activation, PLAIN_SGD, BATCH, (network, workspace) => {
    workspace.targets.set(Array.from(workspace.targets, (_, b) => Math.sin(3 * b)));
    workspace.weights.set(Array.from(workspace.weights, (_, b) => 0.5 + b % 3));
    // At learning rate 0 a step changes nothing and tells the loss.
    const loss = () =>
      trainStep(network, workspace, BATCH, { ...options, learningRate: 0 }).loss / BATCH;
    const slopes = network.layers.flatMap((layer) =>
      [layer.weights, layer.bias].map((array) =>
        Array.from(array, (value, k) => {
          array[k] = value + H;
          const above = loss();
          array[k] = value - H;
          const below = loss();
          array[k] = value;
          return scale * (above - below) / (2 * H);
        })
      )
    );
    trainStep(network, workspace, BATCH, { ...options, learningRate: 1 });
    const velocities = network.layers.flatMap(({ state: [v] }) => [v.weights, v.bias]);
    let moving = 0;
    velocities.forEach((velocity, part) =>
      velocity.forEach((v, k) => {
        const where = `${part % 2 === 0 ? "weight" : "bias"} ${k} of layer ${part >> 1}`;
        const slope = slopes[part][k];
        assert.ok(Math.abs(-v - slope) < 1e-8, `${where}: gradient ${-v}, slope ${slope}`);
        if (Math.abs(slope) > 1e-6) moving++;
      })
    );
    const all = velocities.reduce((sum, velocity) => sum + velocity.length, 0);
    assert.ok(moving > all / 3, `only ${moving} of ${all} gradients are not 0`);
  }, output);
}
