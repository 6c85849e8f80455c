/**
 * One batch of training: forward, backward, update.
 *
 * @module
 */
import { type Gate, strideOf } from "../kernels/mod.ts";
import { slopeOf } from "./activation.ts";
import { forwardGated } from "./forward.ts";
import type { Layer } from "./layer.ts";
import { lossGradient } from "./loss.ts";
import type { Network } from "./network.ts";
import { adamStep, type Optimizer, sgdStep } from "./optimizer.ts";
import type { Workspace } from "./workspace.ts";

/** What one step needs to know beside the batch. */
export interface StepOptions {
  /** What turns gradients into changes. */
  readonly optimizer: Optimizer;
  /** η at this step. */
  readonly learningRate: number;
  /** The share of hidden activations set to zero. */
  readonly dropout: number;
  /** How much of each label is spread over all classes. */
  readonly labelSmoothing: number;
  /** Whether the samples count as much as `workspace.weights` says. Left out: all the same. */
  readonly weighted?: boolean;
  /** The step's number, counted from 1. */
  readonly step: number;
  /** Names the dropout bits of a layer at this step. */
  readonly dropKey: (layer: number) => number;
}

/** What one step found, before its update. */
export interface StepResult {
  /** The sum of the samples' losses, each times the sample's weight. */
  readonly loss: number;
  /** How many samples were classified correctly, with dropout. */
  readonly correct: number;
}

/**
 * Trains the network on the batch that stands in `workspace.input`, and in `workspace.labels` or,
 * where it predicts a number, `workspace.targets`.
 *
 * @param batch How many columns hold samples. The gradient is their mean.
 */
export function trainStep(
  network: Network,
  workspace: Workspace,
  batch: number,
  options: StepOptions,
): StepResult {
  const { kernels, layers, activation } = network;
  const stride = strideOf(batch);
  const dropThreshold = Math.round(options.dropout * 65536);
  const gateOf = (hiddenLayer: number): Gate => ({
    slope: slopeOf(activation, hiddenLayer),
    dropThreshold,
    dropKey: dropThreshold > 0 ? options.dropKey(hiddenLayer - 1) : 0,
  });
  const logits = forwardGated(network, workspace, batch, gateOf, true);

  let [dz, spare] = workspace.gradients;
  const { labelSmoothing, weighted = false } = options;
  workspace.result.fill(0);
  lossGradient(network, workspace, batch, logits, labelSmoothing, weighted, dz);

  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l];
    // The input's gradient first: it needs the weights as they were in the forward pass.
    if (l > 0) {
      const factor = workspace.factors[l - 1];
      if (layer.kind === "sparse") kernels.sparseBackward(layer, dz, factor, spare, stride);
      else kernels.denseBackward(layer, dz, factor, spare, stride);
    }
    const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
    updateLayer(network, layer, x, dz, workspace, stride, batch, options);
    [dz, spare] = [spare, dz];
  }
  return { loss: workspace.result[0], correct: workspace.result[1] };
}

function updateLayer(
  network: Network,
  layer: Layer,
  x: Workspace["input"],
  dz: Workspace["input"],
  workspace: Workspace,
  stride: number,
  batch: number,
  options: StepOptions,
): void {
  const { kernels } = network;
  const { optimizer, learningRate } = options;
  const gradient = layer.gradient!;
  if (layer.kind === "sparse" && optimizer.kind === "sgd") {
    const step = sgdStep(optimizer, learningRate);
    kernels.sparseGradientSgd(layer, x, dz, gradient, layer.state[0], step, stride, batch);
    return;
  }
  if (layer.kind === "sparse") kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
  else kernels.denseGradient(layer, x, dz, gradient, workspace.transposed!, stride, batch);
  if (optimizer.kind === "sgd") {
    const step = sgdStep(optimizer, learningRate);
    kernels.sgdUpdate(gradient.weights, layer.weights, layer.state[0].weights, step);
    kernels.sgdUpdate(gradient.bias, layer.bias, layer.state[0].bias, step);
  } else {
    const step = adamStep(optimizer, learningRate, options.step);
    const [mean, square] = layer.state;
    kernels.adamUpdate(gradient.weights, layer.weights, mean.weights, square.weights, step);
    kernels.adamUpdate(gradient.bias, layer.bias, mean.bias, square.bias, step);
  }
}
