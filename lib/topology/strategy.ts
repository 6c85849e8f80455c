/**
 * Topology strategies. A strategy decides which connections to prune and where to grow new ones. The
 * schedule decides when, and how many. `rewire` moves weights and optimiser state.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";
import type { Blocked, Pattern } from "../sparse/mod.ts";

/**
 * One layer as a strategy sees it. A strategy must not write to it. Where neighbouring output neurons
 * share their inputs, an entry of the pattern is a block of G × 1 connections, and the pattern has rows / G
 * rows: all entry numbers and positions are those of blocks. `neuronPattern` gives the neurons' pattern,
 * `blockNorms` the magnitude of every block.
 */
export interface LayerTopology extends Pattern, Blocked {
  /** The layer's number, from 0 at the input. */
  readonly layer: number;
  /** The number of layers in the network; the last is the output layer. */
  readonly layers: number;
  /** Length nnz × G: the weights, in the order of `indices`. The G weights of a block are consecutive. */
  readonly weights: FloatArray;
}

/**
 * Chooses the connections to prune.
 *
 * @returns Entry numbers (positions in `indices`), ascending, each at most once.
 */
export type Prune = (topology: LayerTopology, fraction: number, random: Random) => Int32Array;

/** The surroundings of a layer that a strategy can use. */
export interface GrowSurroundings {
  /** The stored topologies of this layer in all earlier members, oldest first. */
  readonly predecessors: readonly Pattern[];
  /** The random numbers. A strategy must use no others. */
  readonly random: Random;
  /** Fills an array with weights from the layer's initialiser, drawn with the given random numbers. */
  readonly draw: (values: FloatArray, random: Random) => void;
  /** The gradient of the loss at free positions. Left out: there is no training run. */
  readonly gradientAt?: GradientAt | undefined;
}

/** The arguments of growth. */
export interface GrowRequest extends GrowSurroundings {
  /** The layer before pruning. */
  readonly before: LayerTopology;
  /** The pruned entry numbers, ascending. */
  readonly removed: Int32Array;
  /** The connections that stay. */
  readonly survivors: Pattern;
  /** The number of connections to grow. */
  readonly count: number;
}

/**
 * Computes the gradient of the loss with respect to weights of missing connections, as if these existed
 * with weight 0. It is the mean over one batch of training rows, without dropout. All gradients of one
 * topology change are those of the network at the first call, also in layers that are asked for later.
 *
 * @param positions Flat positions in the layer, row × columns + column, ascending, each at most once.
 * @returns One derivative per position. For a block it is the L2 norm of its G derivatives. Takes time in
 * proportion to positions × G × batch.
 *
 * @example Usage
 * ```ts
 * import type { TopologyStrategy } from "@sparsemble/sparsemble";
 * import { largestScores, pruneMagnitude } from "@sparsemble/sparsemble/topology";
 * import { sampleFree } from "@sparsemble/sparsemble/sparse";
 * import assert from "node:assert/strict";
 *
 * const mine: TopologyStrategy = {
 *   name: "the better half",
 *   update: {
 *     prune: pruneMagnitude,
 *     grow: ({ survivors, count, random, gradientAt }) => {
 *       const candidates = sampleFree([survivors], 2 * count, survivors.shape, random);
 *       return { positions: largestScores(candidates, gradientAt!(candidates), count) };
 *     },
 *   },
 * };
 * assert.equal(mine.name, "the better half");
 * ```
 */
export type GradientAt = (positions: Float64Array) => Float64Array;

/** New connections. */
export interface Growth {
  /**
   * Length `count`: flat positions, row × columns + column, ascending, each at most once, none of
   * them among the survivors.
   */
  readonly positions: Float64Array;
  /** Length `count` × G: the weights. Left out: the layer's initialiser draws them. */
  readonly values?: FloatArray;
  /**
   * The floating-point operations of the choice. Those of `draw` and of gradients are not part of it: each
   * call counts its own. Left out: 0.
   */
  readonly flops?: number;
  /** Notes for the training events, such as the number of positions shared with earlier members. */
  readonly notes?: Readonly<Record<string, number | string>>;
}

/** Chooses the positions, and perhaps the weights, of new connections. */
export type Grow = (request: GrowRequest) => Growth;

/** A kind of topology change: a rule for pruning and a rule for growth. */
export interface TopologyChange {
  /** Chooses the connections to prune. */
  readonly prune: Prune;
  /** Chooses the positions of as many new connections. */
  readonly grow: Grow;
}

/** A method of dynamic sparse training. Write such an object to define your own method. */
// deno-lint-ignore no-explicit-any
export interface TopologyStrategy<Memory = any> {
  /** The name in results. */
  readonly name: string;
  /** The publication of the method: title and address. */
  readonly source?: string;
  /**
   * Draws the connections that a new network begins with, for every layer that may change. Left out:
   * Erdős–Rényi.
   *
   * @param shape Output neurons, or blocks of them, × input neurons.
   * @param density The density that the settings ask for, from 0 to 1.
   * @param layer The layer's number, from 0 at the input.
   */
  initialize?(
    shape: Pattern["shape"],
    density: number,
    random: Random,
    layer: number,
  ): Pattern;
  /**
   * Makes the strategy's memory of a new network: an object of JSON values and typed arrays. Updates may
   * change it. Every checkpoint stores it. Each typed array may occur once. The JSON may have a million
   * characters, so many numbers belong in typed arrays.
   */
  begin?(network: NetworkView): Memory;
  /**
   * The change of a new network before its first step, after `begin`: pruning at initialisation. The
   * gradients are those of the first batch.
   */
  readonly start?: NetworkUpdate<Memory>;
  /**
   * Names of the strategy's own arrays. Each has a number for every weight, such as a sign, an age or an
   * average. The numbers are 0 at first. Those of grown connections are 0 too, unless a change gives
   * others. The arrays move with the connections, and every checkpoint stores them.
   */
  readonly own?: readonly string[];
  /** The times of updates. Left out: the interval and the pruning rate of the settings. */
  readonly when?: UpdateTimes;
  /** The change while a member trains. Left out: the topology stays fixed. */
  readonly update?: TopologyChange | NetworkUpdate<Memory>;
  /** The change between two members. Left out: magnitude pruning and random growth. */
  readonly reinitialize?: TopologyChange | NetworkUpdate<Memory>;
}

/** A strategy that changes every layer on its own, by rules for pruning and growth. */
export interface LayerwiseStrategy extends TopologyStrategy {
  /** The change while a member trains. */
  readonly update?: TopologyChange;
  /** The change between two members. */
  readonly reinitialize?: TopologyChange;
}

/** The times of a strategy's updates. There is none at the last step of a member. */
export interface UpdateTimes {
  /** The number of steps or epochs of the network in training from one update to the next, from 1. */
  readonly every: number;
  /** The unit of `every`. */
  readonly unit: "steps" | "epochs";
  /** The share of the network's training after which its topology stays fixed, 0 to 1. Left out: 1. */
  readonly until?: number;
  /** The pruning rate at a progress from 0 to 1. Left out: the schedule's. */
  readonly pruneRate?: (progress: number) => number;
}

/** A topology change that sees all layers together. */
export type NetworkUpdate<Memory = unknown> = (
  network: NetworkView,
  moment: Moment,
  memory: Memory,
) => readonly LayerChange[];

/** The network in training as a strategy sees it. */
export interface NetworkView {
  /**
   * The layers that may change: all sparse layers except an embedding and the output layer. The output
   * layer of an autoencoder may change too.
   */
  readonly layers: readonly LayerView[];
}

/**
 * One layer of the network in training. A strategy must write to nothing but its own arrays; a write
 * elsewhere ends the run with an error.
 */
export interface LayerView extends LayerTopology, GrowSurroundings {
  /** The density that the settings ask for, from 0 to 1. */
  readonly density: number;
  /** G: the output neurons of a block; 1 if every entry is one connection. */
  readonly blockSize: number;
  /**
   * The optimiser's arrays, each with a number for every weight: the momentum, or Adam's first and second
   * moments.
   */
  readonly state: readonly FloatArray[];
  /** The strategy's own arrays by name: a number for every weight. */
  readonly own: Readonly<Record<string, Float64Array>>;
  /**
   * Computes the gradient of the loss with respect to the stored weights, in the order of `weights`. It is
   * the mean over one batch, without dropout. If updates are counted in steps, it is the batch that was
   * just trained; else it is the first batch of the epoch.
   */
  gradientOf(): Float64Array;
  /** Computes the gradient at free positions, for the same batch. */
  readonly gradientAt: GradientAt;
  /** Computes the signals of the layer's neurons, for the same batch. */
  signals(): NeuronSignals;
}

/**
 * The signals of a layer's neurons: means of magnitudes over one batch. For a single sample, the magnitude
 * of a weight's gradient is the product of its two neurons' signals.
 */
export interface NeuronSignals {
  /** Length columns: the activations of the input neurons. */
  readonly inputs: Float64Array;
  /**
   * Length rows: the gradients of the loss with respect to the output neurons' pre-activations. For a block
   * it is the L2 norm over its neurons.
   */
  readonly outputs: Float64Array;
}

/** The moment of an update. */
export interface Moment {
  /** Finished epochs of the network in training. */
  readonly epoch: number;
  /** All epochs of the network in training. */
  readonly epochs: number;
  /** Finished steps of the network in training. */
  readonly step: number;
  /** All steps of the network in training. */
  readonly steps: number;
  /** The finished share of its steps, from 0 to 1. */
  readonly progress: number;
  /** The pruning rate, from 0 to 1. */
  readonly pruneRate: number;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** The member in training, counted from 0. */
  readonly member: number;
  /** The phase of the schedule. */
  readonly phase: string;
}

/** The change of one layer. The number of grown connections may differ from the number of removed ones. */
export interface LayerChange extends Pick<Growth, "flops" | "notes"> {
  /** The layer's number, from 0 at the input. */
  readonly layer: number;
  /** Entry numbers to remove, ascending, each at most once. Left out: none. */
  readonly remove?: Int32Array;
  /**
   * Flat positions of new connections, ascending, each at most once, none among the survivors. Left out:
   * none.
   */
  readonly grow?: Float64Array;
  /**
   * The weights of new connections, G for each block, or one for all. Left out: the layer's initialiser
   * draws them.
   */
  readonly values?: FloatArray | number;
  /**
   * New weights of the stored connections, in the order of `weights`. The values of removed connections are
   * ignored. Left out: survivors keep their weights, bit for bit.
   */
  readonly weights?: FloatArray;
  /**
   * The numbers of grown connections in the strategy's own arrays, by the names of these arrays. Left out:
   * 0.
   */
  readonly own?: Readonly<Record<string, Float64Array>>;
}
