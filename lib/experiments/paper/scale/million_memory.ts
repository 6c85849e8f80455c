/**
 * The memory that training takes, computed before anything is allocated. It grows with connections and with
 * neurons × batch, never with neurons × neurons.
 *
 * @module
 */
import { density } from "../../../sparse/mod.ts";

/** The numbers that decide the memory of one network in training. */
export interface TrainedNetwork {
  /** Neurons per layer, from the inputs to the classes. */
  readonly sizes: readonly number[];
  readonly epsilon: number;
  /** G: neighbouring output neurons that share their inputs. */
  readonly blockSize: number;
  readonly batchSize: number;
  /** The optimiser. Adam keeps one number more for every weight. Left out: SGD with momentum. */
  readonly optimizer?: "sgd" | "adam" | undefined;
}

/** The number of samples in a panel. */
const PANEL = 32;

/** Bytes of a 32-bit number. */
const WORD = 4;

/** The expected number of connections: ε × (inputs + outputs) per layer, at most inputs × outputs. */
export function expectedWeights({ sizes, epsilon }: TrainedNetwork): number {
  return sizes.slice(1).reduce(
    (sum, rows, layer) => sum + density(epsilon, rows, sizes[layer]) * rows * sizes[layer],
    0,
  );
}

/** Weights that dense layers of the same sizes have. */
export function denseWeights(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, rows, layer) => sum + rows * sizes[layer], 0);
}

/**
 * The bytes of a network in training, with two copies in ordinary memory: the one that
 * it was opened from, and the one that is written. The table and the program take additional memory.
 */
export function estimatedBytes(network: TrainedNetwork): number {
  const { sizes, blockSize, batchSize, optimizer = "sgd" } = network;
  const weights = expectedWeights(network);
  const stride = PANEL * Math.ceil(batchSize / PANEL);
  const neurons = sizes.slice(1).reduce((sum, size) => sum + size, 0);
  const widest = Math.max(...sizes.slice(1));
  // Weight, gradient and momentum, with Adam the mean of squares too.
  const own = optimizer === "sgd" ? 3 : 4;
  // The index as well, and three numbers of the transposed index where G = 1.
  const words = own + 1 / blockSize + (blockSize === 1 ? 3 : 0);
  const copies = 2 * (1 + 1 / blockSize);
  const perNeuron = own + 2 / blockSize + 2 * (1 + 1 / blockSize);
  // Inputs, the output and its derivative of every neuron, two gradients of the widest layer.
  const activations = (sizes[0] + 2 * neurons + 2 * widest) * stride;
  return WORD * (weights * (words + copies) + neurons * perNeuron + activations);
}
