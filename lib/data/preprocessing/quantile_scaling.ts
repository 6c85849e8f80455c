/**
 * The transformation of a feature to the normal distribution by rank, the same as scikit-learn's
 * `QuantileTransformer(output_distribution="normal", subsample=None)`, in every unit: scikit-learn also
 * takes values within 1e-7 of the training rows' extremes for the extremes, which loses features in
 * small units.
 *
 * The extremes lie at ±5.2, far from all other rows: of 1,000 rows the next ones lie at ±3.1. The bounded
 * kind ends at ±3, so that one extreme row is not an input far larger than all others.
 *
 * @module
 */

import { normalQuantile } from "../../statistics/mod.ts";

/** The maximal number of quantiles of a column. */
const MOST_QUANTILES = 1000;
/** The kinds of scaling by rank. */
export type RankScaling = "quantile" | "bounded-quantile";

/**
 * For every scaling by rank, the share of rows that is taken to lie beyond either extreme: there its map
 * ends, at ±5.2 or at ±3.
 */
export const BEYOND: Readonly<Record<RankScaling, number>> = {
  quantile: 1e-7 - Number.EPSILON,
  "bounded-quantile": 0.00135,
};

/** Returns `true` if a scaling is one by rank. */
export function isByRank(scaling: string): scaling is RankScaling {
  return Object.hasOwn(BEYOND, scaling);
}

/**
 * The quantiles of every column at `min(1000, rows)` equally spaced probabilities from 0 to 1,
 * interpolated linearly between the order statistics, column after column.
 *
 * @param features Length `rows` × `columns`, row after row.
 */
export function fitQuantiles(features: Float32Array, rows: number, columns: number): Float64Array {
  const count = Math.min(MOST_QUANTILES, rows);
  const quantiles = new Float64Array(columns * count);
  const sorted = new Float32Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) sorted[row] = features[row * columns + column];
    sorted.sort();
    quantiles.set(quantilesByRank(rows, (rank) => sorted[rank]), column * count);
  }
  return quantiles;
}

/**
 * The quantiles of one column, as {@linkcode fitQuantiles} has them.
 *
 * @param valueAt The value of a rank, from 0 to `rows` − 1. Asked for in ascending order, but for one step back.
 */
export function quantilesByRank(rows: number, valueAt: (rank: number) => number): Float64Array {
  const count = Math.min(MOST_QUANTILES, rows);
  const quantiles = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    // In NumPy's order of operations (a fraction, a percentage, a fraction again): at the edge of
    // a run of equal values the last bit decides about half a rank.
    const fraction = k === count - 1 ? 1 : k * (1 / (count - 1));
    const place = ((fraction * 100) / 100) * (rows - 1);
    const below = Math.floor(place);
    const low = valueAt(below);
    const high = valueAt(Math.min(below + 1, rows - 1));
    const part = place - below;
    quantiles[k] = part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
  }
  return quantiles;
}

/**
 * The map of one column's values to the normal distribution.
 *
 * @param quantiles The column's quantiles, ascending. With all of them equal the map is 0.
 * @param beyond The share of rows that is taken to lie beyond either extreme, as {@linkcode BEYOND} has it.
 */
export function quantileToNormal(
  quantiles: Float64Array,
  beyond: number,
): (x: number) => number {
  const last = quantiles.length - 1;
  const lowest = quantiles[0];
  const highest = quantiles[last];
  if (lowest === highest) return () => 0;
  const [least, most] = [normalQuantile(beyond), normalQuantile(1 - beyond)];

  return (x) => {
    if (x <= lowest) return least;
    if (x >= highest) return most;
    // The first quantile that is not below x.
    const first = countBelow(quantiles, x, false);
    // A value that equals several quantiles has the middle of them as its rank.
    const rank = quantiles[first] === x
      ? (first + countBelow(quantiles, x, true) - 1) / 2
      : first - (quantiles[first] - x) / (quantiles[first] - quantiles[first - 1]);
    return Math.min(most, Math.max(least, normalQuantile(rank / last)));
  };
}

/** Counts the ascending values that are below x, or at most x. */
function countBelow(values: Float64Array, x: number, orEqual: boolean): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] < x || orEqual && values[middle] === x) from = middle + 1;
    else to = middle;
  }
  return from;
}
