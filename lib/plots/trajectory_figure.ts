import {
  COLOURS,
  distinct,
  figure,
  INK,
  layer,
  names,
  numbers,
  panelTitle,
  requireDrawable,
  scaleOf,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A point of a member's trajectory. */
export interface TrajectoryPoint {
  /** The first coordinate, in no unit. */
  readonly x: number;
  /** The second. */
  readonly y: number;
  /** The member, counted from 0. */
  readonly member: number;
  /** The epoch: orders the points. */
  readonly epoch: number;
}

/** The trajectories of one method: a panel. */
export interface TrajectoryPanel {
  /** The panel's title, such as the method's name. */
  readonly title: string;
  /** All members' points, in any order. */
  readonly points: readonly TrajectoryPoint[];
}

/** The look of the figure. */
export interface TrajectoryFigureOptions {
  /** The title. Left out: "Training trajectories of the members (t-SNE of their predictions)". */
  readonly title?: string | undefined;
  /** Panels side by side. Left out: 2. */
  readonly columns?: number | undefined;
  /** The width and height of a panel, in pixels. Left out: 260. */
  readonly size?: number | undefined;
}

/** A five-pointed star in the square from −1 to 1. */
const STAR = star();

/**
 * Draws Fig. 3 of the paper: the members' training trajectories in a plane, one panel per method. A diamond
 * is the start of a member, a star its end. Each panel has its own axes, both of the same length.
 *
 * @throws {RangeError} If there is no panel, a panel has no point, or a coordinate is not finite.
 *
 * @example Usage
 * ```ts
 * import { renderSvg, trajectoryFigure } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const points = Array.from({ length: 20 }, (_, i) => ({
 *   x: Math.cos(i / 5), y: Math.sin(i / 5), member: Math.floor(i / 10), epoch: i + 1,
 * }));
 * const svg = await renderSvg(trajectoryFigure([{ title: "FD-TSE", points }]));
 * assert.match(svg, />member 2</);
 * ```
 */
export function trajectoryFigure(
  panels: readonly TrajectoryPanel[],
  options: TrajectoryFigureOptions = {},
): FigureSpec {
  const {
    title = "Training trajectories of the members (t-SNE of their predictions)",
    columns = 2,
    size = 260,
  } = options;
  if (panels.length === 0) {
    throw new RangeError("Cannot draw trajectories: found no panels, need at least one");
  }
  for (const { title, points } of panels) {
    requireDrawable(points.flatMap(({ x, y }) => [x, y]), `the trajectories of ${title}`);
  }
  const numbers = panels.flatMap(({ points }) => points.map(({ member }) => member));
  const members = distinct(numbers.sort((a, b) => a - b)).map(nameOf);
  return figure({
    title,
    columns: Math.min(columns, panels.length),
    concat: panels.map((panel) => drawPanel(panel, members, size)),
  });
}

function nameOf(member: number): string {
  return `member ${member + 1}`;
}

function drawPanel(
  { title, points }: TrajectoryPanel,
  members: readonly string[],
  size: number,
): FigureSpec {
  const values = points.toSorted((a, b) => a.epoch - b.epoch)
    .map(({ x, y, member, epoch }) => ({ x, y, epoch, member: nameOf(member) }));
  const ends = members.flatMap((member) => {
    const own = values.filter((point) => point.member === member);
    if (own.length === 0) return [];
    return [{ ...own[0], end: "start" }, { ...own[own.length - 1], end: "end" }];
  });
  const axis = (field: "x" | "y") =>
    numbers(field, {
      title: `t-SNE ${field === "x" ? 1 : 2}`,
      scale: { domain: squareDomain(points, field), nice: false, zero: false },
      axis: { grid: false, ticks: false, labels: false },
    });
  const place = {
    x: axis("x"),
    y: axis("y"),
    color: names("member", { scale: scaleOf(members, COLOURS), legend: { symbolType: "stroke" } }),
  };
  const mark = { type: "point", filled: true };
  const shape = names("end", {
    scale: { domain: ["start", "end"], range: ["diamond", STAR] },
    legend: { symbolFillColor: INK.text, symbolStrokeColor: INK.text, symbolSize: 160 },
  });
  // A star is drawn larger, because it fills less of its square than a diamond.
  const area = { condition: { test: "datum.end === 'end'", value: 320 }, value: 150 };
  return {
    title: panelTitle(title),
    width: size,
    height: size,
    view: { stroke: INK.grid },
    layer: [
      layer(
        values,
        { type: "line", strokeWidth: 1.2, opacity: 0.75 },
        { ...place, order: { field: "epoch", type: "quantitative" } },
      ),
      layer(values, { ...mark, size: 10, opacity: 0.9 }, place),
      layer(
        ends,
        { ...mark, opacity: 1, stroke: "white", strokeWidth: 1 },
        { ...place, shape, size: area },
      ),
    ],
  };
}

/** The range of an axis. Both axes get the length of the longer one, so that shapes are not distorted. */
function squareDomain(points: readonly TrajectoryPoint[], field: "x" | "y"): [number, number] {
  const rangeOf = (field: "x" | "y") => {
    const values = points.map((point) => point[field]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [low, high] = rangeOf(field);
  const longest = Math.max(...[rangeOf("x"), rangeOf("y")].map(([low, high]) => high - low));
  const half = (longest || 1) * 0.54;
  return [(low + high) / 2 - half, (low + high) / 2 + half];
}

function star(): string {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 1 : 0.42;
    const angle = Math.PI * (i / 5 - 0.5);
    return `${(radius * Math.cos(angle)).toFixed(3)},${(radius * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${corners.join("L")}Z`;
}
