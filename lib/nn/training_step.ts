/**
 * One batch of training: forward, backward, update.
 *
 * @module
 */
import { type FloatArray, type Kernels, type PerWeight, strideOf } from "../kernels/mod.ts";
import { backpropagate, type BackpropagationOptions } from "./backpropagation.ts";
import type { Layer } from "./layer.ts";
import type { Network } from "./network.ts";
import { adamStep, type Optimizer, sgdStep } from "./optimizer.ts";
import type { Workspace } from "./workspace.ts";

/** The options of one training step. */
export interface StepOptions
  extends Pick<BackpropagationOptions, "labelSmoothing" | "weighted" | "repulsion" | "soft"> {
  /** The optimiser. */
  readonly optimizer: Optimizer;
  /** The learning rate η of this step. */
  readonly learningRate: number;
  /** The share of hidden activations that dropout sets to zero. */
  readonly dropout: number;
  /** The step's number, counted from 1. */
  readonly step: number;
  /** The key of a hidden layer's dropout bits at this step; hidden layers are counted from 0. */
  readonly dropKey: (hiddenLayer: number) => number;
}

/** Loss and correct predictions of one step, before its update. */
export interface StepResult {
  /** The sum of loss × weight over the samples. */
  readonly loss: number;
  /** The number of samples that were classified correctly, with dropout. */
  readonly correct: number;
}

/**
 * Trains the network for one step on the batch in the workspace. `workspace.input` holds the inputs,
 * `workspace.labels` the classes, `workspace.targets` the numbers to predict.
 *
 * @param batch The number of samples: columns of the input that are used. The gradient is their mean.
 */
export function trainStep(
  network: Network,
  workspace: Workspace,
  batch: number,
  options: StepOptions,
): StepResult {
  return passBack(network, workspace, batch, options, (layer, x, dz) => {
    updateLayer(network, layer, x, dz, workspace, batch, options);
  });
}

/**
 * Computes the gradient of the batch in the workspace and writes it into the layers' `gradient`. It changes
 * no weight; {@linkcode applyGradient} does.
 *
 * @param batch The number of samples: columns of the input that are used. The gradient is their mean.
 */
export function meanGradient(
  network: Network,
  workspace: Workspace,
  batch: number,
  options: Omit<StepOptions, "optimizer" | "learningRate" | "step">,
): StepResult {
  return passBack(network, workspace, batch, options, (layer, x, dz) => {
    leaveGradient(network, layer, x, dz, workspace, batch);
  });
}

/** Makes one step of the optimiser with the gradient in the layers' `gradient`. */
export function applyGradient(
  { kernels, layers }: Network,
  options: Pick<StepOptions, "optimizer" | "learningRate" | "step">,
): void {
  for (const layer of layers) stepLayer(kernels, layer, layer.gradient!, options);
}

/** Runs a batch forward and backward, and hands every layer's input and gradient to `onLayer`. */
function passBack(
  network: Network,
  workspace: Workspace,
  batch: number,
  options: Omit<StepOptions, "optimizer" | "learningRate" | "step">,
  onLayer: (layer: Layer, x: FloatArray, dz: FloatArray) => void,
): StepResult {
  const { layers } = network;
  const { labelSmoothing, weighted = false, repulsion, soft } = options;
  const dropout = { threshold: Math.round(options.dropout * 65536), key: options.dropKey };
  // Two alternating arrays are enough: the gradient of a layer is not needed after its update.
  const gradients = layers.map((_, l) => workspace.gradients[(layers.length - 1 - l) % 2]);
  workspace.result.fill(0);
  backpropagate(
    network,
    workspace,
    batch,
    gradients,
    { labelSmoothing, weighted, dropout, repulsion, soft },
    (l) => {
      const x = l > 0 ? workspace.outputs[l - 1] : workspace.input;
      onLayer(layers[l], x, gradients[l]);
    },
  );
  return { loss: workspace.result[0], correct: workspace.result[1] };
}

function updateLayer(
  network: Network,
  layer: Layer,
  x: FloatArray,
  dz: FloatArray,
  workspace: Workspace,
  batch: number,
  options: StepOptions,
): void {
  const { kernels } = network;
  const { optimizer, learningRate } = options;
  const stride = strideOf(batch);
  const gradient = layer.gradient!;
  if (layer.kind === "sparse" && optimizer.kind === "sgd") {
    const step = sgdStep(optimizer, learningRate);
    kernels.sparseGradientSgd(layer, x, dz, gradient, layer.state[0], step, stride, batch);
    return;
  }
  leaveGradient(network, layer, x, dz, workspace, batch);
  stepLayer(kernels, layer, gradient, options);
}

/** Writes the mean gradient of a layer's weights and biases into its own array. */
function leaveGradient(
  { kernels }: Network,
  layer: Layer,
  x: FloatArray,
  dz: FloatArray,
  workspace: Workspace,
  batch: number,
): void {
  const stride = strideOf(batch);
  const gradient = layer.gradient!;
  if (layer.kind === "sparse") kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
  else kernels.denseGradient(layer, x, dz, gradient, workspace.transposed!, stride, batch);
}

function stepLayer(
  kernels: Kernels,
  layer: Layer,
  gradient: PerWeight,
  { optimizer, learningRate, step: number }: Pick<
    StepOptions,
    "optimizer" | "learningRate" | "step"
  >,
): void {
  if (optimizer.kind === "sgd") {
    const step = sgdStep(optimizer, learningRate);
    kernels.sgdUpdate(gradient.weights, layer.weights, layer.state[0].weights, step);
    kernels.sgdUpdate(gradient.bias, layer.bias, layer.state[0].bias, step);
  } else {
    const step = adamStep(optimizer, learningRate, number);
    const [mean, square] = layer.state;
    kernels.adamUpdate(gradient.weights, layer.weights, mean.weights, square.weights, step);
    kernels.adamUpdate(gradient.bias, layer.bias, mean.bias, square.bias, step);
  }
}
