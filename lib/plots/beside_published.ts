import { COLOURS, figure, INK, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A value of ours beside a published one. */
export interface BesidePublished {
  /** Whose values they are: a line of the figure. */
  readonly label: string;
  /** Ours; `null` where there is none. */
  readonly ours: number | null;
  /** The ends of its interval; `null` where there is none. */
  readonly low: number | null;
  /** The upper end. */
  readonly high: number | null;
  /** The published value; `null` where there is none. */
  readonly published: number | null;
}

/**
 * Values with intervals beside published ones, a line each, in the order given: ours as points with
 * bars, the published ones as open diamonds.
 *
 * @param quantity The title of the axis.
 * @param title The title of the figure.
 * @throws {RangeError} If there is no value, or one is not finite.
 *
 * @example Usage
 * ```ts
 * import { besidePublished, renderSvg } from "@sparsemble/sparsemble/plots";
 * import assert from "node:assert/strict";
 *
 * const row = { label: "FD-TSE", ours: 74.1, low: 73.5, high: 74.7, published: 73.4 };
 * assert.match(await renderSvg(besidePublished([row], "accuracy [%]")), />FD-TSE</);
 * ```
 */
export function besidePublished(
  rows: readonly BesidePublished[],
  quantity: string,
  title: string = "Ours beside the paper",
): FigureSpec {
  const marks = rows.flatMap(({ label, ours, published }) => [
    ...ours === null ? [] : [{ label, value: ours, source: "ours" }],
    ...published === null ? [] : [{ label, value: published, source: "paper" }],
  ]);
  requireDrawable(marks.map(({ value }) => value), "values beside published ones");
  const bars = rows.filter(({ low, high }) => low !== null && high !== null);
  const y = {
    field: "label",
    type: "nominal",
    sort: null,
    scale: { domain: rows.map(({ label }) => label) },
    title: null,
    axis: { grid: true, ticks: false, domain: false, labelLimit: 0 },
  };
  const x = { type: "quantitative", scale: { zero: false, padding: 12 }, title: quantity };
  const sources = { domain: ["ours", "paper"], range: [COLOURS[0], INK.text] };
  return figure({
    title,
    width: 420,
    height: { step: 22 },
    layer: [
      ...bars.length === 0 ? [] : [{
        data: { values: bars },
        mark: { type: "rule", strokeWidth: 2, color: COLOURS[0] },
        encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
      }],
      {
        data: { values: marks },
        mark: { type: "point", size: 60, strokeWidth: 1.8 },
        encoding: {
          y,
          x: { ...x, field: "value" },
          color: { field: "source", type: "nominal", title: null, scale: sources },
          shape: {
            field: "source",
            type: "nominal",
            title: null,
            scale: { domain: ["ours", "paper"], range: ["circle", "diamond"] },
          },
        },
      },
    ],
  });
}
