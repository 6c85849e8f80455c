/**
 * The style that all figures share. People with any colour vision can tell its colours apart, and they
 * differ in brightness on paper.
 */
import type { FigureSpec } from "./render.ts";

/**
 * Okabe and Ito's colours, "Color universal design" (2008), without yellow, which is faint on paper.
 * Dark and light ones alternate.
 */
export const COLOURS: readonly string[] = [
  "#0072B2",
  "#E69F00",
  "#009E73",
  "#CC79A7",
  "#000000",
  "#56B4E9",
  "#D55E00",
];

/** Shapes of points, so that no series depends on its colour alone. */
export const SHAPES: readonly string[] = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
];

/** Colours of everything that is not data. */
export const INK = { text: "#222222", faint: "#767676", grid: "#e6e6e6" } as const;

const CONFIG: FigureSpec = {
  font: "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif",
  view: { stroke: null },
  title: { fontSize: 15, fontWeight: 600, color: INK.text, anchor: "start", offset: 12 },
  axis: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 400,
    titlePadding: 8,
    labelColor: INK.text,
    titleColor: INK.text,
    domainColor: INK.faint,
    tickColor: INK.faint,
    gridColor: INK.grid,
    labelAngle: 0,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 600,
    labelColor: INK.text,
    titleColor: INK.text,
    labelLimit: 260,
    symbolStrokeWidth: 2,
    columnPadding: 14,
    // Legends below a plot are stacked. Side by side they would be wider than the plot.
    layout: { bottom: { anchor: "start", direction: "vertical", margin: 4 } },
  },
  header: { labelFontSize: 13, labelFontWeight: 600, titleFontSize: 12, labelColor: INK.text },
  concat: { spacing: 36 },
};

/**
 * Adds the common parts of all figures to a specification: a white ground, fonts, and sizes in pixels. The
 * result is plain JSON; keys that are `undefined` are left out.
 */
export function figure(spec: FigureSpec): FigureSpec {
  const $schema = "https://vega.github.io/schema/vega-lite/v6.json";
  const whole = { $schema, background: "white", padding: 12, config: CONFIG, ...spec };
  return JSON.parse(JSON.stringify(whole));
}

/** A nominal scale: one entry of `range` per name. After the last entry the first one follows again. */
export function scaleOf<Entry>(
  names: readonly string[],
  range: readonly Entry[],
): { domain: readonly string[]; range: Entry[] } {
  return { domain: names, range: names.map((_, i) => range[i % range.length]) };
}

/** A channel that shows numbers. */
export function numbers(field: string, more: FigureSpec): FigureSpec {
  return { field, type: "quantitative", ...more };
}

/** A channel that tells names apart, without a title. */
export function names(field: string, more: FigureSpec): FigureSpec {
  return { field, type: "nominal", title: null, ...more };
}

/** A layer: one mark per value, or one mark for all values. */
export function layer(
  values: readonly object[],
  mark: FigureSpec,
  encoding: FigureSpec,
): FigureSpec {
  return { data: { values }, mark, encoding };
}

/** A point of the size that the points of all series have. */
export const POINT: FigureSpec = { type: "point", filled: true, size: 60, opacity: 1 };

/** The title of a panel. */
export function panelTitle(text: string): FigureSpec {
  return { text, fontSize: 13, offset: 6 };
}

/** The distinct values, in the order of their first occurrence. */
export function distinct<Value>(values: Iterable<Value>): Value[] {
  return [...new Set(values)];
}

/**
 * Checks the numbers of a figure.
 *
 * @throws {RangeError} If there is no value, or a value is not finite.
 */
export function requireDrawable(values: readonly number[], what: string): void {
  if (values.length === 0) {
    throw new RangeError(`Cannot draw ${what}: found no values, need at least one`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot draw ${what}: value ${wrong} is ${values[wrong]}, need finite numbers`,
    );
  }
}
