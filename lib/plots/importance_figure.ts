import {
  COLOURS,
  figure,
  INK,
  layer,
  numbers,
  panelTitle,
  POINT,
  requireDrawable,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** The importance of a column. */
export interface ImportanceBar {
  /** The column's name. */
  readonly column: string;
  /** The mean loss of score when the column is permuted, in percentage points or the score's unit. */
  readonly drop: number;
  /** The lower end of its interval. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
  /** The share of the networks' input strength, from 0 to 1. */
  readonly strength: number;
}

/** The look of the figure. */
export interface ImportanceFigureOptions {
  /** The title. Left out: "Importance of the columns". */
  readonly title?: string | undefined;
  /** The name of the loss of score, with its unit. Left out: "loss of accuracy (points)". */
  readonly quantity?: string | undefined;
  /** The width of a panel, in pixels. Left out: 240. */
  readonly width?: number | undefined;
}

/**
 * Draws the importance of columns, in the given order. On the left is the loss of score when a column is
 * permuted, with intervals. On the right is the strength of its input neurons.
 *
 * @throws {RangeError} If there is no column, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { importanceFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const bar = { column: "width", drop: 12, low: 11, high: 13, strength: 0.4 };
 * assert.match(await renderSvg(importanceFigure([bar])), />width</);
 * ```
 */
export function importanceFigure(
  columns: readonly ImportanceBar[],
  options: ImportanceFigureOptions = {},
): FigureSpec {
  const { title = "Importance of the columns", width = 240 } = options;
  const { quantity = "loss of accuracy (points)" } = options;
  requireDrawable(
    columns.flatMap(({ drop, low, high, strength }) => [drop, low, high, strength]),
    "the importance of columns",
  );
  const values = columns.map(({ strength, ...column }) => ({ ...column, percent: 100 * strength }));
  const y = {
    field: "column",
    type: "nominal",
    sort: columns.map(({ column }) => column),
    title: null,
    axis: { labelLimit: 180, labelPadding: 6, domain: false, ticks: false },
  };
  const x = numbers("drop", { title: quantity, axis: { grid: true, tickCount: 5 } });
  const strength = numbers("percent", {
    title: "share of the input strength (%)",
    axis: { grid: true, tickCount: 5 },
  });
  const height = 20 * columns.length;
  const bar = { type: "bar", height: { band: 0.7 } };
  return figure({
    title,
    columns: 2,
    concat: [
      {
        title: panelTitle("Permuted"),
        width,
        height,
        layer: [
          layer(values, { ...bar, color: COLOURS[0], opacity: 0.75 }, { x, y }),
          layer(
            values,
            { type: "rule", strokeWidth: 2, color: INK.text },
            { x: { ...x, field: "low" }, x2: { field: "high" }, y },
          ),
          layer(values, { ...POINT, size: 24, color: INK.text }, { x, y }),
        ],
      },
      {
        title: panelTitle("Neuron strength"),
        width,
        height,
        layer: [layer(values, { ...bar, color: COLOURS[1] }, { x: strength, y })],
      },
    ],
  });
}
