import {
  COLOURS,
  distinct,
  figure,
  INK,
  layer,
  names,
  numbers,
  POINT,
  requireDrawable,
  scaleOf,
  SHAPES,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A method with its cost and its score. */
export interface CostPoint {
  /** The name that stands beside the point. */
  readonly name: string;
  /** The group of methods: a colour and a shape. */
  readonly series: string;
  /** The cost, above 0. */
  readonly cost: number;
  /** The score. */
  readonly score: number;
}

/** The look of the figure. */
export interface CostFigureOptions {
  /** The title. Left out: "Score against cost". */
  readonly title?: string | undefined;
  /** The title of the costs. Left out: "cost (logarithmic)". */
  readonly costs?: string | undefined;
  /** The title of the scores. Left out: "mean accuracy (%)". */
  readonly scores?: string | undefined;
  /** The width, in pixels. Left out: 640. */
  readonly width?: number | undefined;
  /** The height, in pixels. Left out: 460. */
  readonly height?: number | undefined;
}

/**
 * Draws scores against logarithmic costs, a point for every method. What lies further up and further left
 * is better.
 *
 * @throws {RangeError} If there is no point, a number is not finite, or a cost is not above 0.
 *
 * @example Usage
 * ```ts
 * import { costFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(costFigure([
 *   { name: "SET-MLP", series: "sparse to sparse", cost: 1, score: 80 },
 *   { name: "RigL", series: "sparse to sparse", cost: 1.5, score: 81 },
 * ]));
 * assert.match(svg, />RigL</);
 * ```
 */
export function costFigure(
  points: readonly CostPoint[],
  options: CostFigureOptions = {},
): FigureSpec {
  const {
    title = "Score against cost",
    costs = "cost (logarithmic)",
    scores = "mean accuracy (%)",
    width = 640,
    height = 460,
  } = options;
  requireDrawable(points.flatMap(({ cost, score }) => [cost, score]), "scores against costs");
  for (const { name, cost } of points) {
    if (cost > 0) continue;
    throw new RangeError(
      `Cannot draw scores against costs: ${name} costs ${cost}, need a number above 0 for a ` +
        `logarithmic scale`,
    );
  }
  const series = distinct(points.map((point) => point.series));
  const x = numbers("cost", {
    title: costs,
    scale: { type: "log", nice: false, padding: 40 },
    axis: { format: "~g", tickCount: 6, labelOverlap: true },
  });
  const y = numbers("score", { title: scores, scale: { zero: false, nice: true } });
  const color = names("series", { scale: scaleOf(series, COLOURS), legend: { orient: "bottom" } });
  const shape = names("series", { scale: scaleOf(series, SHAPES), legend: { orient: "bottom" } });
  const text = { type: "text", align: "left", dx: 6, dy: -4, fontSize: 10, color: INK.text };
  return figure({
    title,
    width,
    height,
    layer: [
      layer(points, POINT, { x, y, color, shape }),
      layer(points, text, { x, y, text: { field: "name", type: "nominal" } }),
    ],
  });
}
