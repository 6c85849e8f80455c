/**
 * The exact number of floating-point operations that training executes, by phase.
 *
 * The rules. A multiply-add counts as 2; every other addition, subtraction, multiplication, division,
 * root, exponential, logarithm, sine and cosine counts as 1; comparisons, copies, conversions and random bits as 0.
 * What the kernels do is counted, whatever the values are: a factor of 1 is multiplied by, a decay of
 * 0 is subtracted, a dropped activation is computed. A sum of n terms is n additions. Numbers that a
 * call prepares once (1 / batch, 1 − β₁, the scale of dropout) count as 0, and so do the
 * padding columns that fill a partial batch up to a multiple of 16: the count is that of the rows.
 *
 * @module
 */
import {
  type Initializer,
  type Optimizer,
  type OwnActivation,
  predictsNumber,
  type StoredLayer,
} from "../nn/mod.ts";

/** Operations by phase. */
export interface FlopCount {
  /** Products of weights and inputs, forward; the bias is where the sum begins. */
  forward: number;
  /** Activations: the gate of every layer's neurons forward, and of hidden neurons backward. */
  activation: number;
  /** Softmax, loss and its gradient; of numbers, their squared errors and the gradient. */
  softmax: number;
  /** Products of weights and output gradients (not for the first layer). */
  inputGradient: number;
  /** Products of inputs and output gradients, at stored weights only. */
  weightGradient: number;
  /** Momentum or Adam, and weight decay. */
  update: number;
  /** Topology changes: fresh weights, and the distances or gradients of candidates. */
  topology: number;
}

/** What the count needs to know of a layer. */
export interface LayerSize {
  /** Output neurons. */
  readonly rows: number;
  /** Input neurons. */
  readonly columns: number;
  /** Stored weights: all of them in a dense layer. */
  readonly nnz: number;
  /** What its neurons do beside their gate. */
  readonly activation?: OwnActivation | undefined;
}

/**
 * The size of a layer at rest, as operations are counted by.
 *
 * @example Usage
 * ```ts
 * import { layerSizeOf } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const weights = Float32Array.of(1, 2);
 * const layer = { kind: "dense", shape: [1, 2], weights, bias: Float32Array.of(0) } as const;
 * assert.deepEqual(layerSizeOf(layer), { rows: 1, columns: 2, nnz: 2 });
 * ```
 */
export function layerSizeOf(layer: StoredLayer): LayerSize {
  const [rows, columns] = layer.shape;
  return layer.kind === "sparse"
    ? { rows, columns, nnz: layer.data.length, activation: layer.activation }
    : { rows, columns, nnz: layer.weights.length };
}

/** Per weight and bias: v ← μ v − η (g + l2 w), then w ← w + (v − decay w). */
const SGD_UPDATE = 8;

/**
 * Per weight and bias: g + l2 w (2), the running mean (3) and mean square (4), the root, its division
 * and ε (3), rate m / root (2), decay w (1), their sum (1), taken off w (1).
 */
const ADAM_UPDATE = 17;

/** Softmax per class: less the largest logit, exponential, sum, scale. */
const SOFTMAX_PER_CLASS = 4;

/** Softmax per sample: the reciprocal of the sum. */
const SOFTMAX_PER_SAMPLE = 1;

/**
 * Cross-entropy per sample: the logarithm of the sum, plus the largest logit, less the label's logit
 * times 1 − smoothing (2), added to the loss; 1 − smoothing taken off the gradient.
 */
const LOSS_PER_SAMPLE = 6;

/** The squared error of a number per sample: the difference, twice it, its square, and the sum. */
const SQUARED_ERROR = 4;

/** Label smoothing per class: a multiply-add of the logit, and a subtraction in the gradient. */
const SMOOTHING_PER_CLASS = 3;

/** Row weights: one product per class in the gradient, and one in the loss. */
const WEIGHTING_PER_CLASS = 1;
const WEIGHTING_PER_SAMPLE = 1;

/**
 * The weight of a row: its probability added to the members' sum, the mean, 1 less it, times the
 * strength, the exponential, times the class's weight, added to the sum, divided by the mean.
 */
const WEIGHT_OF_ROW = 8;

/** No operations yet. */
export function noFlops(): FlopCount {
  return {
    forward: 0,
    activation: 0,
    softmax: 0,
    inputGradient: 0,
    weightGradient: 0,
    update: 0,
    topology: 0,
  };
}

/** Adds one count to another, in place. */
export function addFlops(sum: FlopCount, more: FlopCount): void {
  sum.forward += more.forward;
  sum.activation += more.activation;
  sum.softmax += more.softmax;
  sum.inputGradient += more.inputGradient;
  sum.weightGradient += more.weightGradient;
  sum.update += more.update;
  sum.topology += more.topology;
}

/**
 * The sum over all phases.
 *
 * @example Usage
 * ```ts
 * import { totalFlops, trainingStepFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "direct" } as const;
 * const flops = trainingStepFlops([{ rows: 2, columns: 3, nnz: 4 }], 10, sgd, false);
 * assert.equal(flops.forward, 2 * 4 * 10);
 * assert.ok(totalFlops(flops) > flops.forward + flops.weightGradient);
 * ```
 */
export function totalFlops(count: FlopCount): number {
  return count.forward + count.activation + count.softmax + count.inputGradient +
    count.weightGradient + count.update + count.topology;
}

/**
 * The operations of one training step on a batch.
 *
 * @param layers From the input to the output, as they are at this step.
 * @param batch Rows in the batch.
 * @param smoothing Whether labels are smoothed.
 * @param weighting Whether rows have weights.
 *
 * @example Usage
 * ```ts
 * import { trainingStepFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayStyle: "direct" } as const;
 * const flops = trainingStepFlops([{ rows: 2, columns: 3, nnz: 4 }], 10, sgd, false);
 * assert.equal(flops.update, 8 * (4 + 2));
 * assert.equal(flops.inputGradient, 0);
 * ```
 */
export function trainingStepFlops(
  layers: readonly LayerSize[],
  batch: number,
  optimizer: Optimizer,
  smoothing: boolean,
  weighting = false,
): FlopCount {
  const count = gradientFlops(layers, batch, smoothing, weighting);
  const update = optimizer.kind === "sgd" ? SGD_UPDATE : ADAM_UPDATE;
  for (let l = 0; l < layers.length; l++) {
    const { rows, nnz } = layers[l];
    // Dot products over the batch, sums for the biases, and both made means.
    count.weightGradient += 2 * nnz * batch + rows * batch + nnz + rows;
    count.update += update * (nnz + rows);
  }
  return count;
}

/** The same without the gradients of weights and the update: forward and back. */
function gradientFlops(
  layers: readonly LayerSize[],
  batch: number,
  smoothing: boolean,
  weighting: boolean,
): FlopCount {
  const count = evaluationFlops(layers, batch);
  for (const { rows, activation } of layers) {
    // The derivative of the sine.
    if (activation === "sine") count.activation += rows * batch;
  }
  for (const { columns, nnz } of layers.slice(1)) {
    count.inputGradient += 2 * nnz * batch;
    count.activation += columns * batch;
  }
  const classes = layers[layers.length - 1].rows;
  if (smoothing) count.softmax += SMOOTHING_PER_CLASS * classes * batch;
  if (weighting) count.softmax += (WEIGHTING_PER_CLASS * classes + WEIGHTING_PER_SAMPLE) * batch;
  return count;
}

/**
 * The operations of one network's class probabilities for some rows; of a network of one output, which
 * predicts a number, those of the number. The mean over the members of an
 * ensemble is 2 more per member, row and class.
 *
 * @example Usage
 * ```ts
 * import { predictionFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const flops = predictionFlops([{ rows: 2, columns: 3, nnz: 4 }], 10);
 * assert.deepEqual([flops.forward, flops.activation, flops.softmax], [80, 20, 90]);
 * ```
 */
export function predictionFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = noFlops();
  for (const layer of layers) {
    count.forward += 2 * layer.nnz * rows;
    count.activation += layer.rows * rows;
    if (layer.activation === "sine") count.activation += layer.rows * rows;
  }
  if (predictsNumber(layers)) return count;
  const classes = layers[layers.length - 1].rows;
  count.softmax += (SOFTMAX_PER_CLASS * classes + SOFTMAX_PER_SAMPLE) * rows;
  return count;
}

/**
 * The operations of one network's scores, accuracy and loss, for some rows.
 *
 * @example Usage
 * ```ts
 * import { evaluationFlops, predictionFlops, totalFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const layers = [{ rows: 2, columns: 3, nnz: 4 }];
 * assert.ok(totalFlops(evaluationFlops(layers, 10)) > totalFlops(predictionFlops(layers, 10)));
 * ```
 */
export function evaluationFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = predictionFlops(layers, rows);
  count.softmax += (predictsNumber(layers) ? SQUARED_ERROR : LOSS_PER_SAMPLE) * rows;
  return count;
}

/**
 * The operations of a member's probabilities for the training rows, and of the weights that the rows
 * get from them: per row, the members' mean, its distance to 1, the exponential of a multiple, times
 * the class's weight, and made a share of the mean. Class weights alone are worked out once, before
 * training, and count as 0.
 *
 * @example Usage
 * ```ts
 * import { memberWeightingFlops, predictionFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const layers = [{ rows: 2, columns: 3, nnz: 4 }];
 * const softmax = predictionFlops(layers, 10).softmax;
 * assert.equal(memberWeightingFlops(layers, 10).softmax, softmax + (2 * 2 + 8) * 10);
 * ```
 */
export function memberWeightingFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = predictionFlops(layers, rows);
  count.softmax += (2 * layers[layers.length - 1].rows + WEIGHT_OF_ROW) * rows;
  return count;
}

/**
 * The operations of sending a batch forward and its gradient back, for a topology change.
 *
 * @example Usage
 * ```ts
 * import { backpropagationFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * const flops = backpropagationFlops([{ rows: 2, columns: 3, nnz: 4 }], 10, false, false);
 * assert.deepEqual([flops.forward, flops.topology], [0, 2 * 4 * 10 + 2 * 10 + (4 * 2 + 7) * 10]);
 * ```
 */
export function backpropagationFlops(
  layers: readonly LayerSize[],
  batch: number,
  smoothing: boolean,
  weighting: boolean,
): FlopCount {
  return { ...noFlops(), topology: totalFlops(gradientFlops(layers, batch, smoothing, weighting)) };
}

/**
 * The operations of the gradients of connections that are not there: a dot product over the batch
 * each, made a mean. The kernel takes the gradient of the biases of their rows along.
 *
 * @param candidates How many positions.
 * @param rows How many rows of the layer the kernel went through for them.
 *
 * @example Usage
 * ```ts
 * import { missingGradientFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * assert.equal(missingGradientFlops(5, 2, 10).topology, 5 * 21 + 2 * 11);
 * ```
 */
export function missingGradientFlops(candidates: number, rows: number, batch: number): FlopCount {
  const topology = 2 * candidates * batch + rows * batch + candidates + rows;
  return { ...noFlops(), topology };
}

/**
 * The operations of one topology change of one layer, by this rule: a fresh weight is a random number
 * (0), shifted and scaled (3 if uniform, 1 if normal). Where candidates are compared by distance, every one of
 * them draws all its weights, and takes a multiply-add for each; the removed weights take one once.
 * Pruning, choosing positions and moving weights are comparisons and copies: 0. What a candidate adds
 * for the removed positions that happen to come back is left out: it depends on chance, and they are few.
 *
 * @param grown Connections grown.
 * @param candidates How many candidates were drawn; 0 where none are compared.
 *
 * @example Usage
 * ```ts
 * import { topologyFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * assert.equal(topologyFlops(100, "he-uniform").topology, 300);
 * assert.equal(topologyFlops(100, "normal", 10).topology, 10 * 300 + 200);
 * ```
 */
export function topologyFlops(
  grown: number,
  initializer: Initializer,
  candidates = 0,
): FlopCount {
  const count = noFlops();
  const draw = initializer.endsWith("uniform") ? 3 : 1;
  count.topology = candidates === 0 ? draw * grown : (draw + 2) * grown * candidates + 2 * grown;
  return count;
}

/**
 * The operations of telling how strong the neurons are that a layer's connections lead out of: an
 * addition for each. Drawing connections in proportion is choosing positions: 0.
 *
 * @example Usage
 * ```ts
 * import { strengthFlops } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * assert.equal(strengthFlops(100).topology, 100);
 * ```
 */
export function strengthFlops(connections: number): FlopCount {
  return { ...noFlops(), topology: connections };
}
