import { type FigureSpec, renderSvg } from "./render.ts";

/** Pixels that Vega allows for a letter of an axis title, and of a title. */
const [LETTER, TITLE_LETTER] = [9.6, 12];

/** Pixels around the figure. */
const PADDING = 24;

/** The largest width of a category's name, and the smallest width of a plot, in pixels. */
const [NAME, LEAST] = [150, 120];

/** The number of attempts to make a plot narrow enough. After the last one it is drawn as it is. */
const ATTEMPTS = 4;

/**
 * Draws a figure for a narrow screen as SVG: panels and legends are stacked, titles have several lines, and
 * plots are narrower. The letters keep their size.
 *
 * @param width The pixels that the whole figure may take.
 * @returns The document. It is wider than `width` if names leave no room for a plot.
 * @throws {SyntaxError} As {@linkcode renderSvg}.
 *
 * @example Usage
 * ```ts
 * import { renderNarrowSvg, resultsFigure, svgWidth } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const spec = resultsFigure(["pol", "wine"].map((group) => (
 *   { group, label: "FD-TSE", series: "ours", estimate: 74.5, low: 74, high: 75 }
 * )));
 * assert.ok(svgWidth(await renderNarrowSvg(spec, 340)) <= 340);
 * ```
 */
export async function renderNarrowSvg(spec: FigureSpec, width: number): Promise<string> {
  let plots = Infinity;
  let svg = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const narrow = narrowed(spec, plots, width) as FigureSpec;
    svg = await renderSvg(narrow);
    const excess = svgWidth(svg) - width;
    const widest = Math.max(...plotWidths(narrow));
    if (excess <= 0 || widest <= LEAST) break;
    plots = Math.max(LEAST, Math.floor(widest - excess));
  }
  return svg;
}

/** The width of an SVG document, in pixels. */
export function svgWidth(svg: string): number {
  return Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? NaN);
}

/** The widths of the plots in a specification. */
function plotWidths(part: unknown): number[] {
  if (typeof part !== "object" || part === null) return [];
  const inner = Object.entries(part).flatMap(([key, value]) =>
    key === "data" ? [] : plotWidths(value)
  );
  return isPlot(part) ? [part.width, ...inner] : inner;
}

function isPlot(part: object): part is { width: number; height?: unknown } {
  return "width" in part && typeof part.width === "number" && ("layer" in part || "mark" in part);
}

/** A specification with plots of at most a given width, and with its parts stacked. */
function narrowed(part: unknown, plots: number, whole: number): unknown {
  if (Array.isArray(part)) return part.map((each) => narrowed(each, plots, whole));
  if (typeof part !== "object" || part === null) return part;
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(part)) {
    own[key] = key === "data" ? value : narrowed(value, plots, whole);
  }
  if ("concat" in own) own.columns = 1;
  if (isPlot(part)) {
    own.width = Math.min(part.width, plots);
    // A square stays a square.
    if (part.height === part.width) own.height = own.width;
  }
  if ("title" in own && ("layer" in own || "mark" in own || "concat" in own)) {
    own.title = inLines(own.title, (whole - PADDING) / TITLE_LETTER);
  }
  for (const channel of ["x", "y"]) {
    const axis = own[channel] as Record<string, unknown> | undefined;
    if (typeof axis !== "object" || axis === null || !("field" in axis)) continue;
    const room = channel === "x" ? Math.min(plots, whole) : whole;
    if (typeof axis.title === "string") axis.title = inLines(axis.title, room / LETTER);
    const more = axis.axis as Record<string, unknown> | null | undefined;
    if (more === null) continue;
    const labelLimit = Math.min(Number(more?.labelLimit ?? NAME), NAME);
    const tickCount = more?.tickCount === undefined
      ? undefined
      : Math.min(4, Number(more.tickCount));
    axis.axis = { ...more, labelLimit, tickCount };
  }
  if (typeof own.legend === "object" && own.legend !== null) {
    own.legend = { ...own.legend, ...BELOW };
  } else if (typeof own.config === "object" && own.config !== null) {
    const { legend } = own.config as Record<string, Record<string, unknown>>;
    own.config = { ...own.config, legend: { ...legend, ...BELOW, columns: 1 } };
  }
  return own;
}

/** Legends of a narrow figure. */
const BELOW = { orient: "bottom", titleOrient: "top", columns: 1, labelLimit: 290 } as const;

/** Breaks a title, or its text and subtitle, into lines of `letters` letters. */
function inLines(title: unknown, letters: number): unknown {
  if (typeof title === "string") {
    const lines: string[] = [];
    for (const word of title.split(" ")) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= letters) {
        lines[lines.length - 1] = `${last} ${word}`;
      } else lines.push(word);
    }
    return lines.length > 1 ? lines : title;
  }
  if (Array.isArray(title)) return title.flatMap((line) => inLines(line, letters));
  if (typeof title !== "object" || title === null) return title;
  const { text, subtitle, ...more } = title as Record<string, unknown>;
  // A subtitle has smaller letters.
  return {
    ...more,
    text: inLines(text, letters),
    subtitle: inLines(subtitle, letters * TITLE_LETTER / LETTER),
  };
}
