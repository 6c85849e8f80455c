/**
 * The transformation of a feature to the normal distribution by rank, the same as scikit-learn's
 * `QuantileTransformer(output_distribution="normal", subsample=None)`, in every unit: scikit-learn also
 * takes values within 1e-7 of the training rows' extremes for the extremes, which loses features in
 * small units.
 *
 * @module
 */

import { normalQuantile } from "../../statistics/mod.ts";

/** The maximal number of quantiles of a column. */
const MOST_QUANTILES = 1000;
/** The share of rows that is taken to lie beyond either extreme of a quantile scaling: where its map ends. */
export const BEYOND: number = 1e-7 - Number.EPSILON;
const LOWEST = normalQuantile(BEYOND);
const HIGHEST = normalQuantile(1 - BEYOND);

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
 */
export function quantileToNormal(quantiles: Float64Array): (x: number) => number {
  const last = quantiles.length - 1;
  const lowest = quantiles[0];
  const highest = quantiles[last];
  if (lowest === highest) return () => 0;

  return (x) => {
    if (x <= lowest) return LOWEST;
    if (x >= highest) return HIGHEST;
    // The first quantile that is not below x.
    const first = countBelow(quantiles, x, false);
    // A value that equals several quantiles has the middle of them as its rank.
    const rank = quantiles[first] === x
      ? (first + countBelow(quantiles, x, true) - 1) / 2
      : first - (quantiles[first] - x) / (quantiles[first] - quantiles[first - 1]);
    return Math.min(HIGHEST, Math.max(LOWEST, normalQuantile(rank / last)));
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
