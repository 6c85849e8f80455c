/**
 * The confusion matrix, and precision, recall and F1 of every class, as scikit-learn defines them.
 *
 * @module
 */

/** The scores of one class. A score that would divide by 0 is `null`. */
export interface ClassScores {
  /** The number of rows of the class, or the sum of their weights. */
  readonly rows: number;
  /** The number of rows that were predicted as this class, or the sum of their weights. */
  readonly predicted: number;
  /** The share of the rows predicted as this class that belong to it. */
  readonly precision: number | null;
  /** The share of the rows of this class that were predicted as it. */
  readonly recall: number | null;
  /** The harmonic mean of precision and recall. */
  readonly f1: number | null;
}

/**
 * Counts the rows of every class by the class that was predicted for them.
 *
 * @param predicted Length rows: the predicted classes, from 0.
 * @param labels Length rows: the true classes, from 0.
 * @param classes The number of classes.
 * @param weights The weights of the rows. Cells are then sums of weights. Left out: cells count rows.
 * @param counts The counts of earlier rows, to which these are added. Left out: none.
 * @returns classes × classes counts: a row for every true class, a column for every predicted one.
 * @throws {TypeError} If the lengths differ.
 *
 * @example Usage
 * ```ts
 * import { confusionMatrix } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(confusionMatrix([0, 1, 1, 1], [0, 0, 1, 1], 2), [[1, 1], [0, 2]]);
 * ```
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
  counts: number[][] = Array.from({ length: classes }, () => new Array<number>(classes).fill(0)),
): number[][] {
  if (predicted.length !== labels.length) {
    throw new TypeError(
      `Cannot count confusions: found ${predicted.length} predictions for ${labels.length} rows, ` +
        `need one a row`,
    );
  }
  for (let row = 0; row < labels.length; row++) {
    counts[labels[row]][predicted[row]] += weights?.[row] ?? 1;
  }
  return counts;
}

/**
 * Precision, recall and F1 of every class.
 *
 * @param confusion Classes × classes: the result of {@linkcode confusionMatrix}.
 *
 * @example Usage
 * ```ts
 * import { classScores } from "@sparsemble/sparsemble/prediction";
 * import assert from "node:assert/strict";
 *
 * const [first] = classScores([[1, 1], [0, 2]]);
 * assert.deepEqual(first, { rows: 2, predicted: 1, precision: 1, recall: 0.5, f1: 2 / 3 });
 * ```
 */
export function classScores(confusion: readonly (readonly number[])[]): ClassScores[] {
  return confusion.map((own, c) => {
    const rows = own.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, { [c]: count }) => sum + count, 0);
    const found = own[c];
    const shareOf = (part: number, all: number) => all === 0 ? null : part / all;
    return {
      rows,
      predicted,
      precision: shareOf(found, predicted),
      recall: shareOf(found, rows),
      f1: shareOf(2 * found, rows + predicted),
    };
  });
}

/** The means of the classes' scores, every class counted once. A mean of nothing is `null`. */
export interface MeanClassScores {
  /** The mean precision of the classes that were predicted. */
  readonly precision: number | null;
  /** The mean recall of the classes that have rows: the balanced accuracy. */
  readonly recall: number | null;
  /** The mean F1 of the classes that have rows or were predicted. */
  readonly f1: number | null;
}

/** The means of the scores over the classes that have them ("macro" averages). */
export function meanClassScores(scores: readonly ClassScores[]): MeanClassScores {
  const meanOf = (key: "precision" | "recall" | "f1") => {
    const known = scores.flatMap(({ [key]: score }) => score === null ? [] : [score]);
    return known.length === 0 ? null : known.reduce((sum, score) => sum + score, 0) / known.length;
  };
  return { precision: meanOf("precision"), recall: meanOf("recall"), f1: meanOf("f1") };
}
