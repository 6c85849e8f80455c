import { COLOURS, distinct, figure, requireDrawable, scaleOf, SHAPES } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A time at a size. */
export interface ScalingPoint {
  /** What was timed, such as a method's name. */
  readonly series: string;
  /** Whose time it is, such as `"ours"` or `"paper"`: each has a dash of its own. */
  readonly source: string;
  /** The size: neurons of either layer, for a weight matrix between two equal ones. */
  readonly size: number;
  /** The mean time, in seconds. */
  readonly seconds: number;
  /** The standard deviation of the times, in seconds; `null` where there is none. */
  readonly deviation: number | null;
}

/** How the figure looks. */
export interface ScalingFigureOptions {
  /**
   * The title.
   *
   * @default {"Time of a re-initialisation as the layer grows"}
   */
  readonly title?: string;
  /**
   * The title of the sizes.
   *
   * @default {"neurons per layer (logarithmic)"}
   */
  readonly sizes?: string;
  /**
   * The width, in pixels.
   *
   * @default {420}
   */
  readonly width?: number;
  /**
   * The height, in pixels.
   *
   * @default {320}
   */
  readonly height?: number;
}

/**
 * Time against size, both logarithmic (table 4 of the paper): a straight line is a power of the size,
 * and its slope the exponent. Bars reach one standard deviation up and down, as far as that is above
 * 0.
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
      // A bar that would reach 0 stops at a third of the time: there is no 0 on this scale.
      low: Math.max(point.seconds - point.deviation!, point.seconds / 3),
      high: point.seconds + point.deviation!,
    }));
  const x = {
    field: "size",
    type: "quantitative",
    title: sizes,
    scale: { type: "log", nice: false, padding: 16 },
    axis: {
      values: distinct(points.map(({ size }) => size)).sort((a, b) => a - b),
      format: ",d",
      labelAngle: 0,
      labelOverlap: true,
    },
  };
  const y = {
    field: "seconds",
    type: "quantitative",
    title: "time (s, logarithmic)",
    scale: { type: "log" },
    axis: { format: "~g", tickCount: 6 },
  };
  const colour = {
    field: "series",
    type: "nominal",
    title: null,
    scale: scaleOf(series, COLOURS),
  };
  const dash = {
    field: "source",
    type: "nominal",
    title: null,
    scale: scaleOf(sources, [[1, 0], [5, 4], [2, 2]]),
    legend: sources.length > 1 ? { symbolType: "stroke", symbolSize: 400 } : null,
  };
  return figure({
    title,
    width,
    height,
    layer: [
      ...bars.length === 0 ? [] : [{
        data: { values: bars },
        mark: { type: "rule", strokeWidth: 1.2 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
      }],
      {
        data: { values: points },
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { x, y, color: colour, strokeDash: dash },
      },
      {
        data: { values: points },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          x,
          y,
          color: colour,
          shape: { field: "series", type: "nominal", title: null, scale: scaleOf(series, SHAPES) },
        },
      },
    ],
  });
}
