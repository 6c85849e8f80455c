/**
 * A quantile scaling with fewer numbers: a broken line through knots. The line stays within a given error
 * of the map that the model was trained with. A table of 1,000 quantiles takes 4 kB per column. A line
 * within 0.01 of it has some tens of knots.
 *
 * The knots are chosen from left to right. Each is the farthest point that a straight line from the
 * previous knot reaches within the error (J. Sklansky and V. Gonzalez, "Fast polygonal approximation of
 * digitized curves", 1980, https://doi.org/10.1016/0031-3203(80)90031-X).
 *
 * @module
 */
import { quantileToNormal } from "../../data/preprocessing/mod.ts";
import { neighbourFloat } from "./float32.ts";

/** A broken line from numbers to normal scores. */
export interface QuantileKnots {
  /** The numbers, ascending: 32-bit floats. */
  readonly x: Float32Array;
  /** The normal scores × 4,096, ascending. */
  readonly z: Int16Array;
}

/** The unit of stored normal scores is 1 / 4,096: all are within ±5.2. */
export const SCORE_UNITS = 4096;

/** The smallest error that the unit of scores and the rounding of a line allow. */
export const LEAST_ERROR = 0.001;

/**
 * The sum of three errors: of the unit, of the interpolation's rounding, and of the curve between two
 * points.
 */
const ROUNDING = 1.5 / SCORE_UNITS;

/** The largest number of halvings of the space between two quantiles where the map is curved. */
const MOST_HALVINGS = 40;

/**
 * Finds the knots of one column.
 *
 * @param quantiles The column's quantiles, ascending; at least two differ.
 * @param beyond The share of rows that is taken to lie beyond either extreme, where the map ends.
 * @param error The largest distance between the line and the map, at least {@linkcode LEAST_ERROR}.
 *
 * @example Usage
 * ```ts
 * import { quantileKnots } from "@sparsemble/sparsemble/exports";
 * import assert from "node:assert/strict";
 *
 * const quantiles = Float64Array.from({ length: 1000 }, (_, k) => k * k);
 * const { x, z } = quantileKnots(quantiles, 1e-7, 0.01);
 * assert.ok(x.length < 100 && z[0] === Math.round(-5.1993 * 4096));
 * ```
 */
export function quantileKnots(
  quantiles: Float64Array,
  beyond: number,
  error: number,
): QuantileKnots {
  const map = quantileToNormal(quantiles, beyond);
  const points = curvePoints(quantiles, map, ROUNDING / 3);
  const z = Int16Array.from(points, (x) => Math.round(map(x) * SCORE_UNITS));
  const places = farthestReaching(points, z, (error - ROUNDING) * SCORE_UNITS);
  return {
    x: Float32Array.from(places, (place) => points[place]),
    z: Int16Array.from(places, (place) => z[place]),
  };
}

/** The smallest normal float. Many processors treat smaller ones as 0. */
const LEAST_NORMAL = 2 ** -126;

/** Replaces a number between 0 and the smallest normal float by that float. Keeps other numbers. */
function normal(x: number): number {
  return x === 0 ? 0 : Math.sign(x) * Math.max(LEAST_NORMAL, Math.abs(x));
}

/** Points between which the map is straight within an error: all quantiles, their neighbours, and more. */
function curvePoints(
  quantiles: Float64Array,
  map: (x: number) => number,
  error: number,
): number[] {
  const stations = new Set<number>();
  // At a value that fills several quantiles the map jumps, and has a separate value there.
  for (const quantile of quantiles) {
    const x = Math.fround(quantile);
    for (const one of [neighbourFloat(x, -1), x, neighbourFloat(x, 1)]) stations.add(normal(one));
  }
  const ascending = [...stations].sort((a, b) => a - b);
  const points = [ascending[0]];
  const halve = (left: number, right: number, depth: number): void => {
    const middle = Math.fround(left + (right - left) / 2);
    const isBetween = middle > left && middle < right && middle === normal(middle);
    const isStraight = depth < MOST_HALVINGS - 2 && [0.25, 0.5, 0.75].every((part) => {
      const x = left + part * (right - left);
      return Math.abs(map(x) - map(left) - part * (map(right) - map(left))) <= error;
    });
    if (isBetween && !isStraight && depth > 0) {
      halve(left, middle, depth - 1);
      halve(middle, right, depth - 1);
    } else points.push(right);
  };
  for (let p = 1; p < ascending.length; p++) halve(ascending[p - 1], ascending[p], MOST_HALVINGS);
  return points;
}

/** The places of the knots among points. */
function farthestReaching(x: readonly number[], z: ArrayLike<number>, error: number): number[] {
  const places = [0];
  while (places.at(-1)! < x.length - 1) {
    const from = places.at(-1)!;
    let [least, most] = [-Infinity, Infinity];
    let reached = from + 1;
    for (let to = from + 1; to < x.length && least <= most; to++) {
      const run = x[to] - x[from];
      const slope = (z[to] - z[from]) / run;
      if (slope >= least && slope <= most) reached = to;
      least = Math.max(least, slope - error / run);
      most = Math.min(most, slope + error / run);
    }
    places.push(reached);
  }
  return places;
}
