import { activationIndex, strideOf } from "../kernels/mod.ts";
import type { Workspace } from "../nn/mod.ts";
import { randomStream, shuffle } from "../random.ts";

/** Rows that a network can be trained on: inputs as the network takes them, and classes. */
export interface Rows {
  /** Number of rows. */
  readonly rows: number;
  /** Number of inputs. */
  readonly columns: number;
  /** Length rows × columns, row after row. */
  readonly features: Float32Array;
  /** Length rows: the class of every row; 0 where a number is predicted. */
  readonly labels: Int32Array;
  /** Length rows: the number to predict for every row, standardised. Left out: classes are learnt. */
  readonly targets?: Float32Array | undefined;
  /**
   * Length rows: how much each row counts in training, not negative; what matters is how large they
   * are compared with each other. Left out: all the same.
   */
  readonly weights?: Float32Array | undefined;
}

/** The order in which an epoch visits the rows: a fresh shuffle named by seed and epoch. */
export function epochOrder(rows: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, randomStream(seed, "batches", epoch));
  return order;
}

/**
 * How many batches an epoch has. The paper's recipe leaves the last incomplete one out.
 */
export function batchesPerEpoch(rows: number, batchSize: number, dropLast: boolean): number {
  const whole = Math.floor(rows / batchSize);
  return dropLast && whole > 0 ? whole : Math.ceil(rows / batchSize);
}

/**
 * Writes rows into a workspace's input, feature-major, and their classes into its labels, or the
 * numbers to predict into its targets.
 *
 * @param order The row numbers to take, from `start` on; `null` takes rows in order.
 * @param weights How much each row counts, to be written into the workspace's weights.
 * @returns How many rows were written: `count`, or fewer where the rows end.
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
  for (let b = 0; b < batch; b++) {
    const row = order === null ? start + b : order[start + b];
    const offset = row * columns;
    const first = activationIndex(columns, stride, 0, b);
    const width = columns > 1 ? activationIndex(columns, stride, 1, b) - first : 0;
    for (let i = 0; i < columns; i++) input[first + i * width] = features[offset + i];
    workspace.labels[b] = labels[row];
    if (targets !== undefined) workspace.targets[b] = targets[row];
    if (weights !== undefined) workspace.weights[b] = weights[row];
  }
  return batch;
}
