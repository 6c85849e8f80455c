/**
 * The kernels: the bulk arithmetic of the library. Every back end has the same functions and layouts.
 * `reference.ts` specifies them in plain loops.
 *
 * Activations are stored in panels of 32 samples, one panel after the other. A panel is features × 32,
 * with one row per feature. The batch is padded to `stride` samples, a multiple of 16 (see
 * {@linkcode strideOf}). If that is not a multiple of 32, the last panel is 16 wide.
 * {@linkcode activationIndex} is the place of a value.
 *
 * Sparse weights are stored in block sparse rows, as in SciPy's `bsr_matrix` with blocks of G × 1: G
 * neighbouring output neurons share their inputs, and one index serves G weights. G = 1 is CSR. Dense
 * weights are stored row by row with one row per output neuron.
 *
 * `from` and `to` limit the rows that a function writes. With G > 1 they are multiples of G. In the
 * backward pass with G > 1 they are panels of samples instead, because it adds every block to all its
 * inputs.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import type { FloatArray } from "./float_array.ts";

/** The names of the back ends. */
export type KernelName = "wasm" | "native" | "reference";

/** One value per weight and per bias, such as a gradient or optimiser state. */
export interface PerWeight {
  /** Length nnz in a sparse layer, rows × columns in a dense one. */
  readonly weights: FloatArray;
  /** Length rows. */
  readonly bias: FloatArray;
}

/** The arrays of a dense layer. */
export interface DenseArrays extends PerWeight {
  /** Number of output neurons. */
  readonly rows: number;
  /** Number of input neurons. */
  readonly columns: number;
}

/** The possible sizes of blocks: the number of neighbouring output neurons that share their inputs. */
export const BLOCK_SIZES = [1, 2, 4, 8, 16] as const;

/**
 * The arrays of a sparse layer. Weights, gradients and velocities lie block by block, `[block][G]`: the
 * weight of block k and the r-th neuron of its block row is at k G + r.
 */
export interface SparseArrays extends PerWeight {
  /** G, one of {@linkcode BLOCK_SIZES}. */
  readonly blockSize: number;
  /** Number of output neurons, a multiple of G. */
  readonly rows: number;
  /** Number of input neurons. */
  readonly columns: number;
  /** Length rows / G + 1: where the blocks of every block row begin. */
  readonly indptr: Int32Array;
  /** Length nnz / G: the input neuron of every block. */
  readonly indices: Int32Array;
  /**
   * The transpose index: the connections by input neuron. With G > 1 it is not used, and its arrays are
   * empty.
   */
  readonly transpose: {
    /** Length columns + 1. */
    readonly indptr: Int32Array;
    /** Length nnz: the output neuron of every connection. */
    readonly rows: Int32Array;
    /** Length nnz: the index of every connection in `weights`. */
    readonly entries: Int32Array;
    /** Length nnz: scratch for the weights in the order of this index. */
    readonly weights: FloatArray;
  };
}

/** The activation and dropout of a layer, applied to its pre-activations z. */
export interface Gate {
  /** The factor of negative z: 1 is the identity, 0 is ReLU. */
  readonly slope: number;
  /** Dropout rate × 65,536, rounded; 0 is no dropout. Kept values are scaled to keep the mean. */
  readonly dropThreshold: number;
  /** The key of the dropout bits: 32 bits that depend on seed, step and layer. */
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
  /** Weight decay that is subtracted from the weight directly. */
  readonly decay: number;
}

/** Coefficients of one Adam step. */
export interface AdamStep extends Pick<SgdStep, "l2" | "decay"> {
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
}

/** out = gate(z) with z = W x + bias. Writes the derivative of out with respect to z to `factor`. */
export type ForwardKernel<Layer> = (
  layer: Layer,
  x: FloatArray,
  out: FloatArray,
  factor: FloatArray | null,
  gate: Gate,
  stride: number,
  from?: number,
  to?: number,
) => void;

/**
 * out = z where z = W x + bias is not negative, else slope × z, for one sample: `x` has length columns,
 * `out` length rows. A panel would take the time of at least 16 samples.
 */
export type RowKernel<Layer> = (
  layer: Layer,
  x: FloatArray,
  out: FloatArray,
  slope: number,
) => void;

/**
 * dx = factor ⊙ Wᵀ dz; without `factor`, Wᵀ dz. `from` and `to` are rows of dx; in a layer whose blockSize
 * is not 1 they are panels of samples.
 */
export type BackwardKernel<Layer> = (
  layer: Layer,
  dz: FloatArray,
  factor: FloatArray | null,
  dx: FloatArray,
  stride: number,
  from?: number,
  to?: number,
) => void;

/** A back end. */
export interface Kernels {
  /** The name of the back end. */
  readonly name: KernelName;
  /** The back end and its instructions, in one line for run records. */
  readonly description: string;
  /** Opens an arena of arrays for these kernels. */
  openArena(): Arena;

  /** The forward pass of a sparse layer. */
  readonly sparseForward: ForwardKernel<SparseArrays>;
  /** The backward pass of a sparse layer. */
  readonly sparseBackward: BackwardKernel<SparseArrays>;
  /** The gradient of every stored weight and every bias: the mean over the batch. */
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
  /** The same gradient and the momentum step in one pass; `gradient` is scratch. */
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

  /** The forward pass of a dense layer. */
  readonly denseForward: ForwardKernel<DenseArrays>;
  /** The backward pass of a dense layer. */
  readonly denseBackward: BackwardKernel<DenseArrays>;
  /**
   * Like `sparseGradient`, for a dense layer. `transposed` is scratch of length stride ×
   * `strideOf(columns)`.
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

  /** The forward pass of a sparse layer for one sample: `x` and `out` have one value per neuron. */
  readonly sparseRow: RowKernel<SparseArrays>;
  /** The forward pass of a dense layer for one sample. */
  readonly denseRow: RowKernel<DenseArrays>;

  /** z ← sin z in place, for a layer of `rows` neurons. Writes the derivative cos z to `factor`. */
  sine(
    rows: number,
    z: FloatArray,
    factor: FloatArray | null,
    stride: number,
    from?: number,
    to?: number,
  ): void;

  /** One momentum step. */
  sgdUpdate(
    gradient: FloatArray,
    weights: FloatArray,
    velocity: FloatArray,
    step: SgdStep,
    from?: number,
    to?: number,
  ): void;
  /** One Adam step. */
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
   * dz = softmax(z) − y for the first `batch` columns and 0 in the padding. y is smoothing / classes for
   * every class, plus 1 − smoothing for the label. Adds the summed loss to `result[0]`, and the number of
   * samples whose largest logit is their label to `result[1]`. With `weights`, one per sample, a sample's
   * dz and loss are multiplied by its weight.
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
   * For a network that predicts numbers: dz = 2 (z − y) for the first `batch` columns and 0 in the padding.
   * `targets` has the layout of `z`. A sample's loss is the mean of its squared errors; their sum over the
   * samples is added to `result[0]`. So dz is `outputs` times the gradient of the loss. The step of an
   * output neuron thus does not depend on the number of outputs. With `weights`, one per sample, a sample's
   * dz and error are multiplied by its weight.
   */
  squaredError(
    outputs: number,
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
 * The padded size of a batch: the next multiple of 16.
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

/** The end of the whole range of a sparse layer's backward pass: of inputs, or of panels. */
export function backwardEnd(
  { blockSize, columns }: Pick<SparseArrays, "blockSize" | "columns">,
  stride: number,
): number {
  return blockSize === 1 ? columns : Math.ceil(stride / PANEL);
}

/**
 * The index of one feature of one sample in a layer's activations.
 *
 * @param features The number of features: the layer's neurons, or the network's inputs.
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
