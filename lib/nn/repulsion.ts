/**
 * A term of the loss that drives a network's outputs away from given ones, such as those of earlier
 * members.
 *
 * @module
 */
import { activationIndex, type FloatArray, strideOf } from "../kernels/mod.ts";
import type { Network } from "./network.ts";
import type { Workspace } from "./workspace.ts";

/** Outputs that a network is driven away from, for the samples of one batch. */
export interface Repulsion {
  /** Length outputs × stride, laid out as the network's outputs: probabilities, or numbers. */
  readonly from: FloatArray;
  /** The factor of the term. */
  readonly strength: number;
}

/**
 * Adds the gradient of the repulsion to the gradient of the loss. The repulsion is −strength × (f − g)² for
 * numbers, and −strength / 2 × |p − g|² for probabilities. The reported loss does not contain it. All back
 * ends share this loop; its time is negligible.
 *
 * @param outputs The last layer's outputs: rows × stride.
 * @param weighted If `true`, every sample's term is multiplied by its weight in `workspace.weights`.
 * @param dz The gradient with respect to the outputs: rows × stride.
 */
export function addRepulsion(
  { kernels, layers, output }: Network,
  workspace: Workspace,
  batch: number,
  outputs: FloatArray,
  { from, strength }: Repulsion,
  weighted: boolean,
  dz: FloatArray,
): void {
  const { predictions: p, weights } = workspace;
  const stride = strideOf(batch);
  const factorOf = (b: number) => weighted ? strength * weights[b] : strength;
  const classes = layers[layers.length - 1].rows;
  if (output === "numbers") {
    for (let number = 0; number < classes; number++) {
      for (let b = 0; b < batch; b++) {
        const at = activationIndex(classes, stride, number, b);
        dz[at] -= 2 * factorOf(b) * (outputs[at] - from[at]);
      }
    }
    return;
  }
  kernels.softmax(classes, batch, stride, outputs, p);
  for (let b = 0; b < batch; b++) {
    const at = (c: number) => activationIndex(classes, stride, c, b);
    let mean = 0;
    for (let c = 0; c < classes; c++) mean += p[at(c)] * (p[at(c)] - from[at(c)]);
    // The derivative of the softmax, so that p stays a distribution.
    for (let c = 0; c < classes; c++) {
      dz[at(c)] -= factorOf(b) * p[at(c)] * (p[at(c)] - from[at(c)] - mean);
    }
  }
}
