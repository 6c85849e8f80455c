/**
 * Growth by the topology alone, without gradients: two neurons that share many neighbours are likely to be
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
 * outputs z₁ of u and the inputs z₂ of v on paths u – z₁ – z₂ – v. For a neuron of the community, i is the
 * number of its links to other neurons of the community, and e the number of its links to neurons outside
 * it, u and v excepted.
 *
 * `CH3-L3`: the sum over all paths of 1 / √((1 + e₁)(1 + e₂)). `CH2-L3n`: the sum over all neurons of the
 * community of (1 + i) / (1 + e).
 */
export type LinkPredictor = "CH3-L3" | "CH2-L3n";

/** The number of rows that `CH2-L3n` scores at a time. More rows need more memory and less repeated work. */
const ROWS_AT_ONCE = 128;

/** The scores of the missing connections of one output neuron. */
export interface LinkScores {
  /** The output neuron, or block of them. */
  readonly row: number;
  /**
   * Length columns: the score of every input; 0 at a connection, and where no path of three connections
   * leads.
   */
  readonly scores: Float64Array;
  /** The floating-point operations of the scores. The first row of a group has those of the whole group. */
  readonly flops: number;
}

/**
 * Scores the missing connections of a layer, one output neuron after the other. With d connections per
 * neuron it takes O(rows × d³) time in all. The memory is that of the connections and a few rows. `CH2-L3n`
 * is a sum over neurons: an input contributes the same to all output neurons that have it. This
 * contribution is computed once per group of rows.
 *
 * @returns One result per row. The next one overwrites it.
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
export function linkScores(pattern: Pattern, predictor: LinkPredictor): Generator<LinkScores> {
  return predictor === "CH3-L3" ? pathScores(pattern) : neuronScores(pattern);
}

/** CH3-L3: the contribution of a path depends on both of its inner neurons. */
function* pathScores(pattern: Pattern): Generator<LinkScores> {
  const { shape: [rows, columns], indptr, indices } = pattern;
  const outputs = columnLists(pattern);
  const degree = (row: number) => indptr[row + 1] - indptr[row];
  // The contribution of another row to a path: 0 if all its inputs are connected to this row already.
  const given = new Float64Array(rows);
  const scores = new Float64Array(columns);
  const paths = new Int32Array(columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    let flops = 0;
    scores.fill(0);
    const inputs = indices.subarray(indptr[row], indptr[row + 1]);
    sharedInputs(inputs, outputs, rows).forEach((shared, other) => {
      const external = degree(other) - shared;
      given[other] = shared === 0 || external === 0 ? 0 : 1 / Math.sqrt(external);
      flops += shared === 0 ? 0 : 3;
    });
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
          if (external > 0) scores[end] += sums[end] / Math.sqrt(external);
          paths[end] = sums[end] = 0;
          flops += 4;
        }
      }
    }
    for (const input of inputs) scores[input] = 0;
    yield { row, scores, flops };
  }
}

/** CH2-L3n: a neuron of the community contributes the same on every path. */
function* neuronScores(pattern: Pattern): Generator<LinkScores> {
  const { shape: [rows, columns], indptr, indices } = pattern;
  const outputs = columnLists(pattern);
  const degree = (row: number) => indptr[row + 1] - indptr[row];
  const scores = new Float64Array(Math.min(ROWS_AT_ONCE, rows) * columns);
  const paths = new Int32Array(columns);
  const ends = new Int32Array(columns);
  const given = new Float64Array(columns);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const last = Math.min(first + ROWS_AT_ONCE, rows);
    let flops = 0;
    scores.fill(0);
    for (let row = first; row < last; row++) {
      const own = scores.subarray((row - first) * columns, (row - first + 1) * columns);
      const inputs = indices.subarray(indptr[row], indptr[row + 1]);
      sharedInputs(inputs, outputs, rows).forEach((shared, other) => {
        const external = degree(other) - shared;
        // If all inputs of another row are connected to this row already, it leads to no missing
        // connection.
        if (shared === 0 || external === 0) return;
        const gives = (1 + shared) / external;
        for (let k = indptr[other]; k < indptr[other + 1]; k++) own[indices[k]] += gives;
        flops += 3 + degree(other);
      });
    }
    for (let input = 0; input < columns; input++) {
      const others = outputs(input);
      const having = others.filter((row) => row >= first && row < last);
      if (having.length === 0) continue;
      let count = 0;
      for (const other of others) {
        for (let k = indptr[other]; k < indptr[other + 1]; k++) {
          if (paths[indices[k]]++ === 0) ends[count++] = indices[k];
        }
        flops += degree(other);
      }
      for (let i = 0; i < count; i++) {
        const external = others.length - paths[ends[i]];
        given[i] = external > 0 ? (1 + paths[ends[i]]) / external : 0;
        paths[ends[i]] = 0;
      }
      for (const row of having) {
        const start = (row - first) * columns;
        for (let i = 0; i < count; i++) scores[start + ends[i]] += given[i];
      }
      flops += (3 + having.length) * count;
    }
    for (let row = first; row < last; row++) {
      const own = scores.subarray((row - first) * columns, (row - first + 1) * columns);
      for (let k = indptr[row]; k < indptr[row + 1]; k++) own[indices[k]] = 0;
      // The first row of the group reports the operations of all its rows.
      yield { row, scores: own, flops: row === first ? flops : 0 };
    }
  }
}

/** Per row, the number of its inputs that are among the given ones. */
function sharedInputs(
  inputs: Int32Array,
  outputs: (column: number) => Int32Array,
  rows: number,
): Int32Array {
  const shared = new Int32Array(rows);
  for (const input of inputs) for (const other of outputs(input)) shared[other]++;
  return shared;
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
 * Chooses the missing connections with the best scores, or draws them with probabilities proportional to
 * their scores. If too few positions have a score above 0, the rest is drawn from all free positions.
 *
 * @param pattern The connections that stay.
 * @param count The number of connections to choose.
 * @param drawn `true`: draws by score. `false`: takes the best scores.
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
    // Keys of Efraimidis and Spirakis, as in `strength_placement.ts`.
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
