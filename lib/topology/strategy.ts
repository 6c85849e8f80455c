/**
 * What a topology strategy is: it decides which connections to remove and where to grow new ones.
 * When this happens and how many connections change is the schedule's business; moving weights and
 * optimiser state along is {@linkcode rewire}'s.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import type { Random } from "../random.ts";
import type { Pattern } from "../sparse/mod.ts";

/** One layer as a strategy sees it. Read only: changes are made by `rewire` alone. */
export interface LayerTopology extends Pattern {
  /** The layer's number, from 0 at the input. */
  readonly layer: number;
  /** How many layers the network has; the last is the output layer. */
  readonly layers: number;
  /** Length nnz: the weights, in the order of `indices`. */
  readonly weights: FloatArray;
}

/**
 * Chooses the connections to remove.
 *
 * @returns Entry numbers (positions in `indices`), ascending, each at most once.
 */
export type Prune = (topology: LayerTopology, fraction: number, random: Random) => Int32Array;

/** What a strategy knows when it grows connections. */
export interface GrowRequest {
  /** The layer before anything was removed. */
  readonly before: LayerTopology;
  /** The entry numbers that were removed from it, ascending. */
  readonly removed: Int32Array;
  /** The connections that stay. */
  readonly survivors: Pattern;
  /** How many connections to grow. */
  readonly count: number;
  /** The stored topologies of this layer in all earlier members, oldest first. */
  readonly predecessors: readonly Pattern[];
  /** The only source of chance. */
  readonly random: Random;
  /** Fills an array with fresh weights, drawn from the layer's initialiser with the given stream. */
  readonly draw: (values: FloatArray, random: Random) => void;
  /** The loss's gradient where no connections are. Left out: nothing is being trained. */
  readonly gradientAt?: GradientAt | undefined;
}

/**
 * The gradient of the loss by the weights of connections that are not there: what it would be if they
 * were, with weight 0. It is that of the network as it was when the first of its layers asked, without
 * dropout, and the mean over one batch of training rows.
 *
 * @param positions Flat positions in the layer, row × columns + column, ascending, each at most once.
 * @returns As many derivatives. Takes time in proportion to their number × the batch.
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
  /** Length `count`: their weights. Left out: drawn from the layer's initialiser. */
  readonly values?: FloatArray;
  /** Anything worth telling, such as how many positions overlap an earlier member. */
  readonly notes?: Readonly<Record<string, number | string>>;
}

/** Chooses where to grow. */
export type Grow = (request: GrowRequest) => Growth;

/** One kind of topology change: what to remove, and where to grow as many. */
export interface TopologyChange {
  /** Chooses the connections to remove. */
  readonly prune: Prune;
  /** Chooses where to grow as many. */
  readonly grow: Grow;
}

/** A dynamic sparse training method. A method of one's own is one such object. */
export interface TopologyStrategy {
  /** The name under which results are reported. */
  readonly name: string;
  /** The change made every few epochs while a member trains. Left out: the topology is static. */
  readonly update?: TopologyChange;
  /** The change between two members of an ensemble. Left out: plain random regrowth. */
  readonly reinitialize?: TopologyChange;
}
