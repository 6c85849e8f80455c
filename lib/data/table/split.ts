import { requireKind } from "../../arguments.ts";
import { plural, shown } from "../../messages.ts";
import { type Random, shuffle } from "../../random.ts";
import { type Dataset, requireDataset } from "./dataset.ts";

/** A data set in two parts that share no row. */
export interface Split {
  /** The rows to learn from, in the data set's order. */
  readonly train: Dataset;
  /** The rows held out, in the data set's order. */
  readonly test: Dataset;
}

/**
 * Holds out a random fraction of the rows, stratified by class. Every class gives its share. The shares are
 * rounded so that they add up to `round(rows × fraction)` (largest remainder; equal remainders in random
 * order). A class is never held out completely. If the target is a number, the rows are not stratified.
 *
 * @param fraction The fraction to hold out, above 0 and below 1.
 * @param random Draws the rows.
 * @throws {RangeError} If `fraction` is out of range, leaves a part without rows, or would take every row
 * of a class.
 *
 * @example
 * ```ts
 * import { datasetFromArrays, randomStream, splitDataset } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({
 *   features: Array.from({ length: 10 }, (_, row) => [row]),
 *   labels: [0, 1, 1, 1, 1, 0, 1, 1, 1, 1],
 * });
 * const { train, test } = splitDataset(dataset, 0.5, randomStream(1, "split"));
 * assert.equal(train.rows, 5);
 * assert.deepEqual([...test.labels].sort(), [0, 1, 1, 1, 1]);
 * ```
 */
export function splitDataset(dataset: Dataset, fraction: number, random: Random): Split {
  const intent = "split a data set";
  requireDataset(intent, dataset);
  if (!(fraction > 0 && fraction < 1)) {
    throw new RangeError(
      `Cannot ${intent}: found the fraction ${shown(fraction)}, need one above 0 and below 1`,
    );
  }
  requireKind(intent, random, {
    name: "a stream of random numbers",
    has: ["below"],
    makers: ['randomStream(1, "split")'],
  });
  const { rows, labels } = dataset;
  // Rows without classes count as one class.
  const classes = Math.max(1, dataset.classes.length);
  const sizes = new Int32Array(classes);
  for (let row = 0; row < rows; row++) sizes[labels[row]]++;
  const shares = heldOutShares(sizes, fraction, rows, random);

  // The rows are sorted by class in one pass, because there may be as many classes as rows.
  const byClass = new Int32Array(rows);
  const ends = new Int32Array(classes);
  for (let label = 1; label < classes; label++) ends[label] = ends[label - 1] + sizes[label - 1];
  for (let row = 0; row < rows; row++) byClass[ends[labels[row]]++] = row;

  const heldOut = new Uint8Array(rows);
  for (let label = 0; label < classes; label++) {
    const ofClass = byClass.subarray(ends[label] - sizes[label], ends[label]);
    shuffle(ofClass, random);
    for (let k = 0; k < shares[label]; k++) heldOut[ofClass[k]] = 1;
  }
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  return {
    train: selectRows(dataset, order.filter((row) => heldOut[row] === 0)),
    test: selectRows(dataset, order.filter((row) => heldOut[row] === 1)),
  };
}

/** The beginning and the end of messages about tables with too few rows. */
const [CANNOT_HOLD_OUT, NONE_HELD_OUT] = [
  "Cannot hold out rows, for a test or to choose members",
  "; --test-fraction 0 --validation-fraction 0 --member-selection last --trials 0 holds out none",
];

/** The number of rows of every class to hold out. */
function heldOutShares(
  sizes: Int32Array,
  fraction: number,
  rows: number,
  random: Random,
): Int32Array {
  const total = Math.round(rows * fraction);
  const most = sizes.reduce((sum, size) => sum + Math.max(0, size - 1), 0);
  const hint = sizes.length > 20
    ? `; are the ${sizes.length} classes numbers (--task regression), or names of rows?`
    : "";
  if (most === 0) {
    const found = sizes.length > 1
      ? `${plural(rows, "row")} of as many classes, need a class with two rows`
      : `${plural(rows, "row")}, need two`;
    throw new RangeError(`${CANNOT_HOLD_OUT}: found ${found}${hint || NONE_HELD_OUT}`);
  }
  if (total < 1) {
    throw new RangeError(
      `${CANNOT_HOLD_OUT}: found ${
        plural(rows, "row")
      }, of which a share of ${fraction} is none, ` +
        `need more rows or a larger share${NONE_HELD_OUT}`,
    );
  }
  if (total > most && hint !== "") {
    throw new RangeError(
      `Cannot hold out ${total} of ${
        plural(rows, "row")
      }: found ${sizes.length} classes in them, ` +
        `need one row of each to learn from${hint}`,
    );
  }
  if (total > most) {
    const rest = sizes.length > 1 ? "every class keeps a row" : "one row stays";
    throw new RangeError(
      `Cannot split a data set: found ${total} of ${rows} rows to hold out, need 1 to ${most} ` +
        `(${rest})${hint}`,
    );
  }
  const shares = sizes.map((size) => Math.min(Math.floor(size * fraction), Math.max(0, size - 1)));
  let left = total - shares.reduce((sum, share) => sum + share, 0);

  const order = Int32Array.from(sizes.keys());
  shuffle(order, random);
  const byRemainder = order.toSorted((a, b) =>
    (sizes[b] * fraction - shares[b]) - (sizes[a] * fraction - shares[a])
  );
  // One round is the rule. More are needed only if classes of one row cannot give their share.
  for (let able = byRemainder; left > 0;) {
    able = able.filter((label) => shares[label] < sizes[label] - 1);
    for (const label of able.subarray(0, left)) shares[label]++;
    left -= Math.min(left, able.length);
  }
  return shares;
}

/**
 * Copies some rows of a data set to a new one.
 *
 * @param rows The rows' indices, in the wanted order. An index may occur several times, as in a bootstrap.
 * @throws {RangeError} If an index is out of range.
 *
 * @example
 * ```ts
 * import { datasetFromArrays } from "@sparsemble/sparsemble";
 * import { selectRows } from "@sparsemble/sparsemble/data";
 * import assert from "node:assert/strict";
 *
 * const dataset = datasetFromArrays({ features: [[1], [2], [3]], labels: ["a", "b", "a"] });
 * const selected = selectRows(dataset, Int32Array.of(2, 1));
 * assert.deepEqual([...selected.features], [3, 2]);
 * assert.deepEqual([...selected.labels], [0, 1]);
 * ```
 */
export function selectRows(dataset: Dataset, rows: Int32Array): Dataset {
  const { columns } = dataset;
  const features = new Float32Array(rows.length * columns);
  const labels = new Int32Array(rows.length);
  const targets = dataset.targets === undefined ? undefined : new Float32Array(rows.length);
  const weights = dataset.weights && Float32Array.from(rows, (row) => dataset.weights![row]);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    if (row < 0 || row >= dataset.rows) {
      throw new RangeError(
        `Cannot select rows: found row ${row} at position ${k}, need 0 to ${dataset.rows - 1}`,
      );
    }
    labels[k] = dataset.labels[row];
    if (targets !== undefined) targets[k] = dataset.targets![row];
    for (let column = 0; column < columns; column++) {
      features[k * columns + column] = dataset.features[row * columns + column];
    }
  }
  return { ...dataset, features, labels, targets, weights, rows: rows.length };
}

/**
 * Joins parts of one data set, one after the other.
 *
 * @param parts At least one, with the same columns.
 */
export function joinedRows(parts: readonly Dataset[]): Dataset {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const [{ columns, targets, weights }] = parts;
  const joined = {
    features: new Float32Array(rows * columns),
    labels: new Int32Array(rows),
    targets: targets && new Float32Array(rows),
    weights: weights && new Float32Array(rows),
  };
  let first = 0;
  for (const part of parts) {
    joined.features.set(part.features, first * columns);
    joined.labels.set(part.labels, first);
    joined.targets?.set(part.targets!, first);
    joined.weights?.set(part.weights!, first);
    first += part.rows;
  }
  return { ...parts[0], ...joined, rows };
}
