import {
  COLOURS,
  distinct,
  figure,
  layer,
  names,
  numbers,
  POINT,
  requireDrawable,
  scaleOf,
  SHAPES,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A time at a size. */
export interface ScalingPoint {
  /** The name of the timed work, such as a method. */
  readonly series: string;
  /** The source of the time, such as `"ours"` or `"paper"`: each has its own dash. */
  readonly source: string;
  /** The size: the neurons of each layer, for a weight matrix between two equal layers. */
  readonly size: number;
  /** The mean time, in seconds. */
  readonly seconds: number;
  /** The standard deviation of the times, in seconds; `null` where there is none. */
  readonly deviation: number | null;
}

/** The look of the figure. */
export interface ScalingFigureOptions {
  /** The title. Left out: "Time of a re-initialisation as the layer grows". */
  readonly title?: string | undefined;
  /** The title of the sizes. Left out: "neurons per layer (logarithmic)". */
  readonly sizes?: string | undefined;
  /** The width, in pixels. Left out: 420. */
  readonly width?: number | undefined;
  /** The height, in pixels. Left out: 320. */
  readonly height?: number | undefined;
}

/**
 * Draws time against size, both logarithmic (table 4 of the paper). A straight line is a power of the
 * size, and its slope is the exponent. Bars reach one standard deviation up and down, but stay above 0.
 *
 * @throws {RangeError} If there is no point, or a size or time is not above 0.
 *
 * @example Usage
 * ```ts
 * import { renderSvg, scalingFigure } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(scalingFigure([
 *   { series: "FD-TSE", source: "ours", size: 1000, seconds: 0.002, deviation: 0.0004 },
 *   { series: "FD-TSE", source: "ours", size: 5000, seconds: 0.011, deviation: 0.001 },
 * ]));
 * assert.match(svg, />FD-TSE</);
 * ```
 */
export function scalingFigure(
  points: readonly ScalingPoint[],
  options: ScalingFigureOptions = {},
): FigureSpec {
  const {
    title = "Time of a re-initialisation as the layer grows",
    sizes = "neurons per layer (logarithmic)",
    width = 420,
    height = 320,
  } = options;
  requireDrawable(points.flatMap(({ size, seconds }) => [size, seconds]), "time against size");
  for (const { series, size, seconds } of points) {
    if (size > 0 && seconds > 0) continue;
    throw new RangeError(
      `Cannot draw time against size: ${series} takes ${seconds} seconds at size ${size}, need ` +
        `numbers above 0 for a logarithmic scale`,
    );
  }
  const series = distinct(points.map((point) => point.series));
  const sources = distinct(points.map((point) => point.source));
  const bars = points.filter(({ deviation }) => deviation !== null && deviation > 0)
    .map((point) => ({
      ...point,
      // A bar that would reach 0 stops at a third of the time, because a logarithmic scale has no 0.
      low: Math.max(point.seconds - point.deviation!, point.seconds / 3),
      high: point.seconds + point.deviation!,
    }));
  const x = numbers("size", {
    title: sizes,
    scale: { type: "log", nice: false, padding: 16 },
    axis: {
      values: distinct(points.map(({ size }) => size)).sort((a, b) => a - b),
      format: ",d",
      labelAngle: 0,
      labelOverlap: true,
    },
  });
  const y = numbers("seconds", {
    title: "time (s, logarithmic)",
    scale: { type: "log" },
    axis: { format: "~g", tickCount: 6 },
  });
  const color = names("series", { scale: scaleOf(series, COLOURS) });
  const shape = names("series", { scale: scaleOf(series, SHAPES) });
  const strokeDash = names("source", {
    scale: scaleOf(sources, [[1, 0], [5, 4], [2, 2]]),
    legend: sources.length > 1 ? { symbolType: "stroke", symbolSize: 400 } : null,
  });
  const lines = layer(
    bars,
    { type: "rule", strokeWidth: 1.2 },
    { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  );
  return figure({
    title,
    width,
    height,
    layer: [
      ...bars.length === 0 ? [] : [lines],
      layer(points, { type: "line", strokeWidth: 1.8 }, { x, y, color, strokeDash }),
      layer(points, POINT, { x, y, color, shape }),
    ],
  });
}
