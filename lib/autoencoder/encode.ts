import { requireKind } from "../arguments.ts";
import { inputCount, preprocess } from "../data/preprocessing/mod.ts";
import { activationIndex, chooseKernels, type Kernels, strideOf } from "../kernels/mod.ts";
import { quoted, requireInteger } from "../messages.ts";
import { forward, type Network, openNetwork, openWorkspace } from "../nn/mod.ts";
import { rawFeatures, type RawRows } from "../prediction/mod.ts";
import { activationOf } from "../settings/mod.ts";
import { gatherBatch } from "../training/mod.ts";
import type { Autoencoder } from "./autoencoder.ts";

/** Rows in a batch. */
const BATCH = 128;

/** The options of {@linkcode encode}. */
export interface EncodeOptions {
  /** The member that computes the code, counted from 0. Left out: the first member. */
  readonly member?: number | undefined;
  /** The back end. Left out: the fastest that works here. */
  readonly kernels?: Kernels | undefined;
}

/**
 * The index of the hidden layer that holds the code, from 0. It is the narrowest one, and the first of
 * equally narrow ones.
 */
export function codeLayer({ settings: { hidden } }: Pick<Autoencoder, "settings">): number {
  return hidden.indexOf(Math.min(...hidden));
}

/**
 * Computes the codes of rows: the activations of the narrowest hidden layer, without noise.
 *
 * @param rows Raw feature columns, in the order of `autoencoder.preprocessing.featureNames`, or objects.
 * @returns Length rows × neurons of the narrowest hidden layer, row by row.
 * @throws {TypeError} If the rows have another number of columns, or text in a column of numbers.
 * @throws {RangeError} If a value is infinite, or there is no such member.
 *
 * @example Usage
 * ```ts
 * import { autoencoder, datasetFromArrays } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const features = Array.from({ length: 100 }, (_, row) => [row, 100 - row, row * row]);
 * const dataset = datasetFromArrays({ features, targets: features.map(([x]) => x) });
 * const settings = { hidden: [16, 2, 16], epsilon: 4, epochs: 20, batchSize: 16 };
 * const trained = await autoencoder.fitAutoencoder(dataset, settings);
 * assert.equal(autoencoder.encode(trained, features).length, 100 * 2);
 * ```
 */
export function encode(
  autoencoder: Autoencoder,
  rows: RawRows,
  { member = 0, kernels }: EncodeOptions = {},
): Float32Array {
  requireAutoencoder(autoencoder);
  requireInteger("encode", member, "member", 0, autoencoder.members.length - 1);
  const { inputs, count } = inputsOf(autoencoder, rows);
  // An embedding layer comes before the hidden layers.
  const before = autoencoder.settings.embedding === "none" ? 0 : 1;
  using network = open(autoencoder, member, kernels);
  return layerOutputs(network, inputs, count, before + codeLayer(autoencoder));
}

/**
 * Reconstructs rows: the mean of the members' outputs.
 *
 * @param rows Raw feature columns, in the order of `autoencoder.preprocessing.featureNames`, or objects.
 * @returns Length rows × inputs, row by row, in the scale of the inputs that `data.preprocess` returns.
 * @throws {TypeError} If the rows have another number of columns, or text in a column of numbers.
 * @throws {RangeError} If a value is infinite.
 */
export function reconstruct(
  autoencoder: Autoencoder,
  rows: RawRows,
  kernels?: Kernels,
): Float32Array {
  const { inputs, count } = inputsOf(autoencoder, rows);
  return meanOutputs(autoencoder, inputs, count, kernels);
}

/**
 * Computes the reconstruction error of every row: the mean squared error over the scaled inputs. A row
 * unlike the training rows has a large error.
 *
 * @returns Length rows.
 * @throws {TypeError} If the rows have another number of columns, or text in a column of numbers.
 * @throws {RangeError} If a value is infinite.
 */
export function reconstructionErrors(
  autoencoder: Autoencoder,
  rows: RawRows,
  kernels?: Kernels,
): Float64Array {
  const { inputs, count } = inputsOf(autoencoder, rows);
  const outputs = meanOutputs(autoencoder, inputs, count, kernels);
  const width = inputCount(autoencoder.preprocessing);
  const errors = new Float64Array(count);
  outputs.forEach((output, i) => {
    errors[Math.floor(i / width)] += (output - inputs[i]) ** 2 / width;
  });
  return errors;
}

/** Checks that a value is an autoencoder. A model, for example, is not. */
function requireAutoencoder(value: Autoencoder): void {
  const kind = {
    name: "an autoencoder",
    has: ["members", "settings", "preprocessing"],
    makers: ["fitAutoencoder", "loadAutoencoder"],
    within: "autoencoder",
  };
  requireKind("encode rows", value, kind);
  if (value.settings.task === "reconstruction") return;
  throw new TypeError(
    `Cannot encode rows: found a model of ${quoted(value.settings.task)}, need an autoencoder`,
  );
}

function inputsOf(autoencoder: Autoencoder, rows: RawRows) {
  requireAutoencoder(autoencoder);
  const { preprocessing } = autoencoder;
  const { features, count } = rawFeatures(preprocessing, rows);
  const columns = preprocessing.featureNames.length;
  return { inputs: preprocess(preprocessing, features, count, columns), count };
}

function meanOutputs(
  autoencoder: Autoencoder,
  inputs: Float32Array,
  count: number,
  kernels: Kernels | undefined,
): Float32Array {
  const { members } = autoencoder;
  const mean = new Float32Array(inputs.length);
  members.forEach(({ layers }, m) => {
    using network = open(autoencoder, m, kernels);
    const outputs = layerOutputs(network, inputs, count, layers.length - 1);
    outputs.forEach((output, i) => mean[i] += output / members.length);
  });
  return mean;
}

function open({ members, settings }: Autoencoder, member: number, kernels?: Kernels): Network {
  const chosen = kernels ?? chooseKernels("auto").kernels;
  return openNetwork(chosen, members[member].layers, activationOf(settings), null, "numbers");
}

/** The outputs of one layer for some rows, row by row. */
function layerOutputs(network: Network, inputs: Float32Array, rows: number, l: number) {
  const workspace = openWorkspace(network, BATCH, false);
  const [{ columns }] = network.layers;
  const { rows: width } = network.layers[l];
  const outputs = new Float32Array(rows * width);
  const from = { rows, columns, features: inputs, labels: new Int32Array(rows) };
  for (let start = 0; start < rows; start += BATCH) {
    const batch = gatherBatch(workspace, from, null, start, BATCH);
    forward(network, workspace, batch);
    const stride = strideOf(batch);
    for (let b = 0; b < batch; b++) {
      for (let neuron = 0; neuron < width; neuron++) {
        const at = activationIndex(width, stride, neuron, b);
        outputs[(start + b) * width + neuron] = workspace.outputs[l][at];
      }
    }
  }
  return outputs;
}
