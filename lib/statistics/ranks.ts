/** The ranks of some values. */
export interface Ranks {
  /** One per value, from 1 for the least; equal values share the mean of their places. */
  readonly ranks: Float64Array;
  /** Σ (t³ − t) over groups of t equal values: 0 if all values differ. Tests use it to correct for ties. */
  readonly ties: number;
}

/**
 * Ranks values from the least to the greatest.
 *
 * @throws {RangeError} If a value is NaN, which has no rank.
 */
export function rank(values: ArrayLike<number>): Ranks {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      throw new RangeError(`Cannot rank values: value ${i} is NaN, need numbers`);
    }
  }
  const order = Int32Array.from({ length: values.length }, (_, i) => i)
    .sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    // Places start + 1 to end.
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    const equal = end - start;
    ties += equal ** 3 - equal;
  }
  return { ranks, ties };
}
