import { activationIndex, type FloatArray, strideOf } from "../kernels/mod.ts";
import type { Workspace } from "../nn/mod.ts";
import { randomStream, shuffle } from "../random.ts";

/** Rows for training: the network's inputs, with classes or numbers to predict. */
export interface Rows {
  /** Number of rows. */
  readonly rows: number;
  /** Number of inputs. */
  readonly columns: number;
  /** Length rows × columns, row by row. */
  readonly features: Float32Array;
  /** Length rows: the class of every row; 0 if numbers are predicted. */
  readonly labels: Int32Array;
  /**
   * Length rows × outputs, row by row: the standardised numbers to predict, one a row or, for an autoencoder,
   * the features themselves. Left out: classes are predicted.
   */
  readonly targets?: Float32Array | undefined;
  /**
   * Length rows × classes, row by row: the probabilities of classes that are learned in place of the labels.
   * Left out: the labels are learned.
   */
  readonly soft?: Float32Array | undefined;
  /** Length rows: weights in training, not negative. Only their ratios matter. Left out: all equal. */
  readonly weights?: Float32Array | undefined;
}

/** The order of the rows in an epoch: a shuffle that depends on seed and epoch alone. */
export function epochOrder(rows: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, randomStream(seed, "batches", epoch));
  return order;
}

/**
 * The number of batches in an epoch.
 *
 * @param dropLast If `true`, as in the paper, an incomplete last batch is left out, unless it is the
 * only one.
 */
export function batchesPerEpoch(rows: number, batchSize: number, dropLast: boolean): number {
  const whole = Math.floor(rows / batchSize);
  return dropLast && whole > 0 ? whole : Math.ceil(rows / batchSize);
}

/**
 * Writes rows into a workspace: features into `input`, classes into `labels`, numbers to predict into
 * `targets`.
 *
 * @param order The order of the row numbers; `null` for ascending row numbers.
 * @param start The place in this order of the first row.
 * @param count The number of rows.
 * @param weights Length rows: written into the workspace's weights, divided by their mean over the batch.
 * So the mean of the weighted losses is their weighted mean, as in PyTorch's `CrossEntropyLoss`, and no
 * batch counts more than another. Weights that are all 0 stay 0.
 * @returns The number of rows written: `count`, or fewer at the end of the order.
 */
export function gatherBatch(
  workspace: Workspace,
  from: Rows,
  order: Int32Array | null,
  start: number,
  count: number,
  weights?: Float32Array,
): number {
  const { columns, features, labels, targets } = from;
  const batch = Math.min(count, (order ?? labels).length - start);
  const stride = strideOf(batch);
  const { input } = workspace;
  const numbers = targets === undefined ? 0 : targets.length / from.rows;
  for (let b = 0; b < batch; b++) {
    const row = order === null ? start + b : order[start + b];
    const offset = row * columns;
    const first = activationIndex(columns, stride, 0, b);
    const width = columns > 1 ? activationIndex(columns, stride, 1, b) - first : 0;
    for (let i = 0; i < columns; i++) input[first + i * width] = features[offset + i];
    workspace.labels[b] = labels[row];
    if (numbers === 1) workspace.targets[b] = targets![row];
    else if (numbers > 1) {
      const first = activationIndex(numbers, stride, 0, b);
      const width = activationIndex(numbers, stride, 1, b) - first;
      for (let i = 0; i < numbers; i++) {
        workspace.targets[first + i * width] = targets![row * numbers + i];
      }
    }
    if (weights !== undefined) workspace.weights[b] = weights[row];
  }
  if (weights === undefined) return batch;
  let sum = 0;
  for (let b = 0; b < batch; b++) sum += workspace.weights[b];
  const scale = sum === 0 ? 0 : batch / sum;
  for (let b = 0; b < batch; b++) workspace.weights[b] *= scale;
  return batch;
}

/**
 * The probabilities that a batch's rows are to be learned with, laid out as a network's outputs. `undefined`
 * where labels are learned.
 *
 * @param order The order of the row numbers.
 * @param start The place in this order of the first row.
 * @param batch The number of rows.
 */
export function softTargets(
  { soft, rows }: Rows,
  order: Int32Array,
  start: number,
  batch: number,
): FloatArray | undefined {
  if (soft === undefined) return undefined;
  const classes = soft.length / rows;
  const stride = strideOf(batch);
  const targets = new Float32Array(classes * stride);
  for (let b = 0; b < batch; b++) {
    const first = order[start + b] * classes;
    for (let c = 0; c < classes; c++) {
      targets[activationIndex(classes, stride, c, b)] = soft[first + c];
    }
  }
  return targets;
}
