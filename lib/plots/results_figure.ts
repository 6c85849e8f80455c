import {
  COLOURS,
  distinct,
  figure,
  INK,
  layer,
  names,
  numbers,
  panelTitle,
  POINT,
  requireDrawable,
  scaleOf,
  SHAPES,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A result with its interval. */
export interface ResultPoint {
  /** The panel, such as a dataset. */
  readonly group: string;
  /** The line of the panel, such as a method. */
  readonly label: string;
  /** The source of the result, such as `"ours"` or `"paper"`: a colour and a shape. */
  readonly series: string;
  /** The result. */
  readonly estimate: number;
  /** The lower end of its interval; `null` where there is none. */
  readonly low: number | null;
  /** The upper end. */
  readonly high: number | null;
}

/** The look of the figure. */
export interface ResultsFigureOptions {
  /** The title. Left out: "Results". */
  readonly title?: string | undefined;
  /** The name of the results, with their unit. Left out: "test accuracy (%)". */
  readonly quantity?: string | undefined;
  /** A line below the title about the bars, such as "95 % interval over 3 seeds". */
  readonly interval?: string | undefined;
  /** Panels side by side. Left out: 2. */
  readonly columns?: number | undefined;
  /** The width of a panel, in pixels. Left out: 320. */
  readonly width?: number | undefined;
}

/**
 * Draws results as points with bars for their intervals, with one panel per group and one line per label.
 * Each panel has its own scale. It does not begin at 0, because points are compared by their positions.
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
  const x = numbers("estimate", {
    title: quantity,
    scale: { zero: false, padding: 8 },
    axis: { grid: true, tickCount: 6 },
  });
  const y = {
    field: "label",
    type: "nominal",
    sort: labels,
    title: null,
    axis: { labelLimit: 480 },
  };
  const scale = { domain: series, paddingOuter: 0.6 };
  const yOffset = one ? undefined : { field: "series", type: "nominal", scale };
  const look = (range: readonly string[]) =>
    names("series", { scale: scaleOf(series, range), legend: one ? null : undefined });
  const color = look(COLOURS);
  const lines = layer(
    bars,
    { type: "rule", strokeWidth: 2, opacity: 0.8 },
    { x: { ...x, field: "low" }, x2: { field: "high" }, y, yOffset, color },
  );
  return {
    title: title === null ? undefined : panelTitle(title),
    width,
    height: labels.length * (one ? 22 : 14 * series.length + 8),
    layer: [
      ...bars.length === 0 ? [] : [lines],
      layer(results, POINT, { x, y, yOffset, color, shape: look(SHAPES) }),
    ],
  };
}
