import {
  COLOURS,
  distinct,
  figure,
  INK,
  requireDrawable,
  scaleOf,
  SHAPES,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A result with its interval. */
export interface ResultPoint {
  /** What the result belongs to, such as a dataset: a panel. */
  readonly group: string;
  /** Which result it is, such as a method: a line of the panel. */
  readonly label: string;
  /** Whose result it is, such as `"ours"` or `"paper"`: a colour and a shape. */
  readonly series: string;
  /** The result. */
  readonly estimate: number;
  /** The lower end of its interval; `null` where there is none. */
  readonly low: number | null;
  /** The upper end. */
  readonly high: number | null;
}

/** How the figure looks. */
export interface ResultsFigureOptions {
  /**
   * The title.
   *
   * @default {"Results"}
   */
  readonly title?: string;
  /**
   * What the results are, with their unit.
   *
   * @default {"test accuracy (%)"}
   */
  readonly quantity?: string;
  /** What the bars are, such as "95 % interval over 3 seeds"; said below the title. None by default. */
  readonly interval?: string;
  /**
   * Panels side by side.
   *
   * @default {2}
   */
  readonly columns?: number;
  /**
   * The width of a panel, in pixels.
   *
   * @default {320}
   */
  readonly width?: number;
}

/**
 * Results with their intervals as points with bars, one panel per group, one line per label: ours
 * beside others'. Each panel has a scale of its own, which does not begin at 0: the points are to be
 * compared by their place, not by their length.
 *
 * @throws {RangeError} If there is no result, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { renderSvg, resultsFigure } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(resultsFigure([
 *   { group: "Gesture Phase", label: "FD-TSE", series: "ours", estimate: 74.5, low: 74, high: 75 },
 *   { group: "Gesture Phase", label: "FD-TSE", series: "paper", estimate: 73.4, low: null, high: null },
 * ]));
 * assert.match(svg, />paper</);
 * ```
 */
export function resultsFigure(
  results: readonly ResultPoint[],
  options: ResultsFigureOptions = {},
): FigureSpec {
  const { title = "Results", quantity = "test accuracy (%)", interval } = options;
  const { columns = 2, width = 320 } = options;
  requireDrawable(
    results.flatMap(({ estimate, low, high }) => [estimate, low ?? estimate, high ?? estimate]),
    "results",
  );
  const groups = distinct(results.map(({ group }) => group));
  const series = distinct(results.map((result) => result.series));
  return figure({
    title: interval === undefined
      ? title
      : { text: title, subtitle: interval, subtitleColor: INK.text, subtitleFontSize: 12 },
    columns: Math.min(columns, groups.length),
    concat: groups.map((group) =>
      drawGroup(results.filter((result) => result.group === group), series, {
        title: groups.length === 1 && group === "" ? null : group,
        quantity,
        width,
      })
    ),
  });
}

function drawGroup(
  results: readonly ResultPoint[],
  series: readonly string[],
  { title, quantity, width }: { title: string | null; quantity: string; width: number },
): FigureSpec {
  const labels = distinct(results.map(({ label }) => label));
  const one = series.length === 1;
  const bars = results.filter(({ low, high }) => low !== null && high !== null);
  const x = {
    field: "estimate",
    type: "quantitative",
    title: quantity,
    scale: { zero: false, padding: 8 },
    axis: { grid: true, tickCount: 6 },
  };
  const y = {
    field: "label",
    type: "nominal",
    sort: labels,
    title: null,
    axis: { labelLimit: 480 },
  };
  const offset = one ? {} : {
    yOffset: {
      field: "series",
      type: "nominal",
      scale: { domain: series, paddingOuter: 0.6 },
    },
  };
  const colour = {
    field: "series",
    type: "nominal",
    title: null,
    scale: scaleOf(series, COLOURS),
    ...one ? { legend: null } : {},
  };
  return {
    ...title === null ? {} : { title: { text: title, fontSize: 13, offset: 6 } },
    width,
    height: labels.length * (one ? 22 : 14 * series.length + 8),
    layer: [
      ...bars.length === 0 ? [] : [{
        data: { values: bars },
        mark: { type: "rule", strokeWidth: 2, opacity: 0.8 },
        encoding: {
          x: { ...x, field: "low" },
          x2: { field: "high" },
          y,
          ...offset,
          color: colour,
        },
      }],
      {
        data: { values: results },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          x,
          y,
          ...offset,
          color: colour,
          shape: {
            field: "series",
            type: "nominal",
            title: null,
            scale: scaleOf(series, SHAPES),
            ...one ? { legend: null } : {},
          },
        },
      },
    ],
  };
}
