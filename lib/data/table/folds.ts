/**
 * Divides rows into folds for cross-validation. A fold's model is tested on rows that it did not learn
 * from. The rules follow scikit-learn's StratifiedKFold, GroupKFold and TimeSeriesSplit,
 * https://scikit-learn.org/stable/modules/cross_validation.html.
 *
 * @module
 */
import { plural, quotedPath } from "../../messages.ts";
import { type Random, shuffle } from "../../random.ts";
import type { Dataset } from "./dataset.ts";
import { dateOrder, isoText } from "./notation.ts";

/** The rows of one fold, in the table's order. */
export interface Fold {
  /** The rows to learn from. */
  readonly train: Int32Array;
  /** The rows to be tested on. */
  readonly test: Int32Array;
}

/**
 * Draws random folds, stratified by class. Any two folds differ by at most one row of a class, and by at
 * most one row in all. Rows with numbers to predict count as one class.
 *
 * @param count The number of folds.
 * @throws {RangeError} If there are fewer rows than folds, or fewer than two folds.
 */
export function stratifiedFolds(
  { rows, labels, classes, source }: Pick<Dataset, "rows" | "labels" | "classes" | "source">,
  count: number,
  random: Random,
): Fold[] {
  requireFolds(rows, (found) => plural(found, "row"), count, source);
  const byClass = Array.from({ length: Math.max(1, classes.length) }, (): number[] => []);
  for (let row = 0; row < rows; row++) byClass[labels[row]].push(row);
  // The rows are dealt out like cards, class after class. So both the classes and the folds stay even.
  const order = byClass.flatMap((own) => {
    const shuffled = Int32Array.from(own);
    shuffle(shuffled, random);
    return [...shuffled];
  });
  const foldOf = new Int32Array(rows);
  order.forEach((row, place) => foldOf[row] = place % count);
  return foldsOf(foldOf, count);
}

/**
 * Makes folds that share no group. The groups are taken by size, the largest first, and each goes to the
 * fold with the fewest rows. Groups of equal size come in random order.
 *
 * @param groups Length rows: the name of every row's group.
 * @throws {RangeError} If there are fewer groups than folds, or fewer than two folds.
 */
export function groupFolds(
  groups: readonly string[],
  count: number,
  random: Random,
  source: string,
): Fold[] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  requireFolds(sizes.size, (found) => plural(found, "group"), count, source);
  const names = [...sizes.keys()];
  const order = Int32Array.from(names.keys());
  shuffle(order, random);
  const largestFirst = [...order].map((place) => names[place])
    .sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  const loads = new Float64Array(count);
  const folds = new Map<string, number>();
  for (const group of largestFirst) {
    const lightest = loads.indexOf(loads.reduce((a, b) => Math.min(a, b)));
    folds.set(group, lightest);
    loads[lightest] += sizes.get(group)!;
  }
  return foldsOf(Int32Array.from(groups, (group) => folds.get(group)!), count);
}

/**
 * Makes folds in the order of time. A fold learns from all rows before its test rows, so no training row is
 * later than a test row. Every test has ⌊rows / (folds + 1)⌋ rows.
 *
 * @param times Length rows: a number that grows with time.
 * @throws {RangeError} If there are not more rows than folds, or fewer than two folds.
 */
export function timeFolds(times: ArrayLike<number>, count: number, source: string): Fold[] {
  const rows = times.length;
  requireFolds(rows - 1, (found) => `${plural(found, "row")} behind the first`, count, source);
  const order = Int32Array.from({ length: rows }, (_, row) => row)
    .sort((a, b) => times[a] - times[b] || a - b);
  const size = Math.floor(rows / (count + 1));
  return Array.from({ length: count }, (_, fold) => {
    const from = rows - (count - fold) * size;
    return { train: order.slice(0, from).sort(), test: order.slice(from, from + size).sort() };
  });
}

function foldsOf(foldOf: Int32Array, count: number): Fold[] {
  const order = Int32Array.from(foldOf.keys());
  return Array.from({ length: count }, (_, fold) => ({
    train: order.filter((row) => foldOf[row] !== fold),
    test: order.filter((row) => foldOf[row] === fold),
  }));
}

function requireFolds(
  found: number,
  what: (count: number) => string,
  count: number,
  source: string,
): void {
  if (Number.isSafeInteger(count) && count >= 2 && count <= found) return;
  const need = count >= 2 ? `at least ${count}` : "2 folds or more";
  throw new RangeError(
    `Cannot make ${count} folds of ${quotedPath(source)}: found ${what(found)}, need ${need}`,
  );
}

/**
 * Converts times to numbers. The texts are read as plain numbers or as dates and times, whichever fits more
 * of them. The others become NaN. Dates are written as in ISO 8601, or like 31/12/2025 if one of them tells
 * the day from the month.
 */
export function timesOf(texts: readonly string[]): Float64Array {
  const read = (text: string) => {
    const word = text.trim();
    return word === "" ? NaN : Number(word);
  };
  const numbers = Float64Array.from(texts, (text) => {
    const number = read(text);
    return Number.isFinite(number) ? number : NaN;
  });
  const known = (times: Float64Array) => times.filter((time) => !Number.isNaN(time)).length;
  if (known(numbers) === texts.length) return numbers;
  const isDate = /^\d{4}-\d\d(-\d\d)?([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
  const order = dateOrder(texts);
  const dates = Float64Array.from(texts, (text) => {
    const word = isoText(text.trim(), order).replace(" ", "T");
    // All times without a zone are in the same zone. Which one does not matter.
    const zone = /T/.test(word) && !/(Z|[+-]\d\d:?\d\d)$/.test(word) ? "Z" : "";
    return isDate.test(word) ? Date.parse(word + zone) : NaN;
  });
  return known(numbers) > known(dates) ? numbers : dates;
}
