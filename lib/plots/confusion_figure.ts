import { figure, names, numbers, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** The look of the figure. */
export interface ConfusionFigureOptions {
  /** The title. Left out: "Confusion matrix". */
  readonly title?: string | undefined;
  /** The width and height of the matrix, in pixels. Left out: 30 per class, from 180 to 480. */
  readonly size?: number | undefined;
}

/** With more classes than this, there is no room for the counts in the cells. */
const MOST_COUNTS = 12;

/** The colour of the text in the cells. A dark page keeps it, because the cells keep their colours too. */
const ON_LIGHT = "#1a1a1a";
const ON_DARK = "#fefefe";

/**
 * Draws a confusion matrix: one row per true class, one column per predicted class. The colour of a cell
 * shows its share of the row; the number in it is the count.
 *
 * @param classes The names of the classes.
 * @param confusion classes × classes counts of rows, or sums of their weights.
 * @throws {RangeError} If there is no class, or a count is not finite.
 *
 * @example Usage
 * ```ts
 * import { confusionFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(confusionFigure(["no", "yes"], [[40, 2], [7, 31]]));
 * assert.match(svg, />31</);
 * ```
 */
export function confusionFigure(
  classes: readonly string[],
  confusion: readonly (readonly number[])[],
  options: ConfusionFigureOptions = {},
): FigureSpec {
  const size = options.size ?? Math.min(480, Math.max(180, 30 * classes.length));
  const { title = "Confusion matrix" } = options;
  requireDrawable(confusion.flat(), "a confusion matrix");
  const values = confusion.flatMap((own, c) => {
    const rows = own.reduce((sum, count) => sum + count, 0);
    return own.map((count, predicted) => ({
      true: classes[c],
      predicted: classes[predicted],
      count,
      percent: rows === 0 ? 0 : 100 * count / rows,
    }));
  });
  const axis = { labelLimit: 110, domain: false, ticks: false };
  const place = {
    x: names("predicted", {
      sort: null,
      title: "predicted class",
      axis: { ...axis, labelAngle: classes.length > 4 ? -40 : 0 },
    }),
    y: names("true", { sort: null, title: "true class", axis }),
  };
  const areWhole = confusion.flat().every(Number.isInteger);
  const counts = {
    mark: { type: "text", fontSize: 12 },
    encoding: {
      ...place,
      text: { field: "count", type: "quantitative", format: areWhole ? ",d" : ",.4~r" },
      color: { condition: { test: "datum.percent > 55", value: ON_DARK }, value: ON_LIGHT },
    },
  };
  return figure({
    title,
    width: size,
    height: size,
    data: { values },
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          ...place,
          color: numbers("percent", {
            title: ["% of the", "true class"],
            scale: { scheme: "blues", domain: [0, 100] },
            legend: { gradientLength: Math.min(160, size - 30) },
          }),
        },
      },
      ...classes.length > MOST_COUNTS ? [] : [counts],
    ],
  });
}
