/**
 * The statistics of the training rows that preprocessing needs, from one pass. Counts, extremes, means and
 * deviations are exact. Quantiles come from a sketch. Categories are counted by their codes.
 *
 * @module
 */
import { type QuantileSketch, quantileSketch } from "./quantile_sketch.ts";

/** The statistics of one column. */
export interface ColumnStatistics {
  /** The number of present values, and of missing ones. */
  present: number;
  missing: number;
  /** The extremes; infinite without values. */
  lowest: number;
  highest: number;
  /** The mean, and the sum of the squared deviations from it, by Welford's recurrence. */
  mean: number;
  squares: number;
  /** The distribution; `null` for a column of categories. */
  readonly sketch: QuantileSketch | null;
  /** For every category, the number of its rows; `null` for a column of numbers. */
  readonly counts: Int32Array | null;
}

/**
 * Empty statistics of columns.
 *
 * @param categories For every column, the number of its categories, or `null` for numbers.
 * @param capacity The number of values that the buffer of a sketch holds.
 */
export function columnStatistics(
  categories: readonly (number | null)[],
  capacity: number,
): ColumnStatistics[] {
  return categories.map((count) => ({
    present: 0,
    missing: 0,
    lowest: Infinity,
    highest: -Infinity,
    mean: 0,
    squares: 0,
    sketch: count === null ? quantileSketch(capacity) : null,
    counts: count === null ? null : new Int32Array(count),
  }));
}

/**
 * Adds rows to the statistics of their columns.
 *
 * @param features Length rows × columns, row after row.
 * @param isTaken Returns `true` if a row counts, given its place among these rows.
 */
export function addRows(
  statistics: readonly ColumnStatistics[],
  features: Float32Array,
  rows: number,
  isTaken: (row: number) => boolean,
): void {
  const width = statistics.length;
  const taken: number[] = [];
  for (let row = 0; row < rows; row++) if (isTaken(row)) taken.push(row);
  for (let column = 0; column < width; column++) {
    const own = statistics[column];
    const { counts } = own;
    for (const row of taken) {
      const value = features[row * width + column];
      if (Number.isNaN(value)) own.missing++;
      else if (counts !== null) {
        own.present++;
        if (value >= 0) counts[value]++;
      } else addNumber(own, value);
    }
  }
}

function addNumber(own: ColumnStatistics, value: number): void {
  own.present++;
  if (value < own.lowest) own.lowest = value;
  if (value > own.highest) own.highest = value;
  const delta = value - own.mean;
  own.mean += delta / own.present;
  own.squares += delta * (value - own.mean);
  own.sketch?.add(value);
}
