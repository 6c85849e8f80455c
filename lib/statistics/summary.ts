import { requireFinite } from "./finite.ts";

/**
 * The arithmetic mean.
 *
 * @throws {RangeError} If there is no value, or one is not finite.
 */
export function mean(values: ArrayLike<number>): number {
  requireFinite(values, "take the mean", 1);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * The sample standard deviation: the sum of squares is divided by the number of values less one.
 *
 * @throws {RangeError} If there are fewer than two values, or one is not finite.
 */
export function standardDeviation(values: ArrayLike<number>): number {
  requireFinite(values, "take the standard deviation", 2);
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * The value below which a share of the values lies, by linear interpolation between the two nearest values
 * (type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996; NumPy's default).
 *
 * @param share From 0, the least value, to 1, the greatest.
 * @throws {RangeError} If `share` is outside 0 to 1, there is no value, or one is not finite.
 *
 * @example Usage
 * ```ts
 * import { quantile } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quantile([4, 1, 3, 2], 0.25), 1.75);
 * ```
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  requireFinite(values, "take a quantile", 1);
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot take a quantile: found share ${share}, need 0 to 1`);
  }
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const lower = Math.floor(place);
  const upper = Math.ceil(place);
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - lower);
}

/**
 * The middle value; for an even number of values, the mean of the two middle ones.
 *
 * @throws {RangeError} If there is no value, or one is not finite.
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * The mean of the middle half: a quarter of the values, rounded down, is left out at either end. Over all
 * runs of all tasks this is the aggregate that Agarwal et al., "Deep reinforcement learning at the edge of
 * the statistical precipice" (2021), advise: it is more robust than the mean, and varies less than the
 * median.
 *
 * @throws {RangeError} If there is no value, or one is not finite.
 *
 * @example Usage
 * ```ts
 * import { interquartileMean } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * assert.equal(interquartileMean([0.71, 0.72, 0.74, 0.02]), 0.715);
 * ```
 */
export function interquartileMean(values: ArrayLike<number>): number {
  requireFinite(values, "take the interquartile mean", 1);
  const cut = Math.floor(values.length / 4);
  return mean(Float64Array.from(values).sort().subarray(cut, values.length - cut));
}
