/**
 * The prediction of an ensemble: the mean of its members' outputs (equation 1 of the paper). If the method
 * gives its members votes, it is the sum weighted by votes.
 *
 * @module
 */
import type { Kernels } from "../kernels/mod.ts";
import {
  type Activation,
  forwardRow,
  type Member,
  type Network,
  openNetwork,
  openWorkspace,
  type Workspace,
} from "../nn/mod.ts";
import { addOutputs } from "../training/mod.ts";

/** An ensemble in kernel memory, ready to predict. */
export interface OpenEnsemble extends Disposable {
  /** The number of inputs of every member. */
  readonly columns: number;
  /** The number of classes; 1 if numbers are predicted. */
  readonly classes: number;
  /**
   * The members.
   *
   * @throws {Error} If the memory was freed. Other data may be in its place, and kernels do not check.
   */
  readonly networks: readonly {
    readonly network: Network;
    readonly workspace: Workspace;
    /** The factor of the member's outputs in the ensemble's prediction. */
    readonly vote: number;
  }[];
  /** Frees the memory. Safe to call twice. */
  dispose(): void;
}

/** The number of rows in a batch. */
const BATCH = 128;

/**
 * Copies members into kernel memory for prediction.
 *
 * @param batch The number of rows in a batch.
 * @throws {RangeError} If there are no members.
 */
export function openEnsemble(
  members: readonly Member[],
  activation: Activation,
  kernels: Kernels,
  batch: number = BATCH,
): OpenEnsemble {
  if (members.length === 0) throw new RangeError("Cannot predict: the ensemble has no members");
  const networks = members.map(({ layers, vote = 1 / members.length }) => {
    const network = openNetwork(kernels, layers, activation, null);
    return { network, workspace: openWorkspace(network, batch, false), vote };
  });
  const { layers } = members[0];
  let closed = false;
  const dispose = () => {
    closed = true;
    networks.forEach(({ network }) => network.dispose());
  };
  return {
    columns: layers[0].shape[1],
    classes: layers[layers.length - 1].shape[0],
    get networks() {
      if (closed) throw new Error("Cannot predict: found a closed model, need it opened anew");
      return networks;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/**
 * Predicts with every member: class probabilities, or one standardised number per row.
 *
 * @param inputs Length rows × columns: preprocessed rows, row by row.
 * @returns One array of class probabilities per member, of length rows × classes, row by row.
 */
export function memberOutputs(
  ensemble: OpenEnsemble,
  inputs: Float32Array,
  rows: number,
): Float32Array[] {
  return ensemble.networks.map(({ network, workspace }) => {
    const outputs = new Float32Array(rows * ensemble.classes);
    addOutputs(network, workspace, inputs, rows, 1, outputs);
    return outputs;
  });
}

/**
 * Computes the mean of the members' outputs, or their sum weighted by votes if members have votes. The
 * outputs of a row do not depend on the other rows, up to rounding.
 *
 * @returns Length rows × classes, row by row.
 */
export function ensembleOutputs(
  ensemble: OpenEnsemble,
  inputs: Float32Array,
  rows: number,
): Float32Array {
  const outputs = new Float32Array(rows * ensemble.classes);
  for (const { network, workspace, vote } of ensemble.networks) {
    // A panel has at least 16 rows. From two rows on, it is faster than single rows.
    if (rows === 1) addRowOutputs(network, workspace, inputs, vote, outputs);
    else addOutputs(network, workspace, inputs, rows, vote, outputs);
  }
  return outputs;
}

/** As {@linkcode addOutputs}, for one row alone. */
function addRowOutputs(
  network: Network,
  workspace: Workspace,
  inputs: Float32Array,
  share: number,
  outputs: Float32Array,
): void {
  const logits = forwardRow(network, workspace, inputs);
  const classes = outputs.length;
  if (network.output === "numbers") {
    for (let c = 0; c < classes; c++) outputs[c] += share * logits[c];
    return;
  }
  let largest = logits[0];
  for (let c = 1; c < classes; c++) if (logits[c] > largest) largest = logits[c];
  let total = 0;
  for (let c = 0; c < classes; c++) total += Math.exp(logits[c] - largest);
  for (let c = 0; c < classes; c++) {
    outputs[c] += share * Math.exp(logits[c] - largest) / total;
  }
}

/**
 * Finds the most probable class of every row. Of equally probable classes it is the first.
 *
 * @param probabilities Length rows × classes, row by row.
 *
 * @example Usage
 * ```ts
 * import { mostProbable } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...mostProbable(Float32Array.of(0.2, 0.8, 0.6, 0.4), 2)], [1, 0]);
 * ```
 */
export function mostProbable(probabilities: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (probabilities[row * classes + c] > probabilities[row * classes + best]) best = c;
    }
    return best;
  });
}

/** The accuracy: the share of predictions that equal the labels. */
export function accuracyOf(
  predicted: ArrayLike<number>,
  labels: Int32Array,
  weights?: ArrayLike<number>,
): number {
  let [correct, sum] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    if (predicted[row] === labels[row]) correct += weight;
    sum += weight;
  }
  return correct / sum;
}
