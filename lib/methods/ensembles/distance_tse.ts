/**
 * Distance re-initialisation (Dist-TSE): a new member's weights are farther from its predecessor's than
 * random regrowth usually makes them. Algorithm 2 of P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi
 * and D. C. Mocanu, "Multilayer perceptron ensembles in a truly sparse training context", Neural
 * Computing and Applications, 2025, https://doi.org/10.1007/s00521-025-11294-3.
 *
 * @module
 */
import { type FloatArray, floatsLike } from "../../kernels/mod.ts";
import { type Random, randomStream } from "../../random.ts";
import { integer, number } from "../../setting.ts";
import { blockSizeOf, sampleFree, sampleSorted } from "../../sparse/mod.ts";
import {
  type Grow,
  growRandom,
  type GrowRequest,
  type Growth,
  hypergeometric,
  type LayerwiseStrategy,
  pruneMagnitude,
  pruneSigned,
} from "../../topology/mod.ts";
import { GROWTH, growthOf, type GrowthSettings } from "../growth.ts";
import type { Method } from "../method.ts";
import { PAPER } from "../paper.ts";

/** The settings of Dist-TSE. */
export interface DistanceSettings extends GrowthSettings {
  /** λ: the distance coefficient of Dist-TSE. */
  readonly lambda: number;
  /** The number of candidates from which Dist-TSE's threshold is computed. */
  readonly distanceSamples: number;
}

/** Options of {@linkcode distanceTopology}. */
export interface DistanceOptions {
  /**
   * The matrix distance coefficient λ: the distance must exceed mean + λ × standard deviation of the
   * sampled distances. From λ ≈ 3 on, such candidates are too rare to find.
   *
   * @default {1.5}
   */
  readonly lambda?: number;
  /**
   * The number of candidates from which mean and standard deviation are computed.
   *
   * @default {100}
   */
  readonly samples?: number;
  /**
   * The number of candidates that are drawn after the samples. If none of them is far enough, the fail-safe
   * acts.
   *
   * @default {1000}
   */
  readonly maxIterations?: number;
  /**
   * The fail-safe: `"farthest"` takes the farthest candidate so far, samples included, and notes it;
   * `"error"` throws.
   *
   * @default {"farthest"}
   */
  readonly failSafe?: "farthest" | "error";
  /**
   * The growth rule of updates, and of layers that are not re-initialised by distance.
   *
   * @default {growRandom}
   */
  readonly grow?: Grow;
}

/**
 * The distance strategy. To re-initialise a hidden-to-hidden layer, candidates are drawn: random
 * regrowths with weights from the initialiser. First `samples` candidates give the mean and the standard
 * deviation (divided by their number) of the Euclidean (Frobenius) distance to the layer before pruning.
 * Then candidates are drawn until the distance of one exceeds mean + λ × standard deviation. The first
 * layer, and all layers in updates, use `grow`.
 *
 * The notes of a growth are `iterations` (all candidates, samples included, as in the paper),
 * `distance`, `mean`, `deviation`, and `failSafe: "farthest"` if no candidate was far enough.
 *
 * A candidate takes O(connections to grow): see {@linkcode drawCandidate}.
 *
 * @throws {RangeError} If an option is out of range; from `grow`, with `failSafe: "error"`, if no
 * candidate is far enough.
 *
 * @example Usage
 * ```ts
 * import { distanceTopology } from "@sparsemble/sparsemble/methods";
 * import assert from "node:assert/strict";
 *
 * assert.equal(distanceTopology({ lambda: 2 }).name, "Dist-TSE");
 * ```
 */
export function distanceTopology(options: DistanceOptions = {}): LayerwiseStrategy {
  const {
    lambda = 1.5,
    samples = 100,
    maxIterations = 1000,
    failSafe = "farthest",
    grow = growRandom,
  } = options;
  if (!Number.isFinite(lambda)) {
    throw new RangeError(`Cannot grow by distance: lambda is ${lambda}, need a finite number`);
  }
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(`Cannot grow by distance: samples is ${samples}, need an integer from 1`);
  }
  if (!Number.isInteger(maxIterations) || maxIterations < 1) {
    throw new RangeError(
      `Cannot grow by distance: maxIterations is ${maxIterations}, need an integer from 1`,
    );
  }
  if (failSafe !== "farthest" && failSafe !== "error") {
    throw new RangeError(
      `Cannot grow by distance: failSafe is "${failSafe}", need "farthest" or "error"`,
    );
  }
  const settled = { lambda, samples, maxIterations, failSafe, grow };
  return {
    name: "Dist-TSE",
    update: { prune: pruneSigned, grow },
    reinitialize: { prune: pruneMagnitude, grow: (request) => growDistant(request, settled) },
  };
}

/**
 * Dist-TSE (Distance TSE): each new member begins far from its predecessor, by the Euclidean distance of
 * the weights.
 */
export const DIST_TSE: Method<"dist", DistanceSettings> = {
  name: "dist",
  title: "Dist-TSE",
  family: "ensembles",
  source: PAPER,
  says: "random growth; a new member's weights are far from those of its predecessor",
  layers: "sparse",
  members: "sequential",
  settings: {
    ...GROWTH,
    lambda: number("λ: the distance coefficient of Dist-TSE", 1.5, 0, 100),
    distanceSamples: integer(
      "The number of candidates from which Dist-TSE's threshold is computed",
      100,
      2,
      1_000_000,
    ),
  },
  paper: {},
  strategy: ({ lambda, distanceSamples: samples, ...growth }) =>
    distanceTopology({ lambda, samples, grow: growthOf(growth) }),
  label: ({ lambda }) => `Dist-TSE, λ = ${lambda}`,
};

function growDistant(request: GrowRequest, options: Required<DistanceOptions>): Growth {
  const { layer, layers } = request.before;
  if (request.count === 0 || layer === 0 || layer === layers - 1) return options.grow(request);
  const { lambda, samples, maxIterations, failSafe } = options;
  const comparison = compareWithPredecessor(request);
  const weights = request.count * blockSizeOf(request.before);
  let values = floatsLike(request.before.weights, weights);

  let farthest: RegrowthCandidate | undefined;
  const next = (): RegrowthCandidate => {
    const seed = (request.random.uint32() >>> 11) * 0x1_0000_0000 + request.random.uint32();
    const candidate = drawCandidate(request, comparison, values, randomStream(seed, "candidate"));
    if (farthest === undefined || candidate.distance > farthest.distance) {
      // The candidate keeps its weights; the next one is drawn into the other array.
      values = farthest?.values ?? floatsLike(values, values.length);
      farthest = candidate;
    }
    return candidate;
  };
  const growth = (candidate: RegrowthCandidate, iterations: number): Growth => ({
    ...placeCandidate(request, candidate),
    // A multiply-add for every weight of a candidate, and for every pruned weight.
    flops: 2 * weights * (iterations + 1),
    notes: { iterations, distance: candidate.distance, mean, deviation },
  });

  const distances = new Float64Array(samples).map(() => next().distance);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / samples;
  const deviation = Math.sqrt(
    distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / samples,
  );
  const needed = mean + lambda * deviation;
  for (let draws = 1; draws <= maxIterations; draws++) {
    const candidate = next();
    if (candidate.distance > needed) return growth(candidate, samples + draws);
  }
  const iterations = samples + maxIterations;
  if (failSafe === "error") {
    throw new RangeError(
      `Cannot regrow layer ${layer}: the farthest of ${iterations} candidates has distance ` +
        `${farthest!.distance}, need more than ${needed} ` +
        `(mean ${mean} + ${lambda} × deviation ${deviation}): ` +
        "use a smaller lambda or more iterations",
    );
  }
  const found = growth(farthest!, iterations);
  return { ...found, notes: { ...found.notes, failSafe } };
}

/** The part of the distance that all candidates of a layer share. */
export interface PredecessorComparison {
  /** The pruned weights, in the order of `removed`. The G weights of a block are consecutive. */
  readonly removedWeights: FloatArray;
  /** The sum of their squares. */
  readonly removedSquares: number;
  /** The number of free positions after pruning. */
  readonly free: number;
}

/** Computes the part of the distance that all candidates of a layer share. */
export function compareWithPredecessor(request: GrowRequest): PredecessorComparison {
  const { before, removed } = request;
  const blockSize = blockSizeOf(before);
  const removedWeights = before.weights.slice(0, removed.length * blockSize);
  let removedSquares = 0;
  for (let i = 0; i < removedWeights.length; i++) {
    const within = i % blockSize;
    const weight = before.weights[removed[(i - within) / blockSize] * blockSize + within];
    removedWeights[i] = weight;
    removedSquares += weight * weight;
  }
  const [rows, columns] = before.shape;
  const free = rows * columns - before.indices.length + removed.length;
  return { removedWeights, removedSquares, free };
}

/** A random regrowth. At first only the positions that its distance depends on are drawn. */
export interface RegrowthCandidate {
  /** The Euclidean distance to the layer before pruning. */
  readonly distance: number;
  /** The pruned connections that are grown again: indices into `removed`, ascending. */
  readonly returning: Float64Array;
  /** The weights: first of the connections or blocks grown again, then of the others. */
  readonly values: FloatArray;
  /** The random numbers for the positions that are not drawn yet. */
  readonly random: Random;
}

/**
 * Draws one candidate without most of its positions. Survivors have the same weight before and after.
 * So the distance depends only on the new weights and on which pruned connections are grown again. The
 * number of these is hypergeometric, and every subset of that size is equally likely. The distribution
 * of distances is thus the same as if all positions were drawn, at the cost of one weight per connection.
 *
 * @param values Length `count` × G: overwritten, and used by the result.
 */
export function drawCandidate(
  request: GrowRequest,
  comparison: PredecessorComparison,
  values: FloatArray,
  random: Random,
): RegrowthCandidate {
  const { removedWeights, removedSquares, free } = comparison;
  const blockSize = blockSizeOf(request.before);
  const pruned = request.removed.length;
  const back = hypergeometric(free, pruned, request.count, random);
  const returning = sampleSorted(back, pruned, random);
  request.draw(values, random);
  // Σ old² + Σ new². A connection that is grown again adds (new − old)² instead of new² + old².
  let squares = removedSquares;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  for (let i = 0; i < back * blockSize; i++) {
    const within = i % blockSize;
    const old = removedWeights[returning[(i - within) / blockSize] * blockSize + within];
    squares -= 2 * values[i] * old;
  }
  return { distance: Math.sqrt(Math.max(0, squares)), returning, values, random };
}

/** Draws a candidate's other positions, and sorts positions and weights. */
export function placeCandidate(request: GrowRequest, candidate: RegrowthCandidate): Growth {
  const { before, removed } = request;
  const { returning, values, random } = candidate;
  const { count } = request;
  const blockSize = blockSizeOf(before);
  const back = returning.length;
  const fresh = sampleFree([before], count - back, before.shape, random);
  const positions = new Float64Array(count);
  const ordered = values.slice();
  const columns = before.shape[1];
  let row = 0;
  let j = 0;
  let made = 0;
  const place = (position: number, i: number) => {
    for (let within = 0; within < blockSize; within++) {
      ordered[made * blockSize + within] = values[i * blockSize + within];
    }
    positions[made++] = position;
  };
  for (let i = 0; i < back; i++) {
    const entry = removed[returning[i]];
    while (before.indptr[row + 1] <= entry) row++;
    const position = row * columns + before.indices[entry];
    for (; j < fresh.length && fresh[j] < position; j++) place(fresh[j], back + j);
    place(position, i);
  }
  for (; j < fresh.length; j++) place(fresh[j], back + j);
  return { positions, values: ordered };
}
