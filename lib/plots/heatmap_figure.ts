import { figure, INK, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A table of topological distances: a panel. */
export interface HeatmapPanel {
  /** The panel's title, such as the method's name. */
  readonly title: string;
  /** The distances, by row and column. */
  readonly distances: readonly (readonly number[])[];
}

/** The look of the figure. */
export interface HeatmapFigureOptions {
  /** The title. Left out: "Topological distance (NNSTD)". */
  readonly title?: string | undefined;
  /** The title of the rows. Left out: "re-initialised network". */
  readonly rows?: string | undefined;
  /** The title of the columns. Left out: "trained network". */
  readonly columns?: string | undefined;
  /**
   * The distances at the two ends of the colour scale of all panels; `"panel"` gives each panel its own
   * scale. Left out: the range of all distances.
   */
  readonly domain?: readonly [number, number] | "panel" | undefined;
  /** Panels side by side. Left out: 2. */
  readonly across?: number | undefined;
  /** The width and height of a panel, in pixels. Left out: 250. */
  readonly size?: number | undefined;
}

/**
 * Draws Fig. 4 of the paper: topological distances as heatmaps, one panel per method. Dark cells are small
 * distances, light cells large ones (Viridis). The legend shows the scale; the title of every panel states
 * the range of its values.
 *
 * @throws {RangeError} If there is no panel, a panel has no distance, or a distance is not finite.
 *
 * @example Usage
 * ```ts
 * import { heatmapFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const spec = heatmapFigure([{ title: "FD-TSE", distances: [[0.97, 0.98], [0.98, 0.96]] }]);
 * assert.match(await renderSvg(spec), />w1</);
 * ```
 */
export function heatmapFigure(
  panels: readonly HeatmapPanel[],
  options: HeatmapFigureOptions = {},
): FigureSpec {
  const {
    title = "Topological distance (NNSTD)",
    rows = "re-initialised network",
    columns = "trained network",
    domain,
    across = 2,
    size = 250,
  } = options;
  requireDrawable(panels.flatMap(({ distances }) => distances.flat()), "a heatmap of distances");
  for (const { title, distances } of panels) {
    requireDrawable(distances.flat(), `the heatmap of ${title}`);
  }
  const shared = domain === "panel"
    ? null
    : domain ?? rangeOf(panels.flatMap(({ distances }) => distances.flat()));
  return figure({
    title,
    columns: Math.min(across, panels.length),
    concat: panels.map((panel) => drawPanel(panel, shared, { rows, columns, size })),
    resolve: { scale: { color: shared === null ? "independent" : "shared" } },
  });
}

function rangeOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function drawPanel(
  { title, distances }: HeatmapPanel,
  shared: readonly [number, number] | null,
  { rows, columns, size }: { rows: string; columns: string; size: number },
): FigureSpec {
  const own = rangeOf(distances.flat());
  const values = distances.flatMap((row, r) =>
    row.map((distance, c) => ({ row: `w${r}`, column: `w${c}`, distance }))
  );
  return {
    title: {
      text: title,
      subtitle: `${own[0].toFixed(3)} to ${own[1].toFixed(3)}`,
      fontSize: 13,
      subtitleFontSize: 12,
      subtitleColor: INK.text,
      offset: 6,
    },
    width: size,
    height: size,
    data: { values },
    mark: { type: "rect" },
    encoding: {
      x: { field: "column", type: "ordinal", sort: null, title: columns },
      y: { field: "row", type: "ordinal", sort: null, title: rows },
      color: {
        field: "distance",
        type: "quantitative",
        title: ["NNSTD", "0 identical,", "1 nothing", "in common"],
        scale: { scheme: "viridis", domain: shared ?? own },
        legend: { format: ".3f", gradientLength: 160 },
      },
    },
  };
}
