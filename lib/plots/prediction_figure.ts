import {
  COLOURS,
  figure,
  INK,
  layer,
  numbers,
  panelTitle,
  requireDrawable,
} from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** The look of the figure. */
export interface PredictionFigureOptions {
  /** The title. Left out: "Predicted and true numbers". */
  readonly title?: string | undefined;
  /** The name of the numbers, such as the target's, with their unit. Left out: none. */
  readonly quantity?: string | undefined;
  /** The width and height of a panel, in pixels. Left out: 250. */
  readonly size?: number | undefined;
}

/**
 * Draws predicted numbers. On the left, the predicted number is plotted against the true one. On the right,
 * the residual (true − predicted) is plotted against the predicted number. Perfect predictions are on the
 * dashed lines.
 *
 * @param rows Pairs of the true and the predicted number.
 * @throws {RangeError} If there is no row, or a number is not finite.
 *
 * @example Usage
 * ```ts
 * import { predictionFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg(predictionFigure([[1, 1.2], [2, 1.9], [3, 3.3]]));
 * assert.match(svg, />true less predicted</);
 * ```
 */
export function predictionFigure(
  rows: readonly (readonly [target: number, predicted: number])[],
  options: PredictionFigureOptions = {},
): FigureSpec {
  const { title = "Predicted and true numbers", quantity, size = 250 } = options;
  requireDrawable(rows.flat(), "predicted numbers");
  const values = rows.map(([target, predicted]) => ({
    target,
    predicted,
    residual: target - predicted,
  }));
  // There may be more rows than a function may have arguments.
  const ends = rows.flat().reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  const named = (text: string) => quantity === undefined ? text : `${text} ${quantity}`;
  const axis = { grid: true, tickCount: 5 };
  const scale = { zero: false, nice: true };
  const mark = { type: "point", filled: true, size: 22, opacity: 0.6, color: COLOURS[0] };
  const line = { type: "line", strokeDash: [4, 3], strokeWidth: 1.4, color: INK.faint };
  const target = numbers("target", { title: named("true"), scale, axis });
  const predicted = numbers("predicted", { title: named("predicted"), scale, axis });
  const residual = numbers("residual", { title: "true less predicted", scale, axis });
  return figure({
    title,
    columns: 2,
    concat: [
      {
        title: panelTitle("Predicted against true"),
        width: size,
        height: size,
        layer: [
          layer(ends.map((end) => ({ target: end, predicted: end })), line, {
            x: target,
            y: predicted,
          }),
          layer(values, mark, { x: target, y: predicted }),
        ],
      },
      {
        title: panelTitle("Residuals"),
        width: size,
        height: size,
        layer: [
          layer([{ residual: 0 }], { ...line, type: "rule" }, { y: residual }),
          layer(values, mark, { x: predicted, y: residual }),
        ],
      },
    ],
  });
}
