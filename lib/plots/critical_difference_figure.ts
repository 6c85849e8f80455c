import { COLOURS, figure, INK, layer, numbers, requireDrawable } from "./figure_style.ts";
import type { FigureSpec } from "./render.ts";

/** The result of `friedman` and `nemenyi`. */
export interface RankComparison {
  /** The methods' names. */
  readonly methods: readonly string[];
  /** One per method: its mean rank. A method that is always the best has rank 1. */
  readonly meanRanks: readonly number[];
  /** Two methods differ if their mean ranks are further apart than this. */
  readonly criticalDifference: number;
  /** Sets of methods that are not shown to differ, by number; a bar joins each set. */
  readonly groups: readonly (readonly number[])[];
}

/** The look of the figure. */
export interface CriticalDifferenceFigureOptions {
  /** The title. Left out: "Mean ranks; a bar joins methods not shown to differ". */
  readonly title?: string | undefined;
  /**
   * The width of the axis of ranks, in pixels; names stand to its left and right. Left out: 420.
   */
  readonly width?: number | undefined;
}

const TITLE = "Mean ranks; a bar joins methods not shown to differ";

/** A title with the test, its level, and the number of data sets. */
export function ranksTitle(datasets: number): string {
  return `${TITLE} (Nemenyi, α = 0.05, ${datasets} sets)`;
}

/** Distances in pixels: between names, between bars, from the axis to the first bar. */
const ROW = 22;
const BAR = 9;
const TOP = 12;

/**
 * Draws a critical-difference diagram: Demšar, "Statistical comparisons of classifiers over multiple
 * data sets" (2006). Methods stand at their mean ranks, the best at the left. Bars join methods that
 * the test cannot tell apart. The bracket above is as long as the critical difference.
 *
 * @throws {TypeError} If the numbers of methods and ranks differ.
 * @throws {RangeError} If there is no method, or a rank is not finite.
 *
 * @example Usage
 * ```ts
 * import { criticalDifferenceFigure, renderSvg } from "@sparsemble/sparsemble/plots";
 * import { nemenyi } from "@sparsemble/sparsemble/statistics";
 * import assert from "node:assert/strict";
 *
 * // Demšar's table 6: C4.5 and its variants on 14 datasets.
 * const methods = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"];
 * const meanRanks = [3.143, 2.000, 2.893, 1.964];
 * const { criticalDifference, groups } = nemenyi(meanRanks, 14, 0.9);
 * const spec = criticalDifferenceFigure({ methods, meanRanks, criticalDifference, groups });
 * assert.match(await renderSvg(spec), />critical difference 1.12</);
 * ```
 */
export function criticalDifferenceFigure(
  comparison: RankComparison,
  options: CriticalDifferenceFigureOptions = {},
): FigureSpec {
  const { methods, meanRanks, criticalDifference, groups } = comparison;
  const { title = TITLE, width = 420 } = options;
  if (methods.length !== meanRanks.length) {
    throw new TypeError(
      `Cannot draw mean ranks: found ${methods.length} methods and ${meanRanks.length} ranks, ` +
        `need equally many`,
    );
  }
  requireDrawable([...meanRanks, criticalDifference], "mean ranks");
  const count = methods.length;
  const order = methods.map((_, method) => method).sort((a, b) => meanRanks[a] - meanRanks[b]);
  const left = Math.ceil(count / 2);
  const below = TOP + groups.length * BAR + 14;
  const height = below + ROW * (left - 1) + 6;

  const lines = order.flatMap((method, place) => {
    const onLeft = place < left;
    const level = below + ROW * (onLeft ? place : count - 1 - place);
    const rank = meanRanks[method];
    const line = { method, onLeft };
    return [
      { ...line, rank, level: 0, point: 0 },
      { ...line, rank, level, point: 1 },
      { ...line, rank: onLeft ? 1 : count, level, point: 2 },
    ];
  });
  const names = lines.filter(({ point }) => point === 2).map((end) => ({
    ...end,
    label: `${methods[end.method]} (${meanRanks[end.method].toFixed(2)})`,
  }));
  const bars = groups.map((group, bar) => {
    const ranks = group.map((method) => meanRanks[method]);
    const [from, to] = [Math.min(...ranks) - 0.04, Math.max(...ranks) + 0.04];
    return { from, to, level: TOP + bar * BAR };
  });
  // The bracket begins at rank 1 and may be longer than the axis.
  const bracket = { from: 1, to: 1 + criticalDifference, middle: 1 + criticalDifference / 2 };

  const x = numbers("rank", {
    title: null,
    scale: { domain: [1, count], nice: false, zero: false },
    axis: {
      orient: "top",
      grid: false,
      values: Array.from({ length: count }, (_, i) => i + 1),
      format: "d",
      tickSize: 6,
      labelFlush: false,
    },
  });
  const y = numbers("level", {
    scale: { domain: [0, height], range: [0, height], nice: false, zero: false },
    axis: null,
  });
  const span = { x: { ...x, field: "from" }, x2: { field: "to" } };
  const thin = { type: "rule", strokeWidth: 1.5, color: INK.text };
  const nameMark = { type: "text", fontSize: 12, color: INK.text, baseline: "middle" };
  const named = { x, y, text: { field: "label", type: "nominal" } };
  const joins = { type: "rule", strokeWidth: 5, strokeCap: "butt", color: COLOURS[0] };
  const text = { value: `critical difference ${criticalDifference.toFixed(2)}` };
  return figure({
    title: { text: title, offset: 32 },
    width,
    height,
    layer: [
      layer(lines, { type: "line", color: INK.faint, strokeWidth: 1.2 }, {
        x,
        y,
        detail: { field: "method", type: "nominal" },
        order: { field: "point", type: "quantitative" },
      }),
      layer(names.filter(({ onLeft }) => onLeft), { ...nameMark, align: "right", dx: -6 }, named),
      layer(names.filter(({ onLeft }) => !onLeft), { ...nameMark, align: "left", dx: 6 }, named),
      ...bars.length === 0 ? [] : [layer(bars, joins, { ...span, y })],
      layer([bracket], thin, { ...span, y: { value: -40 } }),
      layer([{ rank: bracket.from }, { rank: bracket.to }], thin, {
        x,
        y: { value: -44 },
        y2: { value: -36 },
      }),
      layer([bracket], { type: "text", baseline: "bottom", color: INK.text, fontSize: 12 }, {
        x: { ...x, field: "middle" },
        y: { value: -45 },
        text,
      }),
    ],
  });
}
