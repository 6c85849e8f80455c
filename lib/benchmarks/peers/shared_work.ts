/**
 * The work that all libraries share: a layer with its batch, a network in training, and the results of our
 * kernels. Every library is checked against these results.
 *
 * @module
 */
import { activationIndex, type FloatArray, type Kernels, strideOf } from "../../kernels/mod.ts";
import {
  initialLayers,
  openNetwork,
  openWorkspace,
  slopeOf,
  type StoredLayer,
  type StoredSparseLayer,
  trainStep,
} from "../../nn/mod.ts";
import { type Random, randomStream } from "../../random.ts";
import { activationOf, defaultSettings, optimizerOf } from "../../settings/mod.ts";
import { density, type Pattern, patternFromPositions, sampleSorted } from "../../sparse/mod.ts";
import { openSquareLayer } from "../measuring/mod.ts";
import type { WorkSizes } from "./peer.ts";

/** G, the size of blocks in our layers and in other libraries' block sparse rows. */
export const BLOCK = 8;

/** A matrix of stored weights, in ordinary memory. */
export type SharedLayer = Pick<StoredSparseLayer, "indptr" | "indices" | "data">;

/** The arrays of the work. Batches are features × batch, row by row. */
export interface SharedWork {
  readonly sizes: WorkSizes;
  /** The layer without blocks. */
  readonly csr: SharedLayer;
  /** A layer with the same number of weights, in blocks of {@linkcode BLOCK} neurons. */
  readonly blocks: SharedLayer;
  readonly x: Float32Array;
  /** The gradient of the layer's output. */
  readonly dz: Float32Array;
  /** The results of the layer without blocks: its output, and the gradients of its input and its weights. */
  readonly expected: {
    readonly out: Float32Array;
    readonly dx: Float32Array;
    readonly gradient: Float32Array;
    /** The output of the layer with blocks. */
    readonly blockOut: Float32Array;
  };
  readonly network: SharedNetwork;
}

/** A sparse network, its batch, and the settings of its training. */
export interface SharedNetwork {
  readonly layers: readonly SharedLayer[];
  readonly features: Float32Array;
  readonly labels: Int32Array;
  /** The factor of negative pre-activations in every hidden layer. */
  readonly slopes: readonly number[];
  readonly dropout: number;
  readonly momentum: number;
  /** λ. */
  readonly decay: number;
  /** The learning rate of the check. */
  readonly rate: number;
  /** The mean loss without dropout and decay: before the check's step, and after it. */
  readonly losses: readonly [before: number, after: number];
}

/** Draws a pattern with exactly the number of connections of the density. It is the same for every G. */
export function exactPattern(
  shape: Pattern["shape"],
  density: number,
  random: Random,
): Pattern {
  const cells = shape[0] * shape[1];
  return patternFromPositions(sampleSorted(Math.round(density * cells), cells, random), shape);
}

/** A square layer's pattern. If `blockSize` is not 1, it is a pattern of blocks. */
export function exactSquare({ neurons, epsilon }: WorkSizes, blockSize: number): Pattern {
  const share = density(epsilon, neurons, neurons);
  return exactPattern([neurons / blockSize, neurons], share, randomStream(neurons, "peers"));
}

/** Draws the work and computes its results. `neurons` must be a multiple of {@linkcode BLOCK}. */
export function drawSharedWork(kernels: Kernels, sizes: WorkSizes): SharedWork {
  const { neurons, batch } = sizes;
  using arena = kernels.openArena();
  const stride = strideOf(batch);
  const square = openSquareLayer(exactSquare(sizes, 1), stride, arena);
  const blocks = openSquareLayer(exactSquare(sizes, BLOCK), stride, arena, BLOCK).layer;
  const { layer, x, dz, out, gradient } = square;
  const gate = { slope: 1, dropThreshold: 0, dropKey: 0 };
  const rows = (array: FloatArray) => inRows(array, neurons, batch);
  kernels.sparseForward(layer, x, out, null, gate, stride);
  const forward = rows(out);
  kernels.sparseForward(blocks, x, out, null, gate, stride);
  const blockOut = rows(out);
  kernels.sparseBackward(layer, dz, null, out, stride);
  const dx = rows(out);
  kernels.sparseGradient(layer, x, dz, gradient, stride, batch);
  // Our gradient is the mean over the batch. Other libraries sum over the batch.
  const sums = Float32Array.from(gradient.weights, (mean) => mean * batch);
  return {
    sizes,
    csr: copyOf({ ...layer, data: layer.weights }),
    blocks: copyOf({ ...blocks, data: blocks.weights }),
    x: rows(x),
    dz: rows(dz),
    expected: { out: forward, dx, gradient: sums, blockOut },
    network: drawNetwork(kernels, sizes),
  };
}

function drawNetwork(
  kernels: Kernels,
  { layers: sizes, epsilon, batch }: WorkSizes,
): SharedNetwork {
  const settings = defaultSettings("fd");
  const activation = activationOf(settings);
  const stored = initialLayers({ ...settings, sizes, epsilon, seed: 1, connections: exactPattern });
  const { momentum, weightDecay: decay, dropout } = settings;
  const optimizer = { ...optimizerOf({ ...settings, weightDecay: 0 }) };
  const random = randomStream(1, "peers' batch");
  const features = Float32Array.from({ length: sizes[0] * batch }, () => random.float() - 0.5);
  const labels = Int32Array.from(
    { length: batch },
    (_, sample) => sample % sizes[sizes.length - 1],
  );
  const network = openNetwork(kernels, stored, activation, optimizer);
  try {
    const workspace = openWorkspace(network, batch, true);
    features.forEach((value, i) => {
      const at = activationIndex(sizes[0], strideOf(batch), Math.floor(i / batch), i % batch);
      workspace.input[at] = value;
    });
    workspace.labels.set(labels);
    const rate = 0.1;
    const loss = (step: number) =>
      trainStep(network, workspace, batch, {
        ...{ optimizer, learningRate: rate, dropout: 0, labelSmoothing: 0, step },
        dropKey: () => 0,
      }).loss / batch;
    const slopes = sizes.slice(2).map((_, hidden) => slopeOf(activation, hidden + 1));
    const layers = stored.map(sparse).map(copyOf);
    const losses = [loss(1), loss(2)] as const;
    return { layers, features, labels, slopes, dropout, momentum, decay, rate, losses };
  } finally {
    network.dispose();
  }
}

function sparse(layer: StoredLayer): StoredSparseLayer {
  if (layer.kind === "dense") throw new TypeError("Cannot share a dense layer");
  return layer;
}

function copyOf(
  { indptr, indices, data }: { indptr: Int32Array; indices: Int32Array; data: FloatArray },
): SharedLayer {
  return { indptr: indptr.slice(), indices: indices.slice(), data: Float32Array.from(data) };
}

/** Rearranges activations from panels to rows. */
function inRows(array: FloatArray, features: number, batch: number): Float32Array {
  const stride = strideOf(batch);
  return Float32Array.from(
    { length: features * batch },
    (_, i) => array[activationIndex(features, stride, Math.floor(i / batch), i % batch)],
  );
}

/** The largest difference, as a share of the largest expected number. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let [most, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(found[i] - expected[i]);
    if (!(off <= most)) most = off;
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return Number.isNaN(most) ? Infinity : most / largest;
}
