/**
 * Growth by the shape of the network alone: two neurons that share many neighbours are likely to be
 * linked. The predictors are those of the Cannistraci–Hebb theory, over paths of three connections. Y.
 * Zhang et al., "Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired
 * theory for ultra-sparse advantage in deep learning", ICLR 2024,
 * https://openreview.net/forum?id=iayEcORsGd.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { countFree, type Pattern, patternFromPositions, sampleFree } from "../sparse/mod.ts";
import { keepLargest } from "./largest_scores.ts";
import type { Growth } from "./strategy.ts";

/**
 * A predictor of links. An input u and an output v that are not connected have a local community: the
 * outputs z₁ of u and the inputs z₂ of v on paths u – z₁ – z₂ – v. Of a neuron of the community, i counts
 * its links into the community and e those to others, without u and v.
 *
 * `CH3-L3`: the sum over all paths of 1 / √((1 + e₁)(1 + e₂)). `CH2-L3n`: the sum over all neurons of the
 * community of (1 + i) / (1 + e).
 */
export type LinkPredictor = "CH3-L3" | "CH2-L3n";

/** The scores of the missing connections of one output neuron. */
export interface LinkScores {
  /** The output neuron, or block of them. */
  readonly row: number;
  /** Length columns: the score of every input; 0 where a connection is, or no path of three leads. */
  readonly scores: Float64Array;
  /** The operations that the scores took. */
  readonly flops: number;
}

/**
 * Scores the missing connections of a layer, one output neuron after the other. With d connections a
 * neuron it takes O(rows × d³) time in all. Memory is that of the connections and some rows.
 *
 * @returns One result a row, which the next one overwrites.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { linkScores } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * // Output 0 has the inputs 0 and 1, output 1 has 1 and 2: one path leads from input 2 to output 0.
 * const pattern = patternFromPositions(Float64Array.of(0, 1, 4, 5), [2, 3]);
 * const [{ scores }] = linkScores(pattern, "CH3-L3");
 * assert.deepEqual([...scores], [0, 0, 1]);
 * ```
 */
export function* linkScores(pattern: Pattern, predictor: LinkPredictor): Generator<LinkScores> {
  const { shape: [rows, columns], indptr, indices } = pattern;
  const outputs = columnLists(pattern);
  const degree = (row: number) => indptr[row + 1] - indptr[row];
  const byPaths = predictor === "CH3-L3";
  // How many inputs of this row another row has, and what that row then gives to a path or a neuron.
  const shared = new Int32Array(rows);
  const given = new Float64Array(rows);
  const scores = new Float64Array(columns);
  const paths = new Int32Array(columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    let flops = 0;
    scores.fill(0);
    shared.fill(0);
    const inputs = indices.subarray(indptr[row], indptr[row + 1]);
    for (const input of inputs) for (const other of outputs(input)) shared[other]++;
    for (let other = 0; other < rows; other++) {
      const external = degree(other) - shared[other];
      // Without another input, a row leads to no missing connection.
      if (shared[other] === 0 || external === 0) given[other] = 0;
      else given[other] = byPaths ? 1 / Math.sqrt(external) : (1 + shared[other]) / external;
      flops += shared[other] === 0 ? 0 : 3;
      if (byPaths || given[other] === 0) continue;
      for (let k = indptr[other]; k < indptr[other + 1]; k++) scores[indices[k]] += given[other];
      flops += degree(other);
    }
    for (const input of inputs) {
      const others = outputs(input);
      for (const other of others) {
        for (let k = indptr[other]; k < indptr[other + 1]; k++) {
          paths[indices[k]]++;
          sums[indices[k]] += given[other];
        }
        flops += 2 * degree(other);
      }
      for (const other of others) {
        for (let k = indptr[other]; k < indptr[other + 1]; k++) {
          const end = indices[k];
          if (paths[end] === 0) continue;
          const external = others.length - paths[end];
          if (external > 0) {
            scores[end] += byPaths ? sums[end] / Math.sqrt(external) : (1 + paths[end]) / external;
          }
          paths[end] = sums[end] = 0;
          flops += 4;
        }
      }
    }
    for (const input of inputs) scores[input] = 0;
    yield { row, scores, flops };
  }
}

/** The rows of every column. */
function columnLists({ shape: [rows, columns], indptr, indices }: Pattern) {
  const starts = new Int32Array(columns + 1);
  for (const column of indices) starts[column + 1]++;
  for (let column = 0; column < columns; column++) starts[column + 1] += starts[column];
  const next = starts.slice();
  const lists = new Int32Array(indices.length);
  for (let row = 0; row < rows; row++) {
    for (let k = indptr[row]; k < indptr[row + 1]; k++) lists[next[indices[k]]++] = row;
  }
  return (column: number) => lists.subarray(starts[column], starts[column + 1]);
}

/**
 * Chooses the missing connections with the best scores, or draws them with probabilities in proportion to
 * their scores. Where too few have a score, the rest is drawn among all free positions.
 *
 * @param pattern The connections that stay.
 * @param count The number of connections to choose.
 * @param drawn `true`: draws them.
 * @throws {RangeError} If fewer positions are free.
 *
 * @example Usage
 * ```ts
 * import { randomStream } from "@sparsemble/sparsemble";
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { predictedLinks } from "@sparsemble/sparsemble/topology";
 * import assert from "node:assert/strict";
 *
 * const pattern = patternFromPositions(Float64Array.of(0, 1, 4, 5), [2, 3]);
 * const { positions } = predictedLinks(pattern, 2, "CH3-L3", false, randomStream(1));
 * assert.deepEqual([...positions], [2, 3]);
 * ```
 */
export function predictedLinks(
  pattern: Pattern,
  count: number,
  predictor: LinkPredictor,
  drawn: boolean,
  random: Random,
): Pick<Growth, "positions" | "flops"> {
  const { shape } = pattern;
  const best = keepLargest(count);
  let flops = 0;
  for (const { row, scores, flops: more } of linkScores(pattern, predictor)) {
    flops += more;
    const found = Float64Array.from(scores.keys()).filter((column) => scores[column] > 0);
    // Keys of Efraimidis and Spirakis, as growth from strong neurons has them.
    const keys = found.map((column) =>
      drawn ? scores[column] / -Math.log(1 - random.float()) : scores[column]
    );
    best.offer(found.map((column) => row * shape[1] + column), keys);
  }
  const chosen = best.positions();
  const rest = count - chosen.length;
  if (rest === 0) return { positions: chosen, flops };
  const taken = [pattern, patternFromPositions(chosen, shape)];
  if (rest > countFree(taken, shape)) {
    throw new RangeError(
      `Cannot grow ${count} connections: found ${countFree([pattern], shape)} free positions`,
    );
  }
  const positions = new Float64Array(count);
  positions.set(chosen);
  positions.set(sampleFree(taken, rest, shape, random), chosen.length);
  return { positions: positions.sort(), flops };
}
