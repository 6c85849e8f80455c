import { activationIndex, strideOf } from "../kernels/mod.ts";
import { forward, lossGradient, type Network, type Workspace } from "../nn/mod.ts";
import { gatherBatch } from "./batches.ts";
import type { Rows } from "./rows.ts";

/** The scores of a network on some rows: means over the rows, weighted if the rows have weights. */
export interface Evaluation {
  /** The share of rows whose largest logit is their class; `null` if numbers are predicted. */
  readonly accuracy: number | null;
  /** The mean cross-entropy, or the mean squared error. */
  readonly loss: number;
}

/** Scores a network on rows, without dropout. */
export function evaluate(network: Network, workspace: Workspace, rows: Rows): Evaluation {
  const { layers, output } = network;
  if (rows.weights !== undefined) {
    const outputs = new Float32Array(rows.rows * layers[layers.length - 1].rows);
    addOutputs(network, workspace, rows.features, rows.rows, 1, outputs);
    const { accuracy, loss } = scoreOutputs(outputs, rows);
    return { accuracy: output === "numbers" ? null : accuracy, loss };
  }
  workspace.result.fill(0);
  for (let start = 0; start < rows.rows; start += workspace.capacity) {
    const batch = gatherBatch(workspace, rows, null, start, workspace.capacity);
    const logits = forward(network, workspace, batch);
    lossGradient(network, workspace, batch, logits, 0, false, workspace.predictions);
  }
  return {
    accuracy: output === "numbers" ? null : workspace.result[1] / rows.rows,
    loss: workspace.result[0] / rows.rows,
  };
}

/**
 * Adds a network's predictions × `share` to `outputs`: the softmax of its logits, or the numbers
 * that it predicts.
 *
 * @param features Length rows × inputs, row by row.
 * @param outputs Length rows × classes, row by row.
 */
export function addOutputs(
  network: Network,
  workspace: Workspace,
  features: Float32Array,
  rows: number,
  share: number,
  outputs: Float32Array,
): void {
  const { kernels, layers, output } = network;
  const columns = layers[0].columns;
  const classes = layers[layers.length - 1].rows;
  const unlabelled = { rows, columns, features, labels: new Int32Array(rows) };
  for (let start = 0; start < rows; start += workspace.capacity) {
    const batch = gatherBatch(workspace, unlabelled, null, start, workspace.capacity);
    const stride = strideOf(batch);
    const logits = forward(network, workspace, batch);
    const p = output === "numbers" ? logits : workspace.predictions;
    if (output === "classes") kernels.softmax(classes, batch, stride, logits, p);
    for (let b = 0; b < batch; b++) {
      for (let c = 0; c < classes; c++) {
        outputs[(start + b) * classes + c] += share * p[activationIndex(classes, stride, c, b)];
      }
    }
  }
}

/** Lower probabilities are raised to this one, so that logarithms are finite. */
const LEAST = Number.EPSILON;

/**
 * Scores outputs. For probabilities it returns the accuracy and the mean cross-entropy; for numbers an
 * accuracy of 0 and the mean squared error. Means are weighted if the rows have weights.
 *
 * @param outputs Length rows × classes, or rows × numbers, row by row.
 */
export function scoreOutputs(
  outputs: ArrayLike<number>,
  { rows, labels, targets, weights }: Rows,
): { accuracy: number; loss: number } {
  const classes = outputs.length / rows;
  let [correct, loss, sum] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight;
    const from = row * classes;
    if (targets !== undefined) {
      let squares = 0;
      for (let i = from; i < from + classes; i++) squares += (outputs[i] - targets[i]) ** 2;
      loss += weight * (squares / classes);
      continue;
    }
    let best = 0;
    for (let c = 1; c < classes; c++) if (outputs[from + c] > outputs[from + best]) best = c;
    if (best === labels[row]) correct += weight;
    loss -= weight * Math.log(Math.max(outputs[from + labels[row]], LEAST));
  }
  return { accuracy: correct / sum, loss: loss / sum };
}
