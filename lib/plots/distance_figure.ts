import { COLOURS, figure, INK, layer, numbers, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A search for a distant weight matrix. */
export interface DistanceSearch {
  /** λ: the standard deviations beyond the mean that the distance had to reach. */
  readonly lambda: number;
  /** The time that it took, in seconds. */
  readonly seconds: number;
}

/** The look of the figure. */
export interface DistanceFigureOptions {
  /** The title. Left out: "Distance re-initialisation: candidates and the cost of λ". */
  readonly title?: string | undefined;
  /** The values of λ whose thresholds are marked. Left out: [1, 1.5, 2]. */
  readonly lambdas?: readonly number[] | undefined;
  /** The number of bars of the distribution. Left out: 15. */
  readonly bins?: number | undefined;
  /** The scale of time. Left out: "log". */
  readonly timeScale?: "linear" | "log" | undefined;
  /** The width of each of the two plots, in pixels. Left out: 340. */
  readonly width?: number | undefined;
  /** The height, in pixels. Left out: 280. */
  readonly height?: number | undefined;
}

/**
 * Draws Fig. 2 of the paper. Left: the distribution of the Euclidean distances between candidate weight
 * matrices and their predecessor, the Gaussian of their mean and (population) standard deviation, and the
 * threshold of every λ. Right: time against λ. Boxes show the quartiles and the median, whiskers the
 * shortest and the longest time, and points the searches.
 *
 * @param distances The distances of the candidates.
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
  // The number of candidates that the Gaussian expects in a bar.
  const curve = deviation === 0 ? [] : Array.from({ length: 121 }, (_, i) => {
    const distance = ends[0] + i / 120 * (ends[1] - ends[0]);
    const z = (distance - mean) / deviation;
    return {
      distance,
      candidates: count * step * Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI)),
    };
  });
  const x = numbers("distance", {
    title: "Euclidean distance from the predecessor",
    scale: { domain: ends, nice: false, zero: false },
    axis: { grid: false, tickCount: 6 },
  });
  const y = numbers("candidates", {
    title: `candidates (of ${count})`,
    scale: { domainMin: 0, nice: true },
    axis: { grid: true, tickMinStep: 1 },
  });
  const from = { x: { ...x, field: "from" }, x2: { field: "to" } };
  const gaussian = layer(curve, { type: "line", color: COLOURS[0], strokeWidth: 2 }, { x, y });
  const upright = { type: "text", angle: 270, align: "right", baseline: "bottom", dy: -3 };
  return {
    title: headline(
      `a) mean ${mean.toPrecision(5)}, standard deviation ${deviation.toPrecision(3)}`,
    ),
    layer: [
      layer(
        bars,
        { type: "bar", color: COLOURS[5], stroke: "white", strokeWidth: 1 },
        { ...from, y, y2: { datum: 0 } },
      ),
      ...curve.length === 0 ? [] : [gaussian],
      layer(
        thresholds,
        { type: "rule", color: COLOURS[6], strokeDash: [5, 3], strokeWidth: 1.5 },
        { x },
      ),
      layer(
        thresholds,
        { ...upright, color: INK.text, fontSize: 11 },
        { x, y: { value: 2 }, text: { field: "name", type: "nominal" } },
      ),
    ],
  };
}

function headline(text: string): FigureSpec {
  return { text, fontSize: 13, fontWeight: 400, offset: 10 };
}

function cost(searches: readonly DistanceSearch[], timeScale: "linear" | "log"): FigureSpec {
  const x = {
    field: "lambda",
    type: "ordinal",
    title: "λ (standard deviations beyond the mean)",
    axis: { labelAngle: 0, labelExpr: "format(datum.value, '~g')" },
  };
  const y = numbers("seconds", {
    title: timeScale === "log" ? "time (s, logarithmic)" : "time (s)",
    scale: timeScale === "log" ? { type: "log" } : { zero: true },
    axis: { grid: true, format: "~g", tickCount: 6 },
  });
  const each = new Map<number, number>();
  for (const { lambda } of searches) each.set(lambda, (each.get(lambda) ?? 0) + 1);
  const counts = [...new Set(each.values())].sort((a, b) => a - b);
  return {
    title: headline(
      `b) ${counts.join(" or ")} ${counts.join() === "1" ? "search" : "searches"} per λ`,
    ),
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
