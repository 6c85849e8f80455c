import { COLOURS, figure, INK, layer, names, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** A value of ours and a published one. */
export interface BesidePublished {
  /** The name of the line, such as a method. */
  readonly label: string;
  /** Ours; `null` where there is none. */
  readonly ours: number | null;
  /** The lower end of its interval; `null` where there is none. */
  readonly low: number | null;
  /** The upper end. */
  readonly high: number | null;
  /** The published value; `null` where there is none. */
  readonly published: number | null;
}

/**
 * Draws our values beside published values, one line per row. Ours are points with bars for their
 * intervals. The published values are diamonds.
 *
 * @param quantity The title of the axis.
 * @param title The title of the figure.
 * @throws {RangeError} If there is no value, or a value is not finite.
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
  const look = (range: readonly string[]) =>
    names("source", { scale: { domain: ["ours", "paper"], range } });
  const lines = layer(
    bars,
    { type: "rule", strokeWidth: 2, color: COLOURS[0] },
    { y, x: { ...x, field: "low" }, x2: { field: "high" } },
  );
  const points = layer(marks, { type: "point", size: 60, strokeWidth: 1.8 }, {
    y,
    x: { ...x, field: "value" },
    color: look([COLOURS[0], INK.text]),
    shape: look(["circle", "diamond"]),
  });
  return figure({
    title,
    width: 420,
    height: { step: 22 },
    layer: bars.length === 0 ? [points] : [lines, points],
  });
}
