/**
 * A chart of two lines over the epochs: on training rows and on held-out rows.
 *
 * @module
 */
import { drawn } from "./elements.ts";
import { ticks } from "./numbers.ts";

/** A chart that grows. */
export interface LineChart {
  /** Begins anew. */
  clear(epochs: number): void;
  /** Adds an epoch. */
  add(epoch: number, own: number | null, other: number | null): void;
  /** Marks the end of a member. */
  mark(epoch: number): void;
  /** Describes the chart in words. */
  describe(words: string): void;
}

interface Point {
  readonly epoch: number;
  readonly own: number | null;
  readonly other: number | null;
}

/** Room around the lines, for the numbers of the axes. */
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 6, 8, 26];

/**
 * Draws a chart.
 *
 * @param shown The words of a value on the axis.
 * @param highest The highest value there can be. Left out: none.
 */
export function lineChart(
  svg: SVGSVGElement,
  shown: (value: number) => string,
  highest = Infinity,
): LineChart {
  let points: Point[] = [];
  let marks: number[] = [];
  let epochs = 1;
  let isAsked = false;

  /** Draws at most once a frame. */
  function ask(): void {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  }

  function draw(): void {
    const { width, height } = svg.getBoundingClientRect();
    if (width === 0) return;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const values = points.flatMap(({ own, other }) => [own, other])
      .filter((value): value is number => value !== null && Number.isFinite(value));
    const [least, most] = range(values, highest);
    const x = (epoch: number) => LEFT + epoch / epochs * (width - LEFT - RIGHT);
    const y = (value: number) => TOP + (most - value) / (most - least) * (height - TOP - BOTTOM);
    const parts: SVGElement[] = [];
    for (const tick of ticks(least, most)) {
      parts.push(
        drawn("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
        drawn("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, shown(tick)),
      );
    }
    for (const epoch of marks) {
      parts.push(
        drawn("line", {
          class: "member",
          x1: x(epoch),
          x2: x(epoch),
          y1: TOP,
          y2: height - BOTTOM,
        }),
      );
    }
    parts.push(
      drawn("text", { x: width - RIGHT, y: height - 6, "text-anchor": "end" }, "epoch"),
    );
    for (const epoch of ticks(0, epochs * (1 - 50 / width), width / 90).filter(Number.isInteger)) {
      parts.push(
        drawn("text", { x: x(epoch), y: height - 6, "text-anchor": "middle" }, `${epoch}`),
      );
    }
    for (const line of ["own", "other"] as const) {
      parts.push(drawn("path", { class: line, d: pathOf(points, line, marks, x, y) }));
    }
    svg.replaceChildren(...parts);
  }

  new ResizeObserver(ask).observe(svg);
  return {
    clear(all) {
      [points, marks, epochs] = [[], [], all];
      ask();
    },
    add(epoch, own, other) {
      points.push({ epoch, own, other });
      ask();
    },
    mark(epoch) {
      marks.push(epoch);
      ask();
    },
    describe: (words) => svg.setAttribute("aria-label", words),
  };
}

/**
 * The range of an axis. It leaves out the highest tenth of a percent of the values, because a loss may
 * begin very high.
 */
function range(values: readonly number[], highest: number): [least: number, most: number] {
  if (values.length === 0) return [0, 1];
  const sorted = values.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (highest < Infinity) return [Math.max(0, Math.floor(first * 10) / 10 - 0.001), highest];
  return [Math.min(0, first), last > 0 ? last * 1.04 : 1];
}

/** A line that begins anew with every member. */
function pathOf(
  points: readonly Point[],
  line: "own" | "other",
  marks: readonly number[],
  x: (epoch: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isBegun = false;
  for (const point of points) {
    const value = point[line];
    if (marks.includes(point.epoch - 1)) isBegun = false;
    if (value === null || !Number.isFinite(value)) continue;
    path += `${isBegun ? "L" : "M"}${x(point.epoch).toFixed(1)} ${y(value).toFixed(1)}`;
    isBegun = true;
  }
  return path;
}
