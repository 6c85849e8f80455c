import { activationIndex, type FloatArray, type Kernels, strideOf } from "../kernels/mod.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Computes the gradient of the batch's loss with respect to the network's outputs. Adds the summed loss
 * to `workspace.result[0]`, and the number of correctly classified samples to `workspace.result[1]`.
 *
 * If the targets are probabilities q, the loss is the cross-entropy −Σ q log p, and its gradient is p − q:
 * G. Hinton, O. Vinyals and J. Dean, "Distilling the knowledge in a neural network", 2015,
 * https://arxiv.org/abs/1503.02531.
 *
 * @param outputs The last layer's outputs: rows × stride.
 * @param smoothing The share of every label that is spread over all classes.
 * @param weighted If `true`, every sample's loss is multiplied by its weight in `workspace.weights`.
 * @param dz The array that receives the gradient: rows × stride.
 * @param soft The probabilities to learn, laid out as the outputs, with sum 1 for every sample. They
 * replace labels and smoothing. Left out: the labels are learned.
 */
export function lossGradient(
  { kernels, layers, output }: Network,
  workspace: Workspace,
  batch: number,
  outputs: FloatArray,
  smoothing: number,
  weighted: boolean,
  dz: FloatArray,
  soft?: FloatArray,
): void {
  const { labels, targets, result } = workspace;
  const weights = weighted ? workspace.weights : null;
  const stride = strideOf(batch);
  const { rows } = layers[layers.length - 1];
  if (output === "numbers") {
    kernels.squaredError(rows, batch, stride, outputs, targets, dz, result, weights);
    return;
  }
  kernels.softmaxCrossEntropy(
    rows,
    batch,
    stride,
    outputs,
    labels,
    soft === undefined ? smoothing : 0,
    dz,
    result,
    weights,
  );
  if (soft !== undefined) {
    softenLabels(kernels, rows, batch, outputs, labels, weights, soft, dz, result);
  }
}

/**
 * Turns the loss for labels and its gradient into those for probabilities. All back ends share this loop;
 * its time is negligible.
 */
function softenLabels(
  kernels: Kernels,
  classes: number,
  batch: number,
  outputs: FloatArray,
  labels: Int32Array,
  weights: FloatArray | null,
  soft: FloatArray,
  dz: FloatArray,
  result: Float64Array,
): void {
  const stride = strideOf(batch);
  // Computes p again: p − 1 + 1 − q would lose the last digits of p.
  kernels.softmax(classes, batch, stride, outputs, dz);
  for (let b = 0; b < batch; b++) {
    const weight = weights === null ? 1 : weights[b];
    let likely = 0;
    for (let c = 0; c < classes; c++) {
      const at = activationIndex(classes, stride, c, b);
      likely += soft[at] * outputs[at];
      dz[at] = weight * (dz[at] - soft[at]);
    }
    result[0] += weight * (outputs[activationIndex(classes, stride, labels[b], b)] - likely);
  }
}
