/**
 * The exact number of floating-point operations that training executes, by phase.
 *
 * The rules: a multiply-add is 2 operations. Every other addition, subtraction, multiplication,
 * division, root, exponential, logarithm, sine and cosine is 1. Comparisons, copies, conversions and
 * random bits are 0. A sum of n terms is n additions.
 *
 * The operations of the kernels count for any values: multiplying by a factor of 1, subtracting a decay
 * of 0, computing a dropped activation. Numbers that a call computes once (1 / batch, 1 − β₁, the scale
 * of dropout) do not count. The padding of a batch to a multiple of 16 does not count either.
 *
 * @module
 */
import {
  type Initializer,
  type Network,
  type Optimizer,
  type OutputKind,
  outputKindOf,
  type OwnActivation,
  type StoredLayer,
} from "../nn/mod.ts";

/** Operations by phase. */
export interface FlopCount {
  /** Products of weights and inputs in the forward pass. The sum begins with the bias. */
  forward: number;
  /** Activations: the gate of every layer forward, and of hidden layers backward. */
  activation: number;
  /** Softmax, loss and its gradient; or squared errors and their gradient. */
  softmax: number;
  /** Products of weights and output gradients. The first layer has none. */
  inputGradient: number;
  /** Products of inputs and output gradients, for stored weights only. */
  weightGradient: number;
  /** Momentum or Adam, and weight decay. */
  update: number;
  /** Topology changes: new weights, and the distances or gradients of candidates. */
  topology: number;
  /** Scores of networks in training, of members and of candidates, on rows held out or trained on. */
  validation: number;
}

/** The size of a layer, from which operations are counted. */
export interface LayerSize {
  /** Output neurons. */
  readonly rows: number;
  /** Input neurons. */
  readonly columns: number;
  /** Stored weights; rows × columns in a dense layer. */
  readonly nnz: number;
  /** The layer's own activation. */
  readonly activation?: OwnActivation | undefined;
  /** For the last layer: the kind of the outputs. Left out: one output is a number, several are classes. */
  readonly output?: OutputKind | undefined;
}

/** The size of a stored layer. */
export function layerSizeOf(layer: StoredLayer): LayerSize {
  const [rows, columns] = layer.shape;
  return layer.kind === "sparse"
    ? { rows, columns, nnz: layer.data.length, activation: layer.activation }
    : { rows, columns, nnz: layer.weights.length };
}

/** The sizes of the layers of a network in training. */
export function layerSizes({ layers, output }: Network): LayerSize[] {
  const sizes = layers.map((layer): LayerSize => ({
    rows: layer.rows,
    columns: layer.columns,
    nnz: layer.weights.length,
    activation: layer.kind === "sparse" ? layer.activation : undefined,
  }));
  const last = sizes[sizes.length - 1];
  return output === outputKindOf(sizes) ? sizes : [...sizes.slice(0, -1), { ...last, output }];
}

/** Per weight and bias: v ← μ v − η (g + l2 w), then w ← w + (v − decay w). */
const SGD_UPDATE = 8;

/**
 * Per weight and bias: g + l2 w (2), running mean (3), running mean square (4), root / correction + ε
 * (3), rate m / root (2), decay w (1), the sum of the two (1), its subtraction from w (1).
 */
const ADAM_UPDATE = 17;

/**
 * Softmax of a sample. Per class: subtraction of the largest logit, exponential, sum, scale. Once: the
 * reciprocal of the sum.
 */
const softmaxOf = (classes: number) => 4 * classes + 1;

/**
 * Cross-entropy per sample: logarithm of the sum (1), + largest logit (1), − label's logit × (1 −
 * smoothing) (2), addition to the loss (1); subtraction of 1 − smoothing in the gradient (1).
 */
const LOSS_PER_SAMPLE = 6;

/** Squared error per number: the difference, its double, its square, the sum. */
const SQUARED_ERROR = 4;

/** Label smoothing per class: a multiply-add of the logit (2), a subtraction in the gradient (1). */
const SMOOTHING_PER_CLASS = 3;

/**
 * The weight of a row: addition of its probability, mean over members, 1 − mean, × strength, exponential,
 * × base weight, addition to the sum of weights, division by the mean weight.
 */
const WEIGHT_OF_ROW = 8;

/** A count of 0 operations. */
export function noFlops(): FlopCount {
  return {
    forward: 0,
    activation: 0,
    softmax: 0,
    inputGradient: 0,
    weightGradient: 0,
    update: 0,
    topology: 0,
    validation: 0,
  };
}

/** Adds one count to another, in place. */
export function addFlops(sum: FlopCount, more: FlopCount): void {
  for (const phase of PHASES) sum[phase] += more[phase];
}

const PHASES = Object.keys(noFlops()) as (keyof FlopCount)[];

/** The sum over all phases. */
export function totalFlops(count: FlopCount): number {
  return PHASES.reduce((sum, phase) => sum + count[phase], 0);
}

/**
 * The operations of one training step on a batch.
 *
 * @param layers The layers at this step, from the input to the output.
 * @param batch The number of rows in the batch.
 * @param smoothing `true` if labels are smoothed.
 * @param weighting `true` if rows have weights. Left out: `false`.
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
    // Dot products over the batch, sums for the biases, and the divisions that make them means.
    count.weightGradient += 2 * nnz * batch + rows * batch + nnz + rows;
    count.update += update * (nnz + rows);
  }
  return count;
}

/** The operations of the forward pass and of the backward pass without weight gradients. */
function gradientFlops(
  layers: readonly LayerSize[],
  batch: number,
  smoothing: boolean,
  weighting: boolean,
): FlopCount {
  const count = evaluationFlops(layers, batch);
  for (const { rows, activation } of layers) {
    // The cosine, the derivative of the sine.
    if (activation === "sine") count.activation += rows * batch;
  }
  for (const { columns, nnz } of layers.slice(1)) {
    count.inputGradient += 2 * nnz * batch;
    count.activation += columns * batch;
  }
  const classes = layers[layers.length - 1].rows;
  if (smoothing) count.softmax += SMOOTHING_PER_CLASS * classes * batch;
  // A product per output in the gradient. Per sample, or number, one in the loss. Per sample an addition to the
  // sum of weights, and the weight's scale.
  const products = outputKindOf(layers) === "numbers" ? 2 * classes : classes + 1;
  if (weighting) count.softmax += (products + 2) * batch;
  return count;
}

/**
 * The operations of one network's predictions for some rows: class probabilities or numbers. The mean over an ensemble adds 2 per member, row and class.
 */
export function predictionFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = noFlops();
  for (const layer of layers) {
    count.forward += 2 * layer.nnz * rows;
    count.activation += layer.rows * rows;
    if (layer.activation === "sine") count.activation += layer.rows * rows;
  }
  if (outputKindOf(layers) === "numbers") return count;
  count.softmax += softmaxOf(layers[layers.length - 1].rows) * rows;
  return count;
}

/** The operations of one network's accuracy and loss on some rows. */
export function evaluationFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = predictionFlops(layers, rows);
  const numbers = layers[layers.length - 1].rows;
  const perSample = outputKindOf(layers) === "numbers" ? SQUARED_ERROR * numbers : LOSS_PER_SAMPLE;
  count.softmax += perSample * rows;
  return count;
}

/**
 * The operations of new row weights after a finished member: its predictions for the training rows, and the
 * weights computed from them. Soft targets and votes that follow from its predictions take as many. Class
 * weights are computed once, before training, and do not count.
 */
export function memberWeightingFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  const count = predictionFlops(layers, rows);
  count.softmax += (2 * layers[layers.length - 1].rows + WEIGHT_OF_ROW) * rows;
  return count;
}

/**
 * The operations of a term in the loss that drives a network away from other outputs, for one batch. They
 * are the softmax of the network, and eight operations per probability. A predicted number takes three.
 */
export function repulsionFlops(layers: readonly LayerSize[], batch: number): FlopCount {
  const classes = layers[layers.length - 1].rows;
  const perSample = outputKindOf(layers) === "numbers"
    ? 3 * classes
    : softmaxOf(classes) + 8 * classes;
  return { ...noFlops(), softmax: perSample * batch };
}

/**
 * The operations of learning probabilities instead of labels, for one batch, in addition to those for
 * labels. They are another softmax; per class a multiply-add (2) and a difference (1); per sample the
 * difference to the label's logit and its addition to the loss. With weights there is one more product for
 * each.
 */
export function softTargetFlops(
  layers: readonly LayerSize[],
  batch: number,
  weighting: boolean,
): FlopCount {
  const classes = layers[layers.length - 1].rows;
  const perSample = softmaxOf(classes) + 3 * classes + 2 + (weighting ? classes + 1 : 0);
  return { ...noFlops(), softmax: perSample * batch };
}

/** The operations of scoring one network in training on some rows. */
export function validationFlops(layers: readonly LayerSize[], rows: number): FlopCount {
  return { ...noFlops(), validation: totalFlops(evaluationFlops(layers, rows)) };
}

/**
 * The operations of choosing among candidates by the scores of their trial members. Every member predicts
 * the held-out rows. A candidate's answer is the mean of its trial members. Every mixture that is tried
 * (one per candidate and number of parts) is the mean of such answers, and its loss is computed.
 *
 * @param members The layers of every trial member.
 * @param trials The trial members of every candidate.
 * @param parts The parts of the mixture.
 */
export function trialFlops(
  members: readonly (readonly LayerSize[])[],
  trials: number,
  parts: number,
  rows: number,
): FlopCount {
  const outputs = members[0][members[0].length - 1].rows;
  // A member's outputs × its share of 1, added to 0. A mean: additions and a division.
  // The loss of a row: logarithm, division, subtraction; or difference, square, sum.
  const candidates = members.length / trials;
  let choice = candidates * outputs * (trials + 1);
  for (let part = 1; part <= parts; part++) choice += candidates * (outputs * (part + 1) + 3);
  const validation = members.reduce(
    (sum, layers) => sum + totalFlops(predictionFlops(layers, rows)) + 2 * outputs * rows,
    choice * rows,
  );
  return { ...noFlops(), validation };
}

/** The operations of a forward and backward pass for a topology change. */
export function backpropagationFlops(
  layers: readonly LayerSize[],
  batch: number,
  smoothing: boolean,
  weighting: boolean,
): FlopCount {
  return { ...noFlops(), topology: totalFlops(gradientFlops(layers, batch, smoothing, weighting)) };
}

/**
 * The operations of the gradients of missing connections: for each a dot product over the batch and a
 * division. The kernel also computes the bias gradients of the candidates' rows.
 *
 * @param candidates The number of positions.
 * @param rows The number of rows in the range of these positions.
 */
export function missingGradientFlops(candidates: number, rows: number, batch: number): FlopCount {
  const topology = 2 * candidates * batch + rows * batch + candidates + rows;
  return { ...noFlops(), topology };
}

/**
 * The operations of one topology change of one layer. A new weight is a random number (0) that is shifted
 * and scaled (3 if uniform, 1 if normal). A candidate of Dist-TSE draws all its weights and takes a
 * multiply-add for each; the pruned weights take a multiply-add once. Pruning, the choice of positions and
 * the move of weights are comparisons and copies (0). Connections that regrow at once take a few more
 * operations. Their number depends on chance, so they do not count.
 *
 * @param grown The number of grown connections.
 * @param candidates The number of candidates drawn; 0 without a comparison by distance.
 */
export function topologyFlops(grown: number, initializer: Initializer, candidates = 0): FlopCount {
  const count = noFlops();
  const draw = initializer.endsWith("uniform") ? 3 : 1;
  count.topology = candidates === 0 ? draw * grown : (draw + 2) * grown * candidates + 2 * grown;
  return count;
}
