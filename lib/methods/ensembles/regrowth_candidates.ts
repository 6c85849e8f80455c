/**
 * Random regrowths of a layer, and their distances to the layer before pruning. Dist-TSE draws many of
 * them and takes one, so a candidate's positions are drawn only as far as its distance depends on them.
 *
 * @module
 */
import type { FloatArray } from "../../kernels/mod.ts";
import type { Random } from "../../random.ts";
import { blockSizeOf, sampleFree, sampleSorted } from "../../sparse/mod.ts";
import { type GrowRequest, type Growth, hypergeometric } from "../../topology/mod.ts";

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
