import { COLOURS, figure, INK, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** What it took to find a distant weight matrix. */
export interface DistanceSearch {
  /** λ: how many standard deviations beyond the mean the distance had to be. */
  readonly lambda: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** What else the figure shows. */
export interface DistanceFigureOptions {
  /**
   * The title.
   *
   * @default {"Distance re-initialisation: candidates and the cost of λ"}
   */
  readonly title?: string;
  /**
   * The values of λ whose thresholds are marked.
   *
   * @default {[1, 1.5, 2]}
   */
  readonly lambdas?: readonly number[];
  /**
   * How many bars the distribution has.
   *
   * @default {15}
   */
  readonly bins?: number;
  /**
   * The scale of time.
   *
   * @default {"log"}
   */
  readonly timeScale?: "linear" | "log";
  /**
   * The width of each of the two plots, in pixels.
   *
   * @default {340}
   */
  readonly width?: number;
  /**
   * The height, in pixels.
   *
   * @default {280}
   */
  readonly height?: number;
}

/**
 * Fig. 2 of the paper. Left: how the Euclidean distances of candidate weight matrices from their
 * predecessor are distributed, with the Gaussian of their mean and standard deviation (of the sample
 * itself: divided by their number) and the thresholds that values of λ set. Right: time against λ, as
 * boxes from the lower quartile to the upper with the median, whiskers from the least to the greatest,
 * and a point per search.
 *
 * @param distances Of the candidates.
 * @param searches Any number for each value of λ.
 * @throws {RangeError} If there is no distance or no search, a number is not finite, or a time is not
 * above 0 on a logarithmic scale.
 *
 * @example Usage
 * ```ts
 * import { distanceFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(distanceFigure(
 *   [9.8, 9.9, 10, 10, 10.1, 10.2],
 *   [{ lambda: 1, seconds: 0.1 }, { lambda: 1, seconds: 0.2 }, { lambda: 2, seconds: 1.5 }],
 * ));
 * assert.match(svg, />λ = 1.5</);
 * ```
 */
export function distanceFigure(
  distances: readonly number[],
  searches: readonly DistanceSearch[],
  options: DistanceFigureOptions = {},
): FigureSpec {
  const {
    title = "Distance re-initialisation: candidates and the cost of λ",
    lambdas = [1, 1.5, 2],
    bins = 15,
    timeScale = "log",
    width = 340,
    height = 280,
  } = options;
  requireDrawable(distances, "a distribution of distances");
  requireDrawable(searches.flatMap(({ lambda, seconds }) => [lambda, seconds]), "time against λ");
  const slowest = searches.find(({ seconds }) => !(seconds > 0));
  if (timeScale === "log" && slowest !== undefined) {
    throw new RangeError(
      `Cannot draw time against λ: found ${slowest.seconds} seconds, need more than 0 for a ` +
        `logarithmic scale`,
    );
  }
  const size = { width, height };
  return figure({
    title,
    hconcat: [
      { ...size, ...distribution(distances, lambdas, bins) },
      { ...size, ...cost(searches, timeScale) },
    ],
  });
}

function distribution(
  distances: readonly number[],
  lambdas: readonly number[],
  bins: number,
): FigureSpec {
  const count = distances.length;
  const mean = distances.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(distances.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count);
  const least = Math.min(...distances);
  const most = Math.max(...distances);
  const step = (most - least) / bins || 1;
  const bars = Array.from({ length: bins }, (_, bin) => {
    const from = least + bin * step;
    const own = distances.filter((value) =>
      Math.min(bins - 1, Math.floor((value - least) / step)) === bin
    );
    return { from, to: from + step, candidates: own.length };
  });
  const thresholds = lambdas.map((lambda) => ({
    distance: mean + lambda * deviation,
    name: `λ = ${lambda}`,
  }));
  const ends = [
    Math.min(least, mean - 3 * deviation),
    Math.max(most, mean + (Math.max(3, ...lambdas) + 0.2) * deviation),
  ];
  // How many candidates the Gaussian expects in a bar as wide as the others.
  const curve = deviation === 0 ? [] : Array.from({ length: 121 }, (_, i) => {
    const distance = ends[0] + i / 120 * (ends[1] - ends[0]);
    const z = (distance - mean) / deviation;
    return {
      distance,
      candidates: count * step * Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI)),
    };
  });
  const x = {
    field: "distance",
    type: "quantitative",
    title: "Euclidean distance from the predecessor",
    scale: { domain: ends, nice: false, zero: false },
    axis: { grid: false, tickCount: 6 },
  };
  const y = {
    field: "candidates",
    type: "quantitative",
    title: `candidates (of ${count})`,
    scale: { domainMin: 0, nice: true },
    axis: { grid: true, tickMinStep: 1 },
  };
  return {
    title: {
      text: `a) mean ${mean.toPrecision(5)}, standard deviation ${deviation.toPrecision(3)}`,
      fontSize: 13,
      fontWeight: 400,
      offset: 10,
    },
    layer: [
      {
        data: { values: bars },
        mark: { type: "bar", color: COLOURS[5], stroke: "white", strokeWidth: 1 },
        encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y, y2: { datum: 0 } },
      },
      ...curve.length === 0 ? [] : [{
        data: { values: curve },
        mark: { type: "line", color: COLOURS[0], strokeWidth: 2 },
        encoding: { x, y },
      }],
      {
        data: { values: thresholds },
        mark: { type: "rule", color: COLOURS[6], strokeDash: [5, 3], strokeWidth: 1.5 },
        encoding: { x },
      },
      {
        data: { values: thresholds },
        mark: {
          type: "text",
          angle: 270,
          align: "right",
          baseline: "bottom",
          dy: -3,
          color: INK.text,
          fontSize: 11,
        },
        encoding: { x, y: { value: 2 }, text: { field: "name", type: "nominal" } },
      },
    ],
  };
}

function cost(searches: readonly DistanceSearch[], timeScale: "linear" | "log"): FigureSpec {
  const x = {
    field: "lambda",
    type: "ordinal",
    title: "λ (standard deviations beyond the mean)",
    axis: { labelAngle: 0, labelExpr: "format(datum.value, '~g')" },
  };
  const y = {
    field: "seconds",
    type: "quantitative",
    title: timeScale === "log" ? "time (s, logarithmic)" : "time (s)",
    scale: timeScale === "log" ? { type: "log" } : { zero: true },
    axis: { grid: true, format: "~g", tickCount: 6 },
  };
  const each = new Map<number, number>();
  for (const { lambda } of searches) each.set(lambda, (each.get(lambda) ?? 0) + 1);
  const counts = [...new Set(each.values())].sort((a, b) => a - b);
  return {
    title: {
      text: `b) ${counts.join(" or ")} ${counts.join() === "1" ? "search" : "searches"} per λ`,
      fontSize: 13,
      fontWeight: 400,
      offset: 10,
    },
    data: { values: searches },
    layer: [
      {
        mark: {
          type: "boxplot",
          extent: "min-max",
          size: 22,
          color: COLOURS[5],
          median: { color: INK.text, strokeWidth: 2 },
          rule: { color: INK.text },
        },
        encoding: { x, y },
      },
      {
        mark: { type: "point", filled: true, size: 14, color: INK.text, opacity: 0.55 },
        encoding: { x, y },
      },
    ],
  };
}
