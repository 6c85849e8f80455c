/**
 * Split conformal prediction: intervals of numbers and sets of classes that contain the true answer for a
 * wanted share of new rows, whatever the model and the distribution are. They are calibrated with
 * nonconformity scores of rows that no member was trained on: |y − ŷ| for numbers, 1 − p of the true class
 * for classes.
 *
 * V. Vovk, A. Gammerman and G. Shafer, "Algorithmic learning in a random world", 2005,
 * https://doi.org/10.1007/b106715; J. Lei et al., "Distribution-free predictive inference for regression",
 * 2018, https://arxiv.org/abs/1604.04173; M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued
 * classifiers with bounded error levels", 2019, https://arxiv.org/abs/1609.00451.
 *
 * @module
 */

/** A conformal calibration. A plain object, stored with a model. */
export interface Conformal {
  /** The coverage: the wanted share of new rows whose true answer lies in the interval or set, in (0, 1). */
  readonly coverage: number;
  /**
   * The conformal quantile of the scores. For intervals it is half their width, in the unit of the target.
   * For sets it is 1 − the smallest probability of a class in a set.
   */
  readonly quantile: number;
  /** The number of held-out rows from which it was computed. */
  readonly rows: number;
}

/** The rank of the quantile among the sorted scores, counted from 1: ⌈(rows + 1) × coverage⌉. */
function placeOf(rows: number, coverage: number): number {
  // Rounding errors must not lift a product such as 20 × 0.95 above the whole number that it equals.
  return Math.ceil((rows + 1) * coverage - 1e-9);
}

/**
 * Returns `true` if a number of held-out rows is enough for a coverage. With fewer rows the quantile would
 * be infinite.
 */
export function suffices(rows: number, coverage: number): boolean {
  return placeOf(rows, coverage) <= rows;
}

/**
 * Computes the conformal quantile: the ⌈(n + 1) × coverage⌉-th smallest of n scores. A new row's score does
 * not exceed it with a probability of at least `coverage`.
 *
 * @throws {RangeError} If there are too few scores.
 *
 * @example Usage
 * ```ts
 * import { conformalQuantile } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * // The 9th of 9: a tenth score is as probably the largest as any of the others.
 * assert.equal(conformalQuantile([5, 1, 9, 2, 8, 3, 7, 4, 6], 0.9), 9);
 * assert.equal(conformalQuantile([5, 1, 9, 2, 8, 3, 7, 4, 6], 0.5), 5);
 * ```
 */
export function conformalQuantile(scores: ArrayLike<number>, coverage: number): number {
  const rows = scores.length;
  if (!suffices(rows, coverage)) {
    throw new RangeError(
      `Cannot hold a share of ${coverage} of new rows: found ${rows} held-out rows, need ` +
        `${Math.ceil(coverage / (1 - coverage) - 1e-9)}`,
    );
  }
  return Float64Array.from(scores).sort()[placeOf(rows, coverage) - 1];
}

/** 1 − p of every row's true class. */
export function trueClassScores(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  return Float64Array.from(labels, (label, row) => 1 - probabilities[row * classes + label]);
}

/** |y − ŷ| of every row. */
export function numberScores(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(targets, (target, row) => Math.abs(target - predicted[row]));
}

/**
 * Finds the classes of every row's set: the most probable class, and all classes whose probability is at
 * least 1 − `quantile`.
 *
 * @param probabilities Length rows × classes, row by row.
 */
export function classSets(
  probabilities: ArrayLike<number>,
  classes: number,
  { quantile }: Conformal,
): number[][] {
  return Array.from({ length: probabilities.length / classes }, (_, row) => {
    const from = row * classes;
    const places = Array.from({ length: classes }, (_, c) => c);
    const best = places.reduce((a, b) => probabilities[from + b] > probabilities[from + a] ? b : a);
    return places.filter((c) => c === best || 1 - probabilities[from + c] <= quantile);
  });
}

/** The wanted and the measured coverage of intervals or sets. */
export interface Coverage {
  /** The wanted coverage. */
  readonly asked: number;
  /**
   * The measured coverage: the share of rows, or of their total weight, whose true answer lies in the
   * interval or set.
   */
  readonly found: number;
  /** The width of the intervals, in the unit of the target. Left out: there are sets. */
  readonly width?: number | undefined;
  /** The mean number of classes in a set. Left out: there are intervals. */
  readonly size?: number | undefined;
}

/**
 * Measures the coverage of intervals around predicted numbers.
 *
 * @param weights The weights of the rows. Left out: all equal.
 */
export function intervalCoverage(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
  { coverage, quantile }: Conformal,
  weights?: ArrayLike<number>,
): Coverage {
  const held = Array.from(numberScores(predicted, targets), (score) => score <= quantile ? 1 : 0);
  return { asked: coverage, found: weightedMean(held, weights), width: 2 * quantile };
}

function weightedMean(values: readonly number[], weights?: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  values.forEach((value, row) => {
    const weight = weights?.[row] ?? 1;
    sum += weight * value;
    total += weight;
  });
  return sum / total;
}

/**
 * Measures the coverage of sets of classes.
 *
 * @param weights The weights of the rows. Left out: all equal.
 */
export function setCoverage(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  conformal: Conformal,
  weights?: ArrayLike<number>,
): Coverage {
  const sums = coverageSums(classes, conformal);
  sums.add(probabilities, labels, weights);
  return sums.coverage();
}

/** A coverage of sets for rows that arrive in several parts. */
export interface CoverageSums {
  /** Adds rows. */
  add(
    probabilities: ArrayLike<number>,
    labels: ArrayLike<number>,
    weights?: ArrayLike<number>,
  ): void;
  /** The coverage of all rows so far. */
  coverage(): Coverage;
}

/** Begins the sums behind {@linkcode setCoverage}. */
export function coverageSums(classes: number, conformal: Conformal): CoverageSums {
  let [held, size, total] = [0, 0, 0];
  return {
    add(probabilities, labels, weights) {
      classSets(probabilities, classes, conformal).forEach((set, row) => {
        const weight = weights?.[row] ?? 1;
        held += weight * (set.includes(labels[row]) ? 1 : 0);
        size += weight * set.length;
        total += weight;
      });
    },
    coverage: () => ({ asked: conformal.coverage, found: held / total, size: size / total }),
  };
}
