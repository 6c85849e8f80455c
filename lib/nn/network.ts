/**
 * The multilayer perceptron: sparse or dense layers and an activation function for hidden neurons. A
 * softmax follows the last layer, unless its outputs are numbers.
 *
 * @module
 */
import type { Arena, Kernels } from "../kernels/mod.ts";
import { type Random, randomStream } from "../random.ts";
import { blockSizeFor, density, erdosRenyi, ownBlocks, type Pattern } from "../sparse/mod.ts";
import type { Activation } from "./activation.ts";
import { fillInitial, type Initializer } from "./initializer.ts";
import { type Layer, openLayer, storeLayer } from "./layer.ts";
import { type Optimizer, stateSlots } from "./optimizer.ts";
import { type OutputKind, outputKindOf } from "./output_kind.ts";
import type { StoredLayer } from "./stored_layer.ts";

/** A network in kernel memory. */
export interface Network extends Disposable {
  /** The back end that computes the network. */
  readonly kernels: Kernels;
  /**
   * From the input to the output.
   *
   * @throws {Error} If the memory was freed. Other data may be in its place, and kernels do not check.
   */
  readonly layers: readonly Layer[];
  /** The activation function of hidden neurons. */
  readonly activation: Activation;
  /** The kind of the outputs, which decides on the loss. */
  readonly output: OutputKind;
  /** The owner of all arrays. */
  readonly arena: Arena;
  /** Frees the memory. Safe to call twice. */
  dispose(): void;
}

/** Options of {@linkcode initialLayers}. */
export interface InitialLayers {
  /** Neurons per layer, from the inputs to the classes. */
  readonly sizes: readonly number[];
  /** ε of the Erdős–Rényi topology, which sets its density; `null` for dense layers. */
  readonly epsilon: number | null;
  /** The density of every layer, from 0 to 1. Left out: the density that ε gives. */
  readonly densities?: readonly number[] | undefined;
  /**
   * G, the size of blocks: G neighbouring output neurons share their inputs. If G does not divide a layer's
   * neurons, the layer gets the largest smaller size that does. Left out: 1.
   */
  readonly blockSize?: number | undefined;
  /** The distribution of initial weights. Biases start at 0. */
  readonly initializer: Initializer;
  /** The fan-in of the initialiser: `dense` is the layer's inputs, `sparse` its mean connections. */
  readonly fan: "dense" | "sparse";
  /** The seed of the random streams. */
  readonly seed: number;
  /**
   * Draws the connections of every layer except the last. Returns a valid pattern of the shape blocks of
   * output neurons × input neurons. Left out: an Erdős–Rényi topology of the density.
   */
  readonly connections?:
    | ((shape: Pattern["shape"], density: number, random: Random, layer: number) => Pattern)
    | undefined;
  /** A number that distinguishes networks of one seed, such as independent members. Left out: 0. */
  readonly replica?: number;
}

/**
 * Draws the layers of a network: Erdős–Rényi topologies and initial weights. The expected number of
 * weights is the same for every size of blocks.
 *
 * @throws {RangeError} If there are fewer than two sizes, a size is not a positive integer, or there is
 * no memory for a dense layer.
 *
 * @example Usage
 * ```ts
 * import { initialLayers } from "@sparsemble/sparsemble/nn";
 * import assert from "node:assert/strict";
 *
 * const layers = initialLayers({
 *   sizes: [50, 1000, 5],
 *   epsilon: 20,
 *   initializer: "he-uniform",
 *   fan: "dense",
 *   seed: 1,
 * });
 * assert.deepEqual(layers[0].shape, [1000, 50]);
 * ```
 */
export function initialLayers(options: InitialLayers): StoredLayer[] {
  const { sizes, epsilon, seed, replica = 0 } = options;
  if (sizes.length < 2 || sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) {
    throw new RangeError(
      `Cannot lay out a network of sizes [${
        sizes.join(", ")
      }]: need at least two positive integers`,
    );
  }
  return sizes.slice(1).map((rows, layer) => {
    const columns = sizes[layer];
    const bias = new Float32Array(rows);
    const random = randomStream(seed, "weights", replica, layer);
    if (epsilon === null) {
      const weights = denseWeights(rows, columns);
      fillInitial(weights, options.initializer, columns, rows, random);
      return { kind: "dense", shape: [rows, columns], weights, bias };
    }
    const probability = options.densities?.[layer] ?? density(epsilon, rows, columns);
    const topology = randomStream(seed, "connections", replica, layer);
    const isOutput = layer === sizes.length - 2;
    const draw = isOutput ? undefined : options.connections;
    const blockSize = blockSizeFor(rows, options.blockSize ?? 1);
    const blockRows = rows / blockSize;
    const pattern = draw?.([blockRows, columns], probability, topology, layer) ??
      erdosRenyi(blockRows, columns, probability, topology);
    const { indptr, indices } = pattern;
    const data = new Float32Array(indices.length * blockSize);
    const drawn = draw === undefined ? probability : indices.length / (blockRows * columns);
    const share = options.fan === "sparse" ? drawn : 1;
    fillInitial(data, options.initializer, columns * share, rows * share, random);
    const shape = [rows, columns] as const;
    return { kind: "sparse", ...ownBlocks({ blockSize }), shape, indptr, indices, data, bias };
  });
}

function denseWeights(rows: number, columns: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(rows * columns);
  } catch (cause) {
    throw new RangeError(
      `Cannot lay out a dense layer of ${columns} inputs and ${rows} outputs: found too little ` +
        `memory, need ${(4 * rows * columns / 1e9).toFixed(1)} GB for its weights alone; ` +
        `a sparse layer needs less`,
      { cause },
    );
  }
}

/**
 * Copies stored layers into kernel memory as a network.
 *
 * @param optimizer The optimiser that will train the network; `null` for a network that only predicts.
 * @param output The kind of the outputs. Left out: one output is a number, several are classes.
 * @throws {TypeError} If a layer does not have as many inputs as the layer before it has outputs.
 */
export function openNetwork(
  kernels: Kernels,
  stored: readonly StoredLayer[],
  activation: Activation,
  optimizer: Optimizer | null,
  output?: OutputKind,
): Network {
  for (let l = 1; l < stored.length; l++) {
    if (stored[l].shape[1] !== stored[l - 1].shape[0]) {
      throw new TypeError(
        `Cannot open a network: layer ${l} takes ${stored[l].shape[1]} inputs, ` +
          `layer ${l - 1} has ${stored[l - 1].shape[0]} neurons`,
      );
    }
  }
  const arena = kernels.openArena();
  const slots = optimizer === null ? 0 : stateSlots(optimizer);
  const layers = stored.map((layer) => openLayer(layer, slots, arena));
  let isOpen = true;
  const dispose = () => {
    isOpen = false;
    arena.dispose();
  };
  return {
    kernels,
    get layers() {
      if (isOpen) return layers;
      throw new Error("Cannot use the network: found it closed, need it opened anew (openNetwork)");
    },
    activation,
    output: output ?? outputKindOf(layers),
    arena,
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/**
 * Returns `true` if a strategy may change the connections of a layer. The layer must be sparse, and neither
 * an embedding nor the output layer. The output layer of an autoencoder may change, because it has as many
 * outputs as the network has inputs.
 *
 * @param l The layer's number, from 0 at the input.
 */
export function mayChange(
  { layers, output }: Pick<Network, "layers" | "output">,
  l: number,
): boolean {
  const layer = layers[l];
  if (layer.kind !== "sparse" || layer.activation !== undefined) return false;
  return l < layers.length - 1 || output === "numbers" && layer.rows > 1;
}

/** Copies a network's layers from kernel memory into ordinary memory. */
export function storeNetwork(network: Network): StoredLayer[] {
  return network.layers.map(storeLayer);
}

/** Neurons per layer, from the inputs to the classes. */
export function sizesOf(layers: readonly StoredLayer[]): number[] {
  return [layers[0].shape[1], ...layers.map((layer) => layer.shape[0])];
}
