/**
 * Distance re-initialisation (Dist-TSE): a new member's weights lie farther from its predecessor's
 * than random regrowth would usually put them. P. R. D. van der Wal et al., "Truly Sparse
 * Ensembles", algorithm 2.
 *
 * @module
 */
import type { FloatArray } from "../kernels/mod.ts";
import { type Random, randomStream } from "../random.ts";
import { sampleFree, sampleSorted } from "../sparse/mod.ts";
import {
  type Grow,
  growRandom,
  type GrowRequest,
  type Growth,
  hypergeometric,
  pruneMagnitude,
  pruneSigned,
  type TopologyStrategy,
} from "../topology/mod.ts";

/** How far is far enough, and what to do if nothing is. */
export interface DistanceOptions {
  /**
   * The matrix distance coefficient λ: the distance has to exceed mean + λ × standard deviation of the
   * sampled distances. From about 3 on, candidates become too rare to find.
   *
   * @default {1.5}
   */
  readonly lambda?: number;
  /**
   * How many candidates are drawn to find that mean and standard deviation.
   *
   * @default {100}
   */
  readonly samples?: number;
  /**
   * How many candidates are drawn after the samples before the fail-safe acts.
   *
   * @default {1000}
   */
  readonly maxIterations?: number;
  /**
   * What happens then: `"farthest"` takes the farthest candidate seen, samples included, and reports
   * it; `"error"` throws.
   *
   * @default {"farthest"}
   */
  readonly failSafe?: "farthest" | "error";
  /**
   * Where connections grow in updates, and in the layers that are not re-initialised by distance.
   *
   * @default {growRandom}
   */
  readonly grow?: Grow;
}

/**
 * The distance strategy. At the re-initialisation of a hidden-to-hidden layer, candidates are drawn
 * (random regrowths with weights from the initialiser) until the Euclidean (Frobenius) distance of
 * one to the layer before pruning exceeds mean + λ × standard deviation of the distances of
 * `samples` others; the standard deviation is that of the samples themselves (divided by their
 * number). The first layer is regrown at random, and so is every layer in the updates, unless `grow` says otherwise.
 *
 * The notes of a growth are `iterations` (all candidates, samples included, as the paper counts
 * them), `distance`, `mean`, `deviation`, and `failSafe: "farthest"` where none was far enough.
 *
 * A candidate costs O(connections to grow): see {@linkcode drawCandidate}.
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
export function distanceTopology(options: DistanceOptions = {}): TopologyStrategy {
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

function growDistant(request: GrowRequest, options: Required<DistanceOptions>): Growth {
  const { layer, layers } = request.before;
  if (request.count === 0 || layer === 0 || layer === layers - 1) return options.grow(request);
  const { lambda, samples, maxIterations, failSafe } = options;
  const comparison = compareWithPredecessor(request);
  const values = request.before.weights instanceof Float64Array
    ? new Float64Array(request.count)
    : new Float32Array(request.count);

  let farthest = -Infinity;
  let farthestSeed = 0;
  const next = (): Candidate => {
    const seed = (request.random.uint32() >>> 11) * 0x1_0000_0000 + request.random.uint32();
    const candidate = drawCandidate(request, comparison, values, randomStream(seed, "candidate"));
    if (candidate.distance > farthest) {
      farthest = candidate.distance;
      farthestSeed = seed;
    }
    return candidate;
  };

  const distances = new Float64Array(samples).map(() => next().distance);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / samples;
  const deviation = Math.sqrt(
    distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / samples,
  );
  const needed = mean + lambda * deviation;
  for (let draws = 1; draws <= maxIterations; draws++) {
    const candidate = next();
    if (candidate.distance > needed) {
      const notes = { iterations: samples + draws, distance: candidate.distance, mean, deviation };
      return { ...placeCandidate(request, candidate), notes };
    }
  }
  const iterations = samples + maxIterations;
  if (failSafe === "error") {
    throw new RangeError(
      `Cannot regrow layer ${layer}: the farthest of ${iterations} candidates has distance ${farthest}, ` +
        `need more than ${needed} (mean ${mean} + ${lambda} × deviation ${deviation}): ` +
        "use a smaller lambda or more iterations",
    );
  }
  const random = randomStream(farthestSeed, "candidate");
  const candidate = drawCandidate(request, comparison, values, random);
  const notes = { iterations, distance: farthest, mean, deviation, failSafe };
  return { ...placeCandidate(request, candidate), notes };
}

/** What all candidates of one layer are compared with. */
export interface Comparison {
  /** The weights that were removed, in the order of `removed`. */
  readonly removedWeights: FloatArray;
  /** The sum of their squares. */
  readonly removedSquares: number;
  /** How many positions are free after the removal, the removed ones included. */
  readonly free: number;
}

/** Reads off the layer before pruning what its distance to candidates depends on. */
export function compareWithPredecessor(request: GrowRequest): Comparison {
  const { before, removed } = request;
  const removedWeights = before.weights.slice(0, removed.length);
  let removedSquares = 0;
  for (let i = 0; i < removed.length; i++) {
    const weight = before.weights[removed[i]];
    removedWeights[i] = weight;
    removedSquares += weight * weight;
  }
  const [rows, columns] = before.shape;
  const free = rows * columns - before.indices.length + removed.length;
  return { removedWeights, removedSquares, free };
}

/** A random regrowth whose positions are known only as far as its distance depends on them. */
export interface Candidate {
  /** Its Euclidean distance to the predecessor. */
  readonly distance: number;
  /** Which of the removed connections come back: numbers into `removed`, ascending. */
  readonly returning: Float64Array;
  /** First the weights of the connections that come back, then those of the others. */
  readonly values: FloatArray;
  /** The stream from which the other positions are still to be drawn. */
  readonly random: Random;
}

/**
 * Draws one candidate without its positions. Survivors do not differ from the predecessor. Of the
 * others, the distance depends only on the new weights and on which removed positions come back:
 * their number is hypergeometric, given it every subset is equally likely, and where the rest goes
 * does not matter. So the distribution is that of drawing all positions, and the cost is one weight
 * per connection to grow.
 *
 * @param values Length `count`: overwritten, and used by the result.
 */
export function drawCandidate(
  request: GrowRequest,
  comparison: Comparison,
  values: FloatArray,
  random: Random,
): Candidate {
  const { removedWeights, removedSquares, free } = comparison;
  const count = values.length;
  const back = hypergeometric(free, removedWeights.length, count, random);
  const returning = sampleSorted(back, removedWeights.length, random);
  request.draw(values, random);
  // Σ removed old² + Σ new², then (new − old)² in place of new² + old² where a connection comes back.
  let squares = removedSquares;
  for (let i = 0; i < count; i++) squares += values[i] * values[i];
  for (let i = 0; i < back; i++) squares -= 2 * values[i] * removedWeights[returning[i]];
  return { distance: Math.sqrt(Math.max(0, squares)), returning, values, random };
}

/** Draws the positions that are still open, and puts positions and weights in order. */
export function placeCandidate(request: GrowRequest, candidate: Candidate): Growth {
  const { before, removed } = request;
  const { returning, values, random } = candidate;
  const count = values.length;
  const back = returning.length;
  const fresh = sampleFree([before], count - back, before.shape, random);
  const positions = new Float64Array(count);
  const ordered = values.slice();
  const columns = before.shape[1];
  let row = 0;
  let j = 0;
  let made = 0;
  for (let i = 0; i < back; i++) {
    const entry = removed[returning[i]];
    while (before.indptr[row + 1] <= entry) row++;
    const position = row * columns + before.indices[entry];
    while (j < fresh.length && fresh[j] < position) {
      ordered[made] = values[back + j];
      positions[made++] = fresh[j++];
    }
    ordered[made] = values[i];
    positions[made++] = position;
  }
  for (; j < fresh.length; j++) {
    ordered[made] = values[back + j];
    positions[made++] = fresh[j];
  }
  return { positions, values: ordered };
}
