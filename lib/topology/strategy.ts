/**
 * Topology strategies. A strategy decides which connections to prune and where to grow new ones. The
 * schedule decides when, and how many. `rewire` moves weights and optimiser state.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";
import type { Pattern } from "../sparse/mod.ts";

/** One layer as a strategy sees it. A strategy must not write to it. */
export interface LayerTopology extends Pattern {
  /** The layer's number, from 0 at the input. */
  readonly layer: number;
  /** The number of layers in the network; the last is the output layer. */
  readonly layers: number;
  /** Length nnz: the weights, in the order of `indices`. */
  readonly weights: FloatArray;
}

/**
 * Chooses the connections to prune.
 *
 * @returns Entry numbers (positions in `indices`), ascending, each at most once.
 */
export type Prune = (topology: LayerTopology, fraction: number, random: Random) => Int32Array;

/** The arguments of growth. */
export interface GrowRequest {
  /** The layer before pruning. */
  readonly before: LayerTopology;
  /** The pruned entry numbers, ascending. */
  readonly removed: Int32Array;
  /** The connections that stay. */
  readonly survivors: Pattern;
  /** The number of connections to grow. */
  readonly count: number;
  /** The stored topologies of this layer in all earlier members, oldest first. */
  readonly predecessors: readonly Pattern[];
  /** The random numbers. A strategy must use no others. */
  readonly random: Random;
  /** Fills an array with weights from the layer's initialiser, drawn with the given random numbers. */
  readonly draw: (values: FloatArray, random: Random) => void;
  /** The gradient of the loss at free positions. Left out: there is no training run. */
  readonly gradientAt?: GradientAt | undefined;
}

/**
 * Computes the gradient of the loss with respect to weights of missing connections, as if these existed
 * with weight 0. It is the mean over one batch of training rows, without dropout. The network's state
 * counts at the first call of a topology change, also for its later layers.
 *
 * @param positions Flat positions in the layer, row × columns + column, ascending, each at most once.
 * @returns One derivative per position. Takes time in proportion to positions × batch.
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
  /** Length `count`: the weights. Left out: the layer's initialiser draws them. */
  readonly values?: FloatArray;
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
export interface TopologyStrategy {
  /** The name in results. */
  readonly name: string;
  /** The change every few epochs while a member trains. Left out: the topology stays fixed. */
  readonly update?: TopologyChange;
  /** The change between two members. Left out: magnitude pruning and random growth. */
  readonly reinitialize?: TopologyChange;
}
