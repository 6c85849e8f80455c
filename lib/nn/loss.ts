import { type FloatArray, strideOf } from "../kernels/mod.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Computes the gradient of the batch's loss with respect to the network's outputs. Adds the summed loss
 * to `workspace.result[0]`, and the number of correctly classified samples to `workspace.result[1]`.
 *
 * @param outputs The last layer's outputs: rows × stride.
 * @param smoothing The share of every label that is spread over all classes.
 * @param weighted If `true`, every sample's loss is multiplied by its weight in `workspace.weights`.
 * @param dz The array that receives the gradient: rows × stride.
 */
export function lossGradient(
  { kernels, layers, output }: Network,
  workspace: Workspace,
  batch: number,
  outputs: FloatArray,
  smoothing: number,
  weighted: boolean,
  dz: FloatArray,
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
    smoothing,
    dz,
    result,
    weights,
  );
}
