import { COLOURS, figure, INK, layer, numbers, POINT, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A bin of rows with about the same probability of the predicted class. Shares are from 0 to 1. */
export interface ReliabilityPoint {
  /** The mean probability of the predicted class. */
  readonly confidence: number;
  /** The share of correct predictions. */
  readonly accuracy: number;
  /** The lower end of the accuracy's interval; `null` where there is none. */
  readonly low: number | null;
  /** The upper end. */
  readonly high: number | null;
  /** The rows of the bin. */
  readonly rows: number;
}

/** The look of the figure. */
export interface ReliabilityFigureOptions {
  /** The title. Left out: "Reliability of the probabilities". */
  readonly title?: string | undefined;
  /** The width and height of the diagram, in pixels. Left out: 280. */
  readonly size?: number | undefined;
}

/**
 * Draws a reliability diagram: the accuracy of each bin against its mean probability, with bars for the
 * intervals. On the diagonal, probabilities are calibrated; below it, they are too high. A larger point has
 * more rows.
 *
 * @throws {RangeError} If there is no bin, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { reliabilityFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const bins = [{ confidence: 0.9, accuracy: 0.8, low: 0.7, high: 0.87, rows: 60 }];
 * assert.match(await renderSvg(reliabilityFigure(bins)), />predicted right \(%\)</);
 * ```
 */
export function reliabilityFigure(
  bins: readonly ReliabilityPoint[],
  options: ReliabilityFigureOptions = {},
): FigureSpec {
  const { title = "Reliability of the probabilities", size = 280 } = options;
  requireDrawable(
    bins.flatMap(({ confidence, accuracy, low, high }) => [
      confidence,
      accuracy,
      low ?? accuracy,
      high ?? accuracy,
    ]),
    "a reliability diagram",
  );
  const values = bins.map(({ rows, ...shares }) => ({
    rows,
    confidence: 100 * shares.confidence,
    accuracy: 100 * shares.accuracy,
    low: 100 * (shares.low ?? shares.accuracy),
    high: 100 * (shares.high ?? shares.accuracy),
  }));
  const scale = { domain: [0, 100], nice: false };
  const axis = { grid: true, tickCount: 5 };
  const x = numbers("confidence", {
    title: "probability of the predicted class (%)",
    scale,
    axis,
  });
  const y = numbers("accuracy", { title: "predicted right (%)", scale, axis });
  const area = numbers("rows", {
    title: "rows",
    scale: {
      type: "sqrt",
      range: [20, 240],
      domain: [0, Math.max(...bins.map(({ rows }) => rows))],
    },
    legend: { tickCount: 3, format: ",d", symbolFillColor: COLOURS[0], symbolStrokeWidth: 0 },
  });
  const ends = [{ confidence: 0, accuracy: 0 }, { confidence: 100, accuracy: 100 }];
  return figure({
    title,
    width: size,
    height: size,
    layer: [
      layer(
        ends,
        { type: "line", strokeDash: [4, 3], strokeWidth: 1.2, color: INK.faint },
        { x, y },
      ),
      layer(
        values,
        { type: "rule", strokeWidth: 2, opacity: 0.8, color: COLOURS[0] },
        { x, y: { ...y, field: "low" }, y2: { field: "high" } },
      ),
      layer(values, { ...POINT, color: COLOURS[0] }, { x, y, size: area }),
    ],
  });
}
