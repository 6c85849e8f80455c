/**
 * The kernels: the only bulk arithmetic of the library. Every back end offers the same functions on
 * the same layouts; `reference.ts` is their specification in plain loops.
 *
 * Layouts: activations are stored in panels of 32 samples, one panel after the other, each
 * `features × 32` with one row per feature. The batch is padded to `stride` samples, a multiple of 16
 * (see {@linkcode strideOf}); the last panel is 16 wide where that is no multiple of 32.
 * {@linkcode activationIndex} says where a value stands. Sparse weights are stored by output neuron (CSR), dense weights row after
 * row, one row per output neuron. `from` and `to` limit the rows that are written.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import type { FloatArray } from "./float_array.ts";

/** The names of the back ends. */
export type KernelName = "wasm" | "native" | "reference";

/** The arrays of a sparse layer, as the kernels read and write them. */
export interface SparseArrays {
  /** Number of output neurons. */
  readonly rows: number;
  /** Number of input neurons. */
  readonly columns: number;
  /** Length rows + 1. */
  readonly indptr: Int32Array;
  /** Length nnz. */
  readonly indices: Int32Array;
  /** Length nnz. */
  readonly weights: FloatArray;
  /** Length rows. */
  readonly bias: FloatArray;
  /** The transpose index: the same entries, listed by input neuron. */
  readonly transpose: {
    /** Length columns + 1. */
    readonly indptr: Int32Array;
    /** Length nnz: the output neuron of each entry. */
    readonly rows: Int32Array;
    /** Length nnz: the entry's position in `weights`. */
    readonly entries: Int32Array;
    /** Length nnz: scratch for the weights in the index's order. */
    readonly weights: FloatArray;
  };
}

/** The arrays of a dense layer. */
export interface DenseArrays {
  /** Number of output neurons. */
  readonly rows: number;
  /** Number of input neurons. */
  readonly columns: number;
  /** Length rows × columns. */
  readonly weights: FloatArray;
  /** Length rows. */
  readonly bias: FloatArray;
}

/** One value per weight and one per bias: a gradient, or a part of the optimiser's state. */
export interface PerWeight {
  /** As long as the layer's weights. */
  readonly weights: FloatArray;
  /** As long as the layer's biases. */
  readonly bias: FloatArray;
}

/** What a layer does to its pre-activations z. */
export interface Gate {
  /** The factor of negative values: 1 is the identity, 0 is ReLU. */
  readonly slope: number;
  /** Dropout rate × 65,536, rounded; 0 is no dropout. What is kept grows so that the mean stays. */
  readonly dropThreshold: number;
  /** Names the dropout bits: 32 bits made of the seed, the step and the layer. */
  readonly dropKey: number;
}

/** Coefficients of one momentum step: v ← μ v − η (g + l2 w), then w ← w + v − decay w. */
export interface SgdStep {
  /** η. */
  readonly rate: number;
  /** μ. */
  readonly momentum: number;
  /** Weight decay that goes through the gradient. */
  readonly l2: number;
  /** Weight decay that is taken off the weight directly. */
  readonly decay: number;
}

/** Coefficients of one Adam step. */
export interface AdamStep {
  /** η / (1 − β₁ᵗ) at step t. */
  readonly rate: number;
  /** β₁. */
  readonly beta1: number;
  /** β₂. */
  readonly beta2: number;
  /** √(1 − β₂ᵗ) at step t. */
  readonly correction: number;
  /** Added to the root in the denominator. */
  readonly epsilon: number;
  /** Weight decay that goes through the gradient. */
  readonly l2: number;
  /** Weight decay that is taken off the weight directly. */
  readonly decay: number;
}

/** A back end. */
export interface Kernels {
  /** Which back end this is. */
  readonly name: KernelName;
  /** One line for run records: the back end and the instructions it uses. */
  readonly description: string;
  /** Opens an arena of arrays that these kernels can work on. */
  openArena(): Arena;

  /** out = gate(W x + bias); with `factor`, the derivative of out by z is written there. */
  sparseForward(
    layer: SparseArrays,
    x: FloatArray,
    out: FloatArray,
    factor: FloatArray | null,
    gate: Gate,
    stride: number,
    from?: number,
    to?: number,
  ): void;
  /** dx = factor ⊙ Wᵀ dz (no `factor`: all ones). `from` and `to` are rows of dx. */
  sparseBackward(
    layer: SparseArrays,
    dz: FloatArray,
    factor: FloatArray | null,
    dx: FloatArray,
    stride: number,
    from?: number,
    to?: number,
  ): void;
  /** The gradient of every stored weight and every bias, averaged over the batch. */
  sparseGradient(
    layer: SparseArrays,
    x: FloatArray,
    dz: FloatArray,
    gradient: PerWeight,
    stride: number,
    batch: number,
    from?: number,
    to?: number,
  ): void;
  /** The same gradient, taken into momentum and weights at once; `gradient` is scratch. */
  sparseGradientSgd(
    layer: SparseArrays,
    x: FloatArray,
    dz: FloatArray,
    gradient: PerWeight,
    velocity: PerWeight,
    step: SgdStep,
    stride: number,
    batch: number,
    from?: number,
    to?: number,
  ): void;

  /** out = gate(W x + bias). */
  denseForward(
    layer: DenseArrays,
    x: FloatArray,
    out: FloatArray,
    factor: FloatArray | null,
    gate: Gate,
    stride: number,
    from?: number,
    to?: number,
  ): void;
  /** dx = factor ⊙ Wᵀ dz. */
  denseBackward(
    layer: DenseArrays,
    dz: FloatArray,
    factor: FloatArray | null,
    dx: FloatArray,
    stride: number,
    from?: number,
    to?: number,
  ): void;
  /**
   * The gradient of every weight and bias, averaged over the batch. `transposed` is scratch of
   * length stride × `strideOf(columns)`.
   */
  denseGradient(
    layer: DenseArrays,
    x: FloatArray,
    dz: FloatArray,
    gradient: PerWeight,
    transposed: FloatArray,
    stride: number,
    batch: number,
    from?: number,
    to?: number,
  ): void;

  /** z ← sin z in place, for a layer of `rows` neurons; with `factor`, the derivative cos z. */
  sine(
    rows: number,
    z: FloatArray,
    factor: FloatArray | null,
    stride: number,
    from?: number,
    to?: number,
  ): void;

  /** One momentum step over plain arrays. */
  sgdUpdate(
    gradient: FloatArray,
    weights: FloatArray,
    velocity: FloatArray,
    step: SgdStep,
    from?: number,
    to?: number,
  ): void;
  /** One Adam step (Kingma and Ba, 2015) over plain arrays. */
  adamUpdate(
    gradient: FloatArray,
    weights: FloatArray,
    mean: FloatArray,
    square: FloatArray,
    step: AdamStep,
    from?: number,
    to?: number,
  ): void;

  /** p = softmax(z) for the first `batch` columns. */
  softmax(classes: number, batch: number, stride: number, z: FloatArray, p: FloatArray): void;
  /**
   * dz = softmax(z) − y for the first `batch` columns and 0 in the padding, where y is
   * 1 − smoothing on the label plus smoothing / classes everywhere. Adds the summed loss to
   * `result[0]` and the number of samples whose largest logit is their label to `result[1]`. With
   * `weights`, one per sample, each sample's dz and loss are multiplied by its weight.
   */
  softmaxCrossEntropy(
    classes: number,
    batch: number,
    stride: number,
    z: FloatArray,
    labels: Int32Array,
    smoothing: number,
    dz: FloatArray,
    result: Float64Array,
    weights?: FloatArray | null,
  ): void;
  /**
   * For a network of one output that predicts a number: dz = 2 (z − y) for the first `batch` columns
   * and 0 in the padding. Adds the summed squared errors to `result[0]`. With `weights`, one per
   * sample, each sample's dz and error are multiplied by its weight.
   */
  squaredError(
    batch: number,
    stride: number,
    z: FloatArray,
    targets: FloatArray,
    dz: FloatArray,
    result: Float64Array,
    weights?: FloatArray | null,
  ): void;
}

/**
 * The row length of activations for a batch: the next multiple of 16.
 *
 * @example Usage
 * ```ts
 * import { strideOf } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * assert.equal(strideOf(128), 128);
 * assert.equal(strideOf(1), 16);
 * ```
 */
export function strideOf(batch: number): number {
  return Math.ceil(batch / 16) * 16;
}

/** Samples per panel of activations. */
export const PANEL = 32;

/**
 * Where a feature of a sample stands among a layer's activations.
 *
 * @param features Features of the layer: its neurons, or the network's inputs.
 * @param stride The padded batch.
 *
 * @example Usage
 * ```ts
 * import { activationIndex } from "@sparsemble/sparsemble/kernels";
 * import assert from "node:assert/strict";
 *
 * // 10 features, a batch of 48: one panel of 32 samples, one of 16.
 * assert.equal(activationIndex(10, 48, 0, 31), 31);
 * assert.equal(activationIndex(10, 48, 0, 32), 320);
 * assert.equal(activationIndex(10, 48, 1, 33), 320 + 16 + 1);
 * ```
 */
export function activationIndex(
  features: number,
  stride: number,
  feature: number,
  sample: number,
): number {
  const start = sample - sample % PANEL;
  return start * features + feature * Math.min(PANEL, stride - start) + (sample - start);
}
