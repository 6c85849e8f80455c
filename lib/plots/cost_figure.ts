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
import { type LabelPlace, labelPlaces, type NamedPoint } from "./label_places.ts";
import type { FigureSpec } from "./render.ts";

/** A method with its cost and its score. */
export interface CostPoint {
  /** The name beside the point. */
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
  /**
   * `true`: names that would cover a point or another name are moved. Left out: all names are beside their
   * points.
   */
  readonly namesApart?: boolean | undefined;
}

/**
 * Draws scores against logarithmic costs, one point per method. A better method is further up and further
 * left.
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
    namesApart = false,
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
  const places = namesApart
    ? labelPlaces(pixelsOf(points, width, height), width)
    : points.map((): LabelPlace => ({ side: "right", shift: 0 }));
  return figure({
    title,
    width,
    height,
    layer: [
      layer(points, POINT, { x, y, color, shape }),
      ...nameLayers(points, places, { x, y }),
    ],
  });
}

/** The names of the points. A line leads to each moved name. */
function nameLayers(
  points: readonly CostPoint[],
  places: readonly LabelPlace[],
  place: { readonly x: FigureSpec; readonly y: FigureSpec },
): FigureSpec[] {
  const text = { field: "name", type: "nominal" };
  const groups = Map.groupBy(points.keys(), (i) => `${places[i].side} ${places[i].shift}`);
  return [...groups.values()].flatMap((own) => {
    const { side, shift } = places[own[0]];
    const named = own.map((i) => points[i]);
    const [align, dx] = side === "right" ? ["left", 6] : ["right", -6];
    const mark = { type: "text", align, dx, dy: shift - 4, fontSize: 10, color: INK.text };
    const names = layer(named, mark, { ...place, text });
    if (shift === 0) return [names];
    const line = { type: "rule", color: INK.faint, x2Offset: dx, y2Offset: shift - 4 };
    const ends = { ...place, x2: { field: "cost" }, y2: { field: "score" } };
    return [layer(named, line, ends), names];
  });
}

/** The points in pixels. They are approximate, because the scales widen to round numbers. */
function pixelsOf(points: readonly CostPoint[], width: number, height: number): NamedPoint[] {
  const along = (values: readonly number[], length: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return values.map((value) =>
      length * (most === least ? 0.5 : (value - least) / (most - least))
    );
  };
  const across = along(points.map(({ cost }) => Math.log(cost)), width - 80);
  const up = along(points.map(({ score }) => score), height);
  return points.map(({ name }, i) => ({ name, x: 40 + across[i], y: height - up[i] }));
}
