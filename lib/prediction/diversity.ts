/**
 * The diversity of an ensemble: the differences of its members' topologies and of their predictions.
 *
 * @module
 */
import { overlap } from "../sparse/mod.ts";
import { isDense, type LayerConnections, neuronsOf } from "./nnstd.ts";
import { mostProbable } from "./prediction.ts";
import { LEAST_PROBABILITY } from "./probability_scores.ts";

/**
 * Compares topologies with the neurons in stored order. {@linkcode nnstd} is a distance that does not
 * depend on this order.
 *
 * @param networks The layers of every member, from the input on: all of the same architecture.
 * @returns Per layer, a table of members × members: the share of the row member's connections that the
 * column member has as well; 0 if the row member has none.
 * @throws {TypeError} If the numbers of layers or two shapes differ.
 *
 * @example Usage
 * ```ts
 * import { patternFromPositions } from "@sparsemble/sparsemble/sparse";
 * import { topologyOverlaps } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const one = patternFromPositions(Float64Array.of(0, 1, 2, 5), [2, 3]);
 * const other = patternFromPositions(Float64Array.of(1, 3), [2, 3]);
 * assert.deepEqual(topologyOverlaps([[one], [other]]), [[[1, 0.25], [0.5, 1]]]);
 * ```
 */
export function topologyOverlaps(networks: readonly (readonly LayerConnections[])[]): number[][][] {
  const depth = networks.length === 0 ? 0 : networks[0].length;
  for (const { length } of networks) {
    if (length !== depth) {
      throw new TypeError(
        `Cannot compare topologies: found ${depth} and ${length} layers, need equally many`,
      );
    }
  }
  return Array.from({ length: depth }, (_, layer) => {
    const layers = networks.map((network) => neuronsOf(network[layer]));
    return layers.map((one) => layers.map((other) => sharedShare(one, other)));
  });
}

function sharedShare(
  one: ReturnType<typeof neuronsOf>,
  other: ReturnType<typeof neuronsOf>,
): number {
  const [rows, columns] = one.shape;
  if (rows !== other.shape[0] || columns !== other.shape[1]) {
    throw new TypeError(
      `Cannot compare topologies: found shapes [${one.shape.join(", ")}] and ` +
        `[${other.shape.join(", ")}], need equal ones`,
    );
  }
  if (isDense(one)) {
    return isDense(other) ? 1 : other.indices.length / (rows * columns);
  }
  if (one.indices.length === 0) return 0;
  return isDense(other) ? 1 : overlap(one, other) / one.indices.length;
}

/** Measures of the difference between two members' predictions. */
export interface PairMeasures<Value> {
  /** The share of rows for which the two members predict different classes. */
  readonly disagreement: Value;
  /**
   * The mean over all rows of data of the Kullback–Leibler divergence Σ p ln(p / q), in nats: p are the
   * probabilities of the table row's member, q those of the column's. Not symmetric.
   */
  readonly divergence: Value;
  /**
   * The correlation of correct predictions: 1 if both members err on the same rows, 0 if their errors
   * are independent, negative if they err on different rows. NaN if a member is correct on all rows or
   * on none.
   */
  readonly errorCorrelation: Value;
}

/** The differences between the predictions of all pairs of members. */
export interface PredictionDiversity {
  /** Tables of members × members. */
  readonly pairs: PairMeasures<readonly (readonly number[])[]>;
  /** The means over all pairs of different members. */
  readonly mean: PairMeasures<number>;
}

/**
 * Compares the predictions of all pairs of members. Disagreement and divergence: S. Liu et al., "Deep
 * ensembling with no overhead for either training or testing: the all-round blessings of dynamic
 * sparsity", 2022, https://arxiv.org/abs/2106.14568. Error correlation: L. I. Kuncheva and C. J. Whitaker,
 * "Measures of diversity in classifier ensembles", 2003, https://doi.org/10.1023/A:1022859003006.
 *
 * @param probabilities One array per member, of length rows × classes, row by row, as
 * `memberOutputs` returns them.
 * @param labels Length rows: the true classes.
 * @throws {RangeError} If there are fewer than two members, or no row.
 * @throws {TypeError} If the arrays differ in length, or their length is not a multiple of the rows.
 *
 * @example Usage
 * ```ts
 * import { predictionDiversity } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const one = Float32Array.of(0.75, 0.25, 0.75, 0.25);
 * const other = Float32Array.of(0.75, 0.25, 0.25, 0.75);
 * const { mean } = predictionDiversity([one, other], Int32Array.of(0, 0));
 * assert.equal(mean.disagreement, 0.5);
 * assert.equal(mean.divergence.toFixed(12), (0.25 * Math.log(3)).toFixed(12));
 * ```
 */
export function predictionDiversity(
  probabilities: readonly Float32Array[],
  labels: Int32Array,
): PredictionDiversity {
  const rows = labels.length;
  if (probabilities.length < 2) {
    throw new RangeError(
      `Cannot compare predictions: found ${probabilities.length} members, need at least 2`,
    );
  }
  if (rows === 0) throw new RangeError("Cannot compare predictions: found no rows, need one");
  const classes = probabilities[0].length / rows;
  for (const { length } of probabilities) {
    if (!Number.isInteger(classes) || classes === 0 || length !== rows * classes) {
      throw new TypeError(
        `Cannot compare predictions: found ${length} probabilities for ${rows} rows, need ` +
          "the same whole number a row for every member",
      );
    }
  }
  const predicted = probabilities.map((member) => mostProbable(member, classes));
  const right = predicted.map((member) =>
    Uint8Array.from(member, (one, row) => one === labels[row] ? 1 : 0)
  );
  const pairs = {
    disagreement: table(predicted, disagreement),
    divergence: table(probabilities, (one, other) => divergence(one, other) / rows),
    errorCorrelation: table(right, correlation),
  };
  return {
    pairs,
    mean: {
      disagreement: meanOfPairs(pairs.disagreement),
      divergence: meanOfPairs(pairs.divergence),
      errorCorrelation: meanOfPairs(pairs.errorCorrelation),
    },
  };
}

function table<Value>(
  members: readonly Value[],
  measure: (one: Value, other: Value) => number,
): number[][] {
  return members.map((one) => members.map((other) => measure(one, other)));
}

function meanOfPairs(values: readonly (readonly number[])[]): number {
  let sum = 0;
  values.forEach((row, i) => row.forEach((value, j) => sum += i === j ? 0 : value));
  return sum / (values.length * (values.length - 1));
}

function disagreement(one: Int32Array, other: Int32Array): number {
  let different = 0;
  for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) different++;
  return different / one.length;
}

/** Summed over the rows. */
function divergence(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) {
    const p = Math.max(one[i], LEAST_PROBABILITY);
    sum += p * Math.log(p / Math.max(other[i], LEAST_PROBABILITY));
  }
  return sum;
}

/** Pearson's correlation of zeros and ones, from their counts. */
function correlation(one: Uint8Array, other: Uint8Array): number {
  const rows = one.length;
  let first = 0;
  let second = 0;
  let both = 0;
  for (let row = 0; row < rows; row++) {
    first += one[row];
    second += other[row];
    both += one[row] & other[row];
  }
  return (rows * both - first * second) /
    Math.sqrt(first * (rows - first) * second * (rows - second));
}
