import { loadDruid } from "./druid.ts";
import { requireFinite } from "./finite.ts";

/** The options of the search for a layout. */
export interface TsneOptions {
  /** The approximate number of neighbours of a point, below the number of points − 1. Left out: 30. */
  readonly perplexity?: number;
  /** Steps of gradient descent. Left out: 1000. */
  readonly iterations?: number;
  /** The length of a step, as a factor of the gradient. Left out: 10. */
  readonly learningRate?: number;
}

/** A layout in the plane. */
export interface Tsne {
  /** The first coordinate of every point, in no unit; their mean is 0. */
  readonly x: Float64Array;
  /** The second coordinate of every point. */
  readonly y: Float64Array;
  /**
   * The Kullback–Leibler divergence, in nats, of the layout's neighbourhoods from those of the points.
   * The search minimises it.
   */
  readonly divergence: number;
}

/**
 * Exact t-SNE: van der Maaten and Hinton, "Visualizing data using t-SNE" (2008), with Euclidean
 * distances. Near points stay near; distances between groups, and the direction of the axes, mean
 * nothing. O(n² (dimensions + iterations)) time and O(n²) memory for n points. Equal arguments give
 * equal layouts.
 *
 * @param points Rows of equal length.
 * @param seed The seed of the layout that the search begins with.
 * @throws {TypeError} If the rows differ in length.
 * @throws {RangeError} If there are fewer than four points, a coordinate is not finite, or an option is
 * out of range.
 *
 * @example Usage
 * ```ts
 * import { tsne } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * const points = Array.from({ length: 20 }, (_, i) => [i % 10, i < 10 ? 0 : 50, 3]);
 * const { x, y, divergence } = await tsne(points, 1, { perplexity: 5 });
 * assert.equal(x.length, 20);
 * // The two groups stay apart.
 * const gap = (i: number, j: number) => Math.hypot(x[i] - x[j], y[i] - y[j]);
 * assert.ok(gap(0, 1) < gap(0, 10));
 * assert.ok(divergence < 0.3);
 * ```
 */
export async function tsne(
  points: readonly ArrayLike<number>[],
  seed: number,
  { perplexity = 30, iterations = 1000, learningRate = 10 }: TsneOptions = {},
): Promise<Tsne> {
  requirePoints(points);
  const most = points.length - 1;
  const need = (name: string, value: number, fits: boolean, needed: string) => {
    if (fits) return;
    throw new RangeError(`Cannot lay out points: the ${name} is ${value}, need ${needed}`);
  };
  const perplexities = `1 or more, less than ${most} for ${points.length} points`;
  need("perplexity", perplexity, perplexity >= 1 && perplexity < most, perplexities);
  const isIterations = Number.isSafeInteger(iterations) && iterations >= 1;
  need("number of iterations", iterations, isIterations, "an integer from 1");
  need("seed", seed, Number.isSafeInteger(seed) && seed >= 0, "an integer from 0");
  const isRate = learningRate > 0 && learningRate < Infinity;
  need("learning rate", learningRate, isRate, "a number above 0");
  const distances = squaredDistances(points);
  const { TSNE, setWasmEnabled } = await loadDruid();
  // Without this, the package's code path would depend on other loaded modules.
  setWasmEnabled(false);
  const settings = { metric: "precomputed", perplexity, epsilon: learningRate, seed } as const;
  const layout = new TSNE(scaled(distances), settings).transform(iterations);
  const x = Float64Array.from(layout, (point) => point[0]);
  const y = Float64Array.from(layout, (point) => point[1]);
  return { x, y, divergence: tsneDivergence(distances, x, y, perplexity) };
}

function requirePoints(points: readonly ArrayLike<number>[]): void {
  if (points.length < 4) {
    throw new RangeError(`Cannot lay out points: found ${points.length}, need at least 4`);
  }
  points.forEach((point, i) => {
    requireFinite(point, `lay out points, point ${i}`, 1);
    if (point.length !== points[0].length) {
      throw new TypeError(
        `Cannot lay out points: point ${i} has ${point.length} coordinates, need ` +
          `${points[0].length} as point 0 has`,
      );
    }
  });
}

/** The square of every Euclidean distance. */
export function squaredDistances(points: readonly ArrayLike<number>[]): Float64Array[] {
  const distances = points.map(() => new Float64Array(points.length));
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      const [one, other] = [points[i], points[j]];
      let sum = 0;
      for (let k = 0; k < one.length; k++) sum += (one[k] - other[k]) ** 2;
      distances[i][j] = distances[j][i] = sum;
    }
  }
  return distances;
}

/**
 * Distances in units of their mean. Neighbourhoods do not depend on the unit, but the search for their
 * widths begins at 1.
 */
function scaled(distances: readonly Float64Array[]): Float64Array[] {
  const pairs = distances.length * (distances.length - 1);
  const mean = distances.reduce((sum, row) => row.reduce((sum, value) => sum + value, sum), 0) /
    pairs;
  return mean === 0 ? [...distances] : distances.map((row) => row.map((value) => value / mean));
}

/** The Kullback–Leibler divergence of a layout, in nats. */
export function tsneDivergence(
  distances: readonly Float64Array[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  perplexity: number,
): number {
  const count = distances.length;
  const near = scaled(distances).map((row, i) => neighbourhood(row, i, perplexity));
  const affinity = (i: number, j: number) => 1 / (1 + (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2);
  let total = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) total += 2 * affinity(i, j);
  let divergence = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const p = (near[i][j] + near[j][i]) / (2 * count);
      if (p > 0) divergence += 2 * p * Math.log(p * total / affinity(i, j));
    }
  }
  return divergence;
}

/**
 * The similarity of a point to every other point: a Gaussian with sum 1, whose width the perplexity
 * determines.
 */
function neighbourhood(distances: Float64Array, own: number, perplexity: number): Float64Array {
  const least = distances.reduce(
    (least, value, j) => j === own ? least : Math.min(least, value),
    Infinity,
  );
  const weights = new Float64Array(distances.length);
  let [low, high, precision] = [0, Infinity, 1];
  // The number of halvings equals the bits of a double, which is enough for any width.
  for (let step = 0; step < 64; step++) {
    let [sum, moment] = [0, 0];
    for (let j = 0; j < distances.length; j++) {
      const beyond = distances[j] - least;
      weights[j] = j === own ? 0 : Math.exp(-precision * beyond);
      sum += weights[j];
      moment += beyond * weights[j];
    }
    const entropy = Math.log(sum) + precision * moment / sum;
    for (let j = 0; j < weights.length; j++) weights[j] /= sum;
    if (entropy > Math.log(perplexity)) low = precision;
    else high = precision;
    precision = high === Infinity ? 2 * precision : (low + high) / 2;
  }
  return weights;
}
