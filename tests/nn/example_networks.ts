/**
 * Small networks and batches for tests.
 *
 * @module
 */
import { activationIndex, type Kernels, strideOf } from "../../lib/kernels/kernels.ts";
import type { Activation } from "../../lib/nn/activation.ts";
import { initialLayers, type Network, openNetwork } from "../../lib/nn/network.ts";
import type { Optimizer } from "../../lib/nn/optimizer.ts";
import type { OutputKind } from "../../lib/nn/output_kind.ts";
import type { StoredLayer } from "../../lib/nn/stored_layer.ts";
import { openWorkspace, type Workspace } from "../../lib/nn/workspace.ts";
import { randomStream } from "../../lib/random.ts";

/** What turns velocity into the negative gradient: v = −1 × g. */
export const PLAIN_SGD: Optimizer = {
  kind: "sgd",
  momentum: 0,
  weightDecay: 0,
  decayStyle: "direct",
};

/** Layers with biases that are not zero; `kinds` says what each is made of. */
export function randomLayers(
  sizes: readonly number[],
  kinds: readonly ("sparse" | "dense")[],
  seed: number,
  blockSize = 1,
): StoredLayer[] {
  const initial = (epsilon: number | null) =>
    initialLayers({ sizes, epsilon, blockSize, initializer: "he-normal", fan: "dense", seed });
  const [sparse, dense] = [initial(2), initial(null)];
  return kinds.map((kind, l) => {
    const layer = kind === "sparse" ? sparse[l] : dense[l];
    const random = randomStream(seed, "bias", l);
    layer.bias.forEach((_, j) => layer.bias[j] = random.normal() * 0.2);
    return layer;
  });
}

/** A batch of normal inputs and random classes in a fresh workspace. */
export function randomBatch(network: Network, batch: number, seed: number): Workspace {
  const workspace = openWorkspace(network, batch, true);
  const random = randomStream(seed, "batch");
  const stride = strideOf(batch);
  const classes = network.layers[network.layers.length - 1].rows;
  const { columns } = network.layers[0];
  for (let i = 0; i < columns; i++) {
    for (let b = 0; b < batch; b++) {
      workspace.input[activationIndex(columns, stride, i, b)] = random.normal();
    }
  }
  for (let b = 0; b < batch; b++) workspace.labels[b] = random.below(classes);
  return workspace;
}

/** Opens a network and a batch, uses them, and takes the memory back. */
export function withNetwork<T>(
  kernels: Kernels,
  layers: readonly StoredLayer[],
  activation: Activation,
  optimizer: Optimizer,
  batch: number,
  use: (network: Network, workspace: Workspace) => T,
  output?: OutputKind,
): T {
  using network = openNetwork(kernels, layers, activation, optimizer, output);
  return use(network, randomBatch(network, batch, 1));
}
