import { activationIndex, type FloatArray, strideOf } from "../kernels/mod.ts";
import type { Workspace } from "../nn/mod.ts";
import { randomStream, shuffle } from "../random.ts";
import { type EpochOrder, rowNumbers, type Rows } from "./rows.ts";

/** Shuffles the row numbers for an epoch. The result depends on the seed and the epoch only. */
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
 * @param order The order of the rows; `null` for ascending row numbers.
 * @param start The place in this order of the first row.
 * @param count The number of rows.
 * @param weights Length rows: the weight of every row. They are divided by their mean over the batch and
 * written into the workspace. So the batch's loss is the weighted mean, as in PyTorch's `CrossEntropyLoss`,
 * and every batch counts the same. If all weights of a batch are 0, they stay 0.
 * @returns The number of rows written: `count`, or fewer at the end of the order.
 */
export function gatherBatch(
  workspace: Workspace,
  from: Rows,
  order: EpochOrder | null,
  start: number,
  count: number,
  weights?: Float32Array,
): number {
  const { stream } = from;
  const listed = order === null || stream !== undefined ? null : rowNumbers(order);
  const batch = Math.min(count, (listed?.length ?? from.rows) - start);
  if (stream === undefined) {
    gatherRows(workspace, from, listed, start, batch, 0, batch);
    return weights === undefined ? batch : gatherWeights(workspace, weights, listed, start, batch);
  }
  const known = order instanceof Int32Array ? null : order;
  for (let done = 0; done < batch;) {
    const window = stream.window(known, start + done);
    const part = Math.min(batch - done, window.end - start - done);
    const first = start + done - window.start;
    gatherRows(workspace, window.rows, window.order, first, part, done, batch);
    done += part;
  }
  return batch;
}

/** Writes rows into a batch of `batch` rows, from its row `to` on. */
function gatherRows(
  workspace: Workspace,
  from: Rows,
  order: Int32Array | null,
  start: number,
  count: number,
  to: number,
  batch: number,
): void {
  const { columns, features, labels, targets } = from;
  const stride = strideOf(batch);
  const { input } = workspace;
  const numbers = targets === undefined ? 0 : targets.length / from.rows;
  for (let b = to; b < to + count; b++) {
    const place = start + b - to;
    const row = order === null ? place : order[place];
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
  }
}

/** Writes the weights of rows, with a mean of 1. */
function gatherWeights(
  workspace: Workspace,
  weights: Float32Array,
  order: Int32Array | null,
  start: number,
  batch: number,
): number {
  for (let b = 0; b < batch; b++) {
    workspace.weights[b] = weights[order === null ? start + b : order[start + b]];
  }
  let sum = 0;
  for (let b = 0; b < batch; b++) sum += workspace.weights[b];
  const scale = sum === 0 ? 0 : batch / sum;
  for (let b = 0; b < batch; b++) workspace.weights[b] *= scale;
  return batch;
}

/**
 * Gathers the probabilities that a batch is to learn, laid out as a network's outputs. Returns `undefined`
 * if the labels are learned.
 *
 * @param order The order of the row numbers.
 * @param start The place in this order of the first row.
 * @param batch The number of rows.
 */
export function softTargets(
  { soft, rows }: Rows,
  order: EpochOrder,
  start: number,
  batch: number,
): FloatArray | undefined {
  if (soft === undefined) return undefined;
  const numbers = rowNumbers(order);
  const classes = soft.length / rows;
  const stride = strideOf(batch);
  const targets = new Float32Array(classes * stride);
  for (let b = 0; b < batch; b++) {
    const first = numbers[start + b] * classes;
    for (let c = 0; c < classes; c++) {
      targets[activationIndex(classes, stride, c, b)] = soft[first + c];
    }
  }
  return targets;
}
